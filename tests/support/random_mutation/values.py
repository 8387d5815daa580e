"""Values of every type PostgreSQL has, as text that its input functions take: the hard ones of each type, and random ones between them."""

import json
import uuid


class Nothing(Exception):
    """There is nothing here that this could be done to, no value of this type that could be made up."""


WORDS = ["", " ", "  ", "x", "X", "NULL", "null", "\\N", "\\.", "a'b\"c", "tab\there", "line\nbreak", "carriage\rreturn", "\r\n", "back\\slash", "\\", "\\\\", "trailing ",
         "\x01\x02\x1f\x7f", "\b\f\v", "ÄÖ€ 李 🙂", "é", "e\u0301", "ß", "SS", "ss", "I", "i", "ı", "İ", "\u200d\ufeff\u2028", "שלום", "%s {,} $1 $$ :name", "{}", "()", "(,)", "[,)",
         "a", "A", "b", "B", "-", "_a", "a-b", "ab", "a b", "co-op", "coop", "CO-OP", "10", "9", "09", "1e1", "z", "Z", "\U0010ffff"]


def text(r, small=False):
    chance = r.random()
    if chance < 0.55:
        return r.choice(WORDS)
    if chance < 0.95 or small:
        return r.choice(["row %d" % r.randrange(10**6), "word%d" % r.randrange(50), "%s%d" % (r.choice(WORDS), r.randrange(1000)), "k%012d" % r.randrange(10**12)])
    if chance < 0.985:
        return r.choice(["A" * 3000, "ÄÖ" * 1500, r.randbytes(1500).hex()])
    return r.choice(["z" * 100000, r.randbytes(40000).hex(), "line\n" * 15000])


def integer(low, high):
    def make(r, small):
        return str(r.choice([0, 1, -1, low, low + 1, high, high - 1, r.randrange(100), r.randrange(100), r.randrange(-1000, 1000), r.randint(low, high), r.randint(low, high)]))
    return make


def numeric(r, small, typmod=-1):
    if typmod >= 0:
        precision, scale = (typmod - 4) >> 16 & 0xffff, ((typmod - 4) & 0x7ff ^ 1024) - 1024
        most = 10 ** precision - 1
        digits = r.choice([0, most, -most, r.randint(-most, most), r.randint(-most, most), r.randrange(min(most, 50) + 1)])
        return r.choice(["NaN", "%de%d" % (digits, -scale)]) if r.random() < 0.1 else "%de%d" % (digits, -scale)
    return r.choice(["0", "0.00", "1", "1.0", "1.00", "-1.50", "1.5", "NaN", "Infinity", "-Infinity", "1e-60", "-0.000000000000000000000001", "9" * 40, "1e200", "100", "1e2",
                     "%d.%02d" % (r.randrange(1000), r.randrange(100)), "%d.%03d" % (r.randrange(-1000, 1000), r.randrange(100) * 10), str(r.randrange(-50, 50))])


def real(r, small):
    return r.choice(["0", "-0", "NaN", "Infinity", "-Infinity", "1e-45", "3.4028235e38", "0.1", "1", "-1", "16777216", repr(r.random()), str(r.randrange(100)), repr(r.uniform(-1e6, 1e6))])


def double(r, small):
    return r.choice(["0", "-0", "NaN", "Infinity", "-Infinity", "4.9e-324", "1.7976931348623157e308", "0.1", "0.30000000000000004", "1", "-1", repr(r.random()),
                     str(r.randrange(100)), repr(r.uniform(-1e12, 1e12))])


def date(r, small):
    return r.choice(["infinity", "-infinity", "4713-01-01 BC", "5874897-12-31", "0001-01-01 BC", "0001-01-01", "2000-02-29", "1970-01-01", "1582-10-10",
                     day(r), day(r), day(r), day(r)])


def day(r):
    return "20%02d-%02d-%02d" % (r.randrange(10, 30), r.randrange(1, 13), r.randrange(1, 29))


def clock(r):
    return r.choice(["00:00:00", "24:00:00", "23:59:59.999999", "12:30:00.1", "%02d:%02d:%02d" % (r.randrange(24), r.randrange(60), r.randrange(60)), "0%d:00:00.%06d" % (r.randrange(10), r.randrange(10**6))])


def timestamp(zone):
    def make(r, small):
        hard = ["infinity", "-infinity", "4713-01-01 00:00:00 BC", "294276-12-31 23:59:59", "1970-01-01 00:00:00", "2000-01-01 00:00:00.000001", "2025-03-30 02:30:00"]
        made = day(r) + " " + clock(r).replace("24:", "23:") + (r.choice(["", "+02", "-11:30", "+00"]) if zone else "")
        return r.choice(hard) if r.random() < 0.3 else made
    return make


def interval(r, small):
    return r.choice(["0", "1 day", "24 hours", "1 mon", "30 days", "720:00:00", "-3 hours 2 sec", "1 mon -1 day", "-1 mon +30 days", "1 year", "12 mons", "360 days", "00:00:00.000001",
                     "-178000000 years", "178000000 years", "%d days %d:%02d:00" % (r.randrange(-40, 40), r.randrange(30), r.randrange(60)), "%d sec" % r.randrange(-10**6, 10**6)])


def bits(r, small):
    return r.choice(["", "0", "1", "00000000", "11111111", "{:b}".format(r.getrandbits(r.randrange(1, 70)))])


def number(r):
    return r.choice(["0", "-0", "1", "-1.5", "0.1", "1e-7", "1e20", "Infinity", "NaN", str(r.randrange(10)), repr(r.uniform(-9, 9))])


def finite(r):
    return r.choice(["0", "1", "-1.5", "0.1", "1e5", str(r.randrange(10))])


def point(r, make=number):
    return "(%s,%s)" % (make(r), make(r))


def points(r):
    return ",".join(point(r) for _ in range(r.randrange(1, 4)))


def network(r):
    return r.choice(["0.0.0.0/0", "10.%d.0.0/16" % r.randrange(256), "192.168.1.0/24", "255.255.255.255/32", "::/0", "::1/128", "2001:db8::/32", "10.0.%d.0/24" % r.randrange(99), "10.1.2.3"])


def address(r):
    return r.choice(["10.0.0.1/8", "10.0.0.1", "10.0.0.1/24", "::ffff:1.2.3.4", "fe80::1/64", network(r), network(r)])


def document(r, depth=0):
    if depth > 2 or r.random() < 0.6:
        return r.choice(["null", "true", "0", "-0", "1.0", "1.00", "1", "1e3", "123456789012345678901234567890.5", '""', '"\\u00e4"', '"a\\nb\\"c\\\\"', '"%d"' % r.randrange(99), "[]", "{}"])
    if r.random() < 0.5:
        return "[%s]" % ", ".join(document(r, depth + 1) for _ in range(r.randrange(4)))
    return "{%s}" % ", ".join("%s: %s" % (json.dumps(r.choice(["a", "b", "b", "A", "", "a b", "ä", "'"])), document(r, depth + 1)) for _ in range(r.randrange(4)))


def json_text(r, small):
    return r.choice(['{"b": 1, "a": 2, "b": 3}', '{"a":1}', '{ "a" : 1 }', '[1,\n 2]', document(r), document(r), document(r)])


def jsonb_text(r, small):
    if not small and r.random() < 0.02:
        return json.dumps({"k%d" % i: "v" * 20 for i in range(2500)})
    return document(r)


def xml(r, small):
    return r.choice(["<a/>", "<a b='%d'/>" % r.randrange(10), "<a></a>", "text", "", " ", "<a>&lt;&#228;</a>", '<?xml version="1.0"?><a/>', '<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>',
                     "<a/><b/>", "<!-- c --><a\n/>", "<p:a xmlns:p='u'>ä</p:a>"])


def label(r):
    return ".".join(r.choice(["a", "b", "C", "Top", "x_%d" % r.randrange(9)]) for _ in range(r.randrange(4)))


def pairs(r):
    return ", ".join('"%s"=>%s' % (r.choice(["a", "b", "c d", "", "ä"]), r.choice(["NULL", '"NULL"', '""', '"%d"' % r.randrange(9), '"x\\"y"'])) for _ in range(r.randrange(4)))


def of(*choices):
    return lambda r, small: r.choice(choices)


def binary(r, small):
    if not small and r.random() < 0.02:
        return "\\x" + r.choice([r.randbytes(60000), b"\0" * 100000]).hex()
    return "\\x" + r.choice([b"", b"\0", b"\\", b"\xff\xfe", b"'\n\t", r.randbytes(r.randrange(1, 20)), r.randbytes(4)]).hex()


# By the name in pg_type; each takes the random source and whether the value must be small enough for an index.
SCALARS = {
    "int2": integer(-2**15, 2**15 - 1), "int4": integer(-2**31, 2**31 - 1), "int8": integer(-2**63, 2**63 - 1), "oid": integer(0, 2**32 - 1), "xid": integer(0, 2**32 - 1),
    "cid": integer(0, 2**32 - 1), "xid8": integer(0, 2**64 - 1), "float4": real, "float8": double, "bool": of("t", "f"), "text": text, "varchar": text, "bpchar": text, "citext": text,
    "name": lambda r, small: text(r, True)[:15], "char": lambda r, small: r.choice(["", " ", "a", "Z", "\\", "\\377", "\\001", "'", "\n", chr(97 + r.randrange(26))]), "refcursor": lambda r, small: text(r, True),
    "bytea": binary, "date": date, "time": lambda r, small: clock(r), "timetz": lambda r, small: clock(r) + r.choice(["+00", "+02", "-15:59:59", "+15:59", "-01"]),
    "timestamp": timestamp(False), "timestamptz": timestamp(True), "interval": interval,
    "money": lambda r, small: r.choice(["0", "-92233720368547758.08", "92233720368547758.07", "-0.01", "%d.%02d" % (r.randrange(1000), r.randrange(100))]),
    "uuid": lambda r, small: r.choice(["0" * 32, "f" * 32, "%032d" % r.randrange(99)] + [str(uuid.UUID(int=r.getrandbits(128)))] * 3),
    "json": json_text, "jsonb": jsonb_text, "jsonpath": of("$", "$.a[*] ? (@ > 1)", "strict $.\"a b\"", "$.a.size()", "$[0 to last]"), "xml": xml,
    "inet": lambda r, small: address(r), "cidr": lambda r, small: network(r),
    "macaddr": lambda r, small: r.choice(["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "08:00:2b:01:02:%02x" % r.randrange(256)]),
    "macaddr8": lambda r, small: r.choice(["00:00:00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff:ff:ff", "08:00:2b:01:02:03:04:%02x" % r.randrange(256)]),
    "bit": bits, "varbit": bits, "point": lambda r, small: point(r), "lseg": lambda r, small: "[%s,%s]" % (point(r), point(r)), "box": lambda r, small: "%s,%s" % (point(r), point(r)),
    "line": of("{1,2,3}", "{-1,0,0}", "{0,-1,0.1}", "{1,-1,-0}"), "path": lambda r, small: r.choice(["[%s]", "(%s)"]) % points(r), "polygon": lambda r, small: "(%s)" % points(r),
    "circle": lambda r, small: "<%s,%d>" % (point(r), r.randrange(5)),
    "tsvector": of("", "'a':1A 'b':2,3B", "'a' 'b'", "'it''s'", "'ä':1"), "tsquery": of("", "'a'", "'a' & 'b'", "!'a' | 'b':*A", "'a' <-> 'b'"),
    "pg_lsn": of("0/0", "FFFFFFFF/FFFFFFFF", "16/B374D848", "0/1"), "pg_snapshot": of("10:20:10,14,15", "1:1:", "5:9:7"), "txid_snapshot": of("10:20:10,14,15", "1:1:"),
    "tid": lambda r, small: r.choice(["(0,0)", "(4294967295,65535)", "(%d,1)" % r.randrange(50)]), "int2vector": of("", "1 2 3", "-1"), "oidvector": of("", "1 2 3", "4294967295"),
    "regtype": of("integer", "text", "pg_class", "-"), "regclass": of("pg_class", "pg_type", "-"), "regproc": of("pg_sleep", "-"), "regprocedure": of("abs(integer)", "lower(text)", "-"),
    "regoper": of("||/", "0"), "regoperator": of("+(integer,integer)", "0"), "regrole": of("postgres", "-"), "regnamespace": of("pg_catalog", "public"),
    "regconfig": of("english", "simple"), "regdictionary": of("simple"), "regcollation": of('"C"', '"POSIX"'), "aclitem": of("postgres=r/postgres", "=r*/postgres"),
    "hstore": lambda r, small: pairs(r), "ltree": lambda r, small: label(r), "lquery": of("*", "*.a.*", "a|b.*{1,2}"), "ltxtquery": of("a & b", "a* | !b"),
    "cube": of("(0)", "(1,2)", "(1,2),(3,4)", "(-0,0.1),(1,1)", "()"), "seg": of("1", "1 .. 2", "~1.0", "1.00", "1 ..", "<5"), "isbn": of("0-393-04002-X"),
}

# What can be put in order here, so that both ends of a range can be made up.
ORDERED = {"int2", "int4", "int8", "numeric", "float4", "float8", "date", "timestamp", "timestamptz"}


def in_order(r, name, typmod):
    if name.startswith("int"):
        ends = sorted(r.choice([r.randrange(-50, 50), r.randrange(10**4), 2**15 - 2]) for _ in range(2))
        return [str(e) for e in ends]
    if name in ("numeric", "float4", "float8"):
        return ["%.*f" % (r.randrange(4), e) for e in sorted(r.uniform(-9, 9) for _ in range(2))]
    return sorted([day(r), day(r)])


def quoted(value, delimiter):
    """A member of an array, composite or range literal."""
    if delimiter == "array":
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return '"' + value.replace("\\", "\\\\").replace('"', '""') + '"'


def array(session, type, r, small, depth):
    element = session.type(type.element)
    delimiter = ";" if element.name == "box" else ","

    def items(count, levels):
        if levels == 0:
            members = [make(session, type.element, -1, small, depth + 1) if r.random() < 0.85 else None for _ in range(count)]
            return "{%s}" % delimiter.join("NULL" if m is None else quoted(m, "array") for m in members)
        return "{%s}" % delimiter.join(items(count, levels - 1) for _ in range(2))
    if r.random() < 0.2:
        return "{}"
    count, levels = r.randrange(1, 4), r.choice([0, 0, 0, 0, 1, 2])
    literal = items(count, levels)
    if r.random() < 0.15:
        low = r.choice([0, -2, 5])
        literal = "[%d:%d]%s=%s" % (low, low + (count if levels == 0 else 2) - 1, ("[1:2]" * (levels - 1) + "[3:%d]" % (count + 2)) if levels else "", literal)
    return literal


def composite(session, type, r, small, depth):
    members = []
    for attribute, typmod in session.attributes(type.relation):
        members.append("" if r.random() < 0.15 else quoted(make(session, attribute, typmod, small, depth + 1), "row"))
    return "(%s)" % ",".join(members)


def range_(session, type, r, small, depth, subtype=None):
    if r.random() < 0.1:
        return "empty"
    subtype = session.type(subtype or type.subtype)
    if subtype.name in ORDERED:
        low, high = in_order(r, subtype.name, -1)
    else:
        low = high = make(session, subtype.oid, -1, small, depth + 1)
    shape = r.choice(["[%s,%s]", "[%s,%s)", "(%s,%s]", "[%s,)", "(,%s)", "(,)"])
    if low == high:
        shape = r.choice(["[%s,%s]", "[%s,)", "(,%s)"])
    ends = {2: (low, high), 1: (low,), 0: ()}[shape.count("%s")]
    return shape % tuple(quoted(e, "row") for e in ends)


def make(session, oid, typmod=-1, small=False, depth=0):
    """A value of a type, as text. The session tells what the type is and has the random source."""
    r, type = session.random, session.type(oid)
    if depth > 6:
        raise Nothing
    if type.kind == "d":
        return make(session, type.base, type.typmod, small, depth + 1)
    if type.kind == "e":
        labels = session.labels(oid)
        if not labels:
            raise Nothing
        return r.choice(labels)
    if type.kind == "c":
        return composite(session, type, r, small, depth)
    if type.kind == "r":
        return range_(session, type, r, small, depth)
    if type.kind == "m":
        return "{%s}" % ",".join(range_(session, type, r, small, depth) for _ in range(r.randrange(3)))
    if type.name == "numeric":
        return numeric(r, small, typmod)
    if type.name in SCALARS:
        return SCALARS[type.name](r, small or depth > 0)
    if type.element:
        return array(session, type, r, small, depth)
    raise Nothing
