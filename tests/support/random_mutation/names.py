"""Names that quoting has to survive."""

from support.cluster import quote_ident

HOSTILE = ['a b', 'quo"te', "apo'strophe", 'dot.ted', 'back\\slash', '\\!', '\\i x', ':name', ":'name'", '$1', '$$', '$tag$', '%s', '%', '%1$I', 'UPPER', 'Mixed Case', 'select', 'table', 'user', 'all', 'order',
           'ünïcode', '李🙂', ' ', ' leading', 'trailing ', '-- x', '/* x', '*/', '{}', 'a,b', '(x)', 'a;b', 'tab\there', 'new\nline', '\r', '"', "'", '""', '1st', '-', '*', '?', '[a]', '@', '#', '&', 'E', 'null', 'ctid ',
           'x' * 63, 'Y ' * 31, 'é' * 31, '\U0001f642' * 15, 'a=b', 'public.t', 'tableoid ', 'key', 'value', 't', 'm', 's', 'id', 'old', 'new', 'row', 'excluded', 'source', 'before', 'count']
PLAIN = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]


class Names:
    """Names for one seed: hostile ones as often as `share` says, no name twice."""

    def __init__(self, random, share):
        self.random, self.share, self.used = random, share, set()

    def raw(self, hint):
        while True:
            name = self.random.choice(HOSTILE) if self.random.random() < self.share else "%s_%s" % (hint, self.random.choice(PLAIN))
            if name in self.used:
                name = cut(name, 60) + str(len(self.used))
            if name not in self.used:
                self.used.add(name)
                return name

    def __call__(self, hint):
        return quote_ident(self.raw(hint))


def cut(name, size):
    """The first `size` bytes of a name, no character cut in two."""
    return name.encode()[:size].decode(errors="ignore")
