"""Random tables: columns of any type, keys of every kind, partitions, inheritance; their rows, indexes and foreign keys."""

from support.random_mutation import builder, column_types
from support.random_mutation.values import Nothing

class Definition:
    """A table to be: its columns as [name, type, clauses], the table's own clauses, and statements that come after it."""

    def __init__(self, name):
        self.name, self.columns, self.clauses, self.after = name, [], [], []

    def sql(self, order, rest=""):
        return "CREATE TABLE %s (%s)%s" % (self.name, ", ".join([" ".join(c) for c in order] + self.clauses), rest)


def add_columns(m, table, count):
    for _ in range(count):
        clauses = m.random.choice(["", "", "", "", "NOT NULL"])
        table.columns.append([m.name("c"), column_types.any_type(m), clauses])
    if m.chance(0.2):
        base = m.name("g")
        table.columns.append([base, "integer", ""])
        table.columns.append([m.name("g"), *m.random.choice([("bigint", "GENERATED ALWAYS AS (%s::bigint * 2) STORED" % base), ("text", "GENERATED ALWAYS AS ('<' || %s || '>') STORED" % base)])])
    if m.chance(0.15):
        column = m.random.choice(table.columns) if table.columns else None
        if column:
            table.clauses.append("CONSTRAINT %s CHECK (%s IS NULL OR pg_catalog.pg_column_size(%s) >= 0)" % (m.name("check"), column[0], column[0]))


def add_key(m, table):
    """A key of some kind, or none."""
    way = m.random.choice(["none", "none", "integer", "integer", "identity", "serial", "one", "one", "one", "several", "several", "not null", "identity index", "nullable", "deferrable", "full", "exclude"])
    names = [m.name("k") for _ in range({"several": m.random.randrange(2, 5)}.get(way, 1))]
    types = [column_types.key_type(m) for _ in names]
    bare = m.name("index")
    if way == "none":
        return
    if way in ("integer", "identity", "serial"):
        clauses = {"integer": "", "identity": "GENERATED %s AS IDENTITY" % m.random.choice(["ALWAYS", "BY DEFAULT"]), "serial": ""}[way]
        table.columns.insert(m.random.randrange(len(table.columns) + 1), [names[0], {"serial": "bigserial"}.get(way, m.random.choice(["integer", "bigint"])), clauses])
    else:
        for name, type in zip(names, types):
            table.columns.insert(m.random.randrange(len(table.columns) + 1), [name, type, "" if way == "nullable" or m.chance(0.2) and way in ("one", "several") else "NOT NULL"])
    columns = ", ".join(m.random.sample(names, len(names)))
    include = " INCLUDE (%s)" % m.random.choice(table.columns)[0] if m.chance(0.1) else ""
    if way in ("not null", "identity index", "nullable"):
        table.after.append("CREATE UNIQUE INDEX %s ON %s (%s)%s%s" % (bare, table.name, columns + m.random.choice(["", "", " DESC"]), include, m.random.choice(["", " NULLS NOT DISTINCT"])))
        if way == "identity index":
            table.after.append("ALTER TABLE %s REPLICA IDENTITY USING INDEX %s" % (table.name, bare))
    elif way == "exclude":
        table.clauses.append("EXCLUDE USING %s (%s)" % (m.random.choice(["btree", "hash"]), columns + " WITH ="))
    else:
        table.clauses.append("%sPRIMARY KEY (%s)%s%s" % (m.random.choice(["", "CONSTRAINT %s " % m.name("key")]), columns, include, " DEFERRABLE INITIALLY DEFERRED" if way == "deferrable" else ""))
        if way == "full":
            table.after.append("ALTER TABLE %s REPLICA IDENTITY FULL" % table.name)
    if m.chance(0.15):
        table.clauses.append("UNIQUE (%s)" % ", ".join(c[0] for c in m.sample(table.columns, 2)))


def add_reference_columns(m, table):
    """Columns of the types of another table's key, for a foreign key to come."""
    target = m.pick(t for t in m.relations("rp") if t.has_key)
    for column in m.columns(target):
        if column.in_key:
            table.columns.append([m.name("ref"), column.type, ""])


def create(m, table, rest="", before=()):
    """The stand-in's columns may stand in another order, with a gap where a column was dropped."""
    order = m.random.sample(table.columns, len(table.columns)) if m.chance(0.4) else table.columns
    other = [*before, table.sql(order, rest), *table.after]
    if m.chance(0.15):
        other.insert(len(before), table.sql([["dropped_since", "integer", ""], *order], rest))
        other[len(before) + 1] = "ALTER TABLE %s DROP COLUMN dropped_since" % table.name
    return m.step(*before, table.sql(table.columns, rest), *table.after, other=other)


def make(m, size):
    ways = [(plain, 10), (partitioned, 3), (inherited, 2), (bulk, 2), (wide, 0.4), (no_columns, 0.5), (typed, 0.5)]
    for _ in range(size):
        way, = m.random.choices([w for w, _ in ways], [s for _, s in ways])
        m.guarded(way)


def plain(m):
    table = Definition(m.new_name("table"))
    add_columns(m, table, m.random.choice([0, 1, 2, 2, 3, 4, 6, 9]))
    add_key(m, table)
    if m.chance(0.4):
        m.guarded(lambda m: add_reference_columns(m, table))
    create(m, table, m.random.choice(["", "", "", " WITH (fillfactor = 70)"]))
    if m.chance(0.06):
        m.step("ALTER TABLE %s SET UNLOGGED" % table.name)


def wide(m):
    table = Definition(m.new_name("wide"))
    count = m.random.choice([120, 300, 900])
    for n in range(count):
        table.columns.append(["w%d" % n, m.random.choice(["integer", "boolean", "smallint", "text", "date"]), ""])
    add_key(m, table)
    create(m, table)


def no_columns(m):
    m.step("CREATE TABLE %s ()" % m.new_name("nothing"))


def typed(m):
    m.step("CREATE TABLE %s OF %s" % (m.new_name("typed"), m.pick(m.own_types("c"))[1]))


def inherited(m):
    parents = []
    for n in range(m.random.randrange(2, 5)):
        table = Definition(m.new_name("child" if n else "parent"))
        add_columns(m, table, m.random.randrange(1, 4))
        if m.chance(0.7):
            add_key(m, table)
        inherits = m.sample(parents, m.random.choice([1, 1, 2])) if parents else []
        if create(m, table, " INHERITS (%s)" % ", ".join(inherits) if inherits else ""):
            parents.append(table.name)


# Rows in large numbers, by an expression over g: heaps of several slices

BULK_KEYS = [("integer", "g"), ("bigint", "g * 7919::bigint * 100003"), ("integer", "-g"), ("bigint", "9223372036854775807 - g"), ("bigint", "g / 100 * 1000000::bigint + g % 100"), ("integer", "-2147483648 + g"),
             ("text", "'k' || g"), ("text COLLATE pg_catalog.\"en-x-icu\"", "CASE WHEN g % 2 = 0 THEN 'A' ELSE 'a' END || g / 2"), ("uuid", "pg_catalog.md5(g::text)::uuid"), ("timestamptz", "timestamptz '2020-01-01 00:00+00' + g / 3 * interval '1 second' + g % 3 * interval '1 us'"),
             ("numeric", "g / 8.0"), ("date", "date '1900-01-01' + g"), ("varchar(40)", "pg_catalog.md5(g::text)"), ("smallint", "g - 1000"), ("bytea", "pg_catalog.decode(pg_catalog.md5(g::text), 'hex')"), ("integer[]", "ARRAY[g % 7, g]"),
             ("float8", "g / 3.0::float8"), ("oid", "(4294967295 - g)::oid"), ("char(12)", "'c' || g")]
BULK_COLUMNS = [("integer", "g % 5"), ("text", "pg_catalog.repeat('x', g % 40)"), ("numeric", "g / 7.0"), ("jsonb", "pg_catalog.jsonb_build_object('g', g)"), ("timestamp", "timestamp '2024-01-01' + g * interval '1 minute'"),
                ("text", "CASE WHEN g % 3 = 0 THEN NULL ELSE 'v' || g % 11 END"), ("boolean", "g % 2 = 0"), ("float8", "pg_catalog.sqrt(g)"), ("text[]", "ARRAY['a', (g % 4)::text]"), ("interval", "g * interval '1 hour'"),
                ("text", "CASE WHEN g % 997 = 0 THEN pg_catalog.repeat('toast', 3000) ELSE 'short' END")]


def bulk(m):
    table = Definition(m.new_name("bulk"))
    count = m.random.choice([1500, 3000, 6000])
    way = m.random.choice(["one", "one", "one", "skewed", "none", "few"])
    parts = []
    if way in ("one", "skewed"):
        if way == "skewed":
            parts.append((m.name("k"), *m.random.choice([("integer", "CASE WHEN g % 50 = 0 THEN g ELSE 7 END"), ("text", "CASE WHEN g % 3 = 0 THEN 'x' ELSE 'X' END"), ("boolean", "g % 2 = 0"), ("bigint", "-1")])))
        parts.append((m.name("k"), *m.random.choice(BULK_KEYS)))
        table.clauses.append("PRIMARY KEY (%s)" % ", ".join(p[0] for p in parts))
    for _ in range(m.random.randrange(1, 5)):
        parts.append((m.name("c"), *m.random.choice(BULK_COLUMNS)))
    if way == "few":
        parts = [(m.name("c"), "integer", "g % 3"), (m.name("c"), "text", "CASE WHEN g % 2 = 0 THEN NULL ELSE 'x' END")]
    table.columns = [[name, type, ""] for name, type, _ in parts]
    fill = "INSERT INTO %s (%s) SELECT %s FROM pg_catalog.generate_series(1, %d) g" % (table.name, ", ".join(p[0] for p in parts), ", ".join(p[2] for p in parts), count)
    if create(m, table):
        m.filled.add(m.table(table.name).oid)
        m.phase = builder.ROWS
        m.step(fill, other=[fill + " ORDER BY pg_catalog.hashint4(g)"])
        m.phase = builder.TABLES


# Partitions

RANGES = {"integer": ["-100", "0", "10", "50", "1000", "100000"], "date": ["'2010-01-01'", "'2015-06-01'", "'2020-02-29'", "'2024-01-01'", "'2030-01-01'"], "text": ["'a'", "'b'", "'k'", "'w'", "'z'"],
          "numeric": ["-10.5", "0", "1.00", "50"], "timestamptz": ["'2010-01-01 00:00+00'", "'2018-01-01 00:00+00'", "'2024-01-01 00:00+00'", "'2029-01-01 00:00+00'"]}
LISTS = {"text": ["'a'", "'b'", "'A'", "''", "'x'", "'it''s'", "NULL"], "integer": ["0", "1", "-1", "7", "42", "NULL"], "boolean": ["true", "false", "NULL"]}


def partitioned(m):
    table = Definition(m.new_name("parted"))
    levels = []
    for _ in range(m.random.choice([1, 1, 1, 2, 2, 3])):
        method = m.random.choice(["RANGE", "LIST", "HASH"])
        type = m.random.choice(list({"RANGE": RANGES, "LIST": LISTS}.get(method, {"integer": 0, "text": 0, "uuid": 0, "numeric": 0})))
        if type == "text" and method == "RANGE":
            type = 'text COLLATE pg_catalog."C"'
        levels.append((method, m.name("p"), type))
        table.columns.append([levels[-1][1], type, ""])
    add_columns(m, table, m.random.randrange(1, 4))
    table.columns = [c for c in table.columns if "IDENTITY" not in c[2]]
    if m.chance(0.6):
        more = []
        if m.chance(0.7):
            more = [m.name("k")]
            table.columns.append([more[0], column_types.key_type(m), "NOT NULL"])
        table.clauses.append("%s (%s)" % (m.random.choice(["PRIMARY KEY", "PRIMARY KEY", "UNIQUE"]), ", ".join([l[1] for l in levels] + more)))
    rest = " PARTITION BY %s (%s)" % (levels[0][0], levels[0][1])
    names = []
    first = [table.sql(table.columns, rest), *layout(m, table, table.name, levels, names, False)]
    other = None
    if m.chance(0.4):
        order = m.random.sample(table.columns, len(table.columns)) if m.chance(0.5) else table.columns
        other = [table.sql(order, rest if m.chance(0.9) else ""), *layout(m, table, table.name, levels, names, True)]
        if "PARTITION BY" not in other[0]:
            other = other[:1]
    if m.step(*first, other=other):
        m.hints[m.table(table.name).oid] = {unquoted(l[1]): (RANGES if l[0] == "RANGE" else LISTS)[l[2].split(" ")[0]] for l in levels if l[0] != "HASH"}


def unquoted(name):
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def layout(m, table, parent, levels, names, again):
    """The statements that make the partitions of `parent`. `names` are those of another layout, some of which serve again, or gathers them."""
    method, _, type = levels[0]
    made = []

    def new_name():
        if again and names and m.chance(0.7):
            return names.pop(0)
        name = m.new_name("part")
        if not again:
            names.append(name)
        return name

    bounds = []
    if method == "HASH":
        modulus = m.random.choice([1, 2, 3])
        bounds = ["FOR VALUES WITH (MODULUS %d, REMAINDER %d)" % (modulus, n) for n in range(modulus)]
    elif method == "RANGE":
        cuts = RANGES[type.split(" ")[0]]
        cuts = [cuts[i] for i in sorted(m.sample(range(len(cuts)), m.random.randrange(1, 4)))]
        cuts = [c for c in m.random.choice([["MINVALUE"], []]) + cuts + ["MAXVALUE"]]
        bounds = ["FOR VALUES FROM (%s) TO (%s)" % pair for pair in zip(cuts, cuts[1:])]
        bounds += ["DEFAULT"] if m.chance(0.6) else []
    else:
        listed = m.random.sample(LISTS[type.split(" ")[0]], len(LISTS[type.split(" ")[0]]))
        while listed:
            take = m.random.randrange(1, 4)
            bounds.append("FOR VALUES IN (%s)" % ", ".join(listed[:take]))
            listed = listed[take:]
        bounds += ["DEFAULT"] if m.chance(0.7) else []
    for bound in bounds:
        name = new_name()
        rest = levels[1:]
        deeper = rest and m.chance(0.7)
        by = " PARTITION BY %s (%s)" % (rest[0][0], rest[0][1]) if deeper else ""
        if m.chance(0.25):
            order = m.random.sample(table.columns, len(table.columns))
            checks = [c for c in table.clauses if " CHECK " in c]
            made.append("CREATE TABLE %s (%s)%s" % (name, ", ".join([" ".join(c) for c in order] + checks), by))
            made.append("ALTER TABLE %s ATTACH PARTITION %s %s" % (parent, name, bound))
        else:
            made.append("CREATE TABLE %s PARTITION OF %s %s%s" % (name, parent, bound, by))
        if deeper:
            made += layout(m, table, name, rest, names, again)
    return made


# Rows

def fill_all(m):
    for table in m.relations("rp"):
        if not table.is_partition and table.oid not in m.filled:
            m.guarded(lambda m, table=table: fill(m, table))


def fill(m, table):
    columns = [c for c in m.columns(table) if not c.generated]
    count = m.random.choice([0, 1, 2, 5, 12, 25, 40]) if len(columns) < 100 else m.random.choice([1, 4])
    hints = {name: choices for name, choices in m.hints.get(table.oid, {}).items()}
    null_share = m.random.choice([0, 0.1, 0.5])
    dense = m.random.choice([None, None, 1, -5, 2**31 - 41])
    made = []
    for n in range(count):
        row = []
        for c in columns:
            choices = hints.get(unquoted(c.name))
            if choices and m.chance(0.7):
                row.append("%s::%s" % (m.random.choice(choices), c.type))
            elif dense is not None and c.in_unique and c.base in ("integer", "bigint"):
                row.append(str(dense + n))
            else:
                row.append(m.column_value(c, null_share))
        made.append(row)
    if made and not table.has_key and m.chance(0.4):
        made += [m.random.choice(made) for _ in range(m.random.randrange(1, 8))]
    m.rows(table, columns, made)


# Indexes, references

def add_indexes(m):
    for table in m.relations("rp"):
        if m.chance(0.5):
            m.guarded(lambda m, table=table: add_index(m, table))


def add_index(m, table):
    columns = [c for c in m.columns(table) if m.compares(c.type_oid) or m.chance(0.1)]
    way = m.random.choice(["plain", "plain", "unique", "expression", "partial", "hash", "gist", "constraint", "exclude", "partial unique", "cluster"])
    if way in ("unique", "partial unique", "constraint"):
        columns = [c for c in columns if m.compares(c.type_oid)]
    chosen = ", ".join(c.name + m.random.choice(["", "", " DESC", " NULLS FIRST"]) for c in m.sample(columns, m.random.choice([1, 1, 2])))
    one = m.pick(columns).name
    name = m.name("index")
    if way == "plain" or way == "cluster":
        if m.step("CREATE INDEX %s ON %s (%s)" % (name, table.name, chosen)) and way == "cluster" and table.kind == "r":
            m.step("ALTER TABLE %s CLUSTER ON %s" % (table.name, name))
    elif way == "unique":
        m.step("CREATE UNIQUE INDEX %s ON %s (%s)%s" % (name, table.name, chosen, m.random.choice(["", " NULLS NOT DISTINCT"])))
    elif way == "expression":
        text = [c for c in columns if c.base in ("text", "character varying")]
        m.step("CREATE %sINDEX %s ON %s (pg_catalog.lower(%s))" % (m.random.choice(["", "UNIQUE "]), name, table.name, m.pick(text).name))
    elif way in ("partial", "partial unique"):
        m.step("CREATE %sINDEX %s ON %s (%s) WHERE %s IS NOT NULL" % ("UNIQUE " if "unique" in way else "", name, table.name, chosen, one))
    elif way == "hash":
        m.step("CREATE INDEX %s ON %s USING hash (%s)" % (name, table.name, one))
    elif way == "gist":
        m.step("CREATE INDEX %s ON %s USING %s (%s)" % (name, table.name, m.random.choice(["gist", "gin", "brin", "spgist"]), one))
    elif way == "constraint":
        m.step("ALTER TABLE %s ADD CONSTRAINT %s UNIQUE%s (%s)%s" % (table.name, name, m.random.choice(["", " NULLS NOT DISTINCT"]), ", ".join(c.name for c in m.sample(columns, m.random.choice([1, 2, 2]))),
                                                                     m.random.choice(["", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"])))
    else:
        ranges = [c for c in columns if c.base.endswith(("range", "box", "circle"))]
        m.step("ALTER TABLE %s ADD CONSTRAINT %s EXCLUDE USING gist (%s WITH &&)%s" % (table.name, name, m.pick(ranges).name, m.random.choice(["", " DEFERRABLE INITIALLY DEFERRED"])))


def add_reference(m):
    """A foreign key: the referring columns take keys that are there, by a rule that gives the same on every database."""
    target = m.pick(t for t in m.relations("rp") if not t.is_partition or m.chance(0.1))
    found = m.query(f"""SELECT pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) ORDER BY k.n), pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY k.n)
        FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = {target.oid} AND i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL AND k.n <= i.indnkeyatts
        GROUP BY i.indexrelid ORDER BY 1""")
    keys, types = m.pick(found)
    # The table itself, and those that have columns of the types, are preferred; any other table is given some.
    source = target if m.chance(0.25) else m.pick(m.relations("rp"))
    columns = [c for c in m.columns(source) if not c.generated and not c.identity]
    chosen = []
    for type in types:
        fits = [c for c in columns if c.type == type and c not in chosen and (not c.in_unique or m.chance(0.1))]
        if fits:
            chosen.append(m.random.choice(fits))
    if len(chosen) == len(types):
        names = [c.name for c in chosen]
    elif not source.is_partition and source.kind in "rp":
        names = [m.name("ref") for _ in types]
        if not m.step(*("ALTER TABLE %s ADD COLUMN %s %s" % (source.name, n, t) for n, t in zip(names, types))):
            raise Nothing
    else:
        raise Nothing
    update = """UPDATE %s this_row SET %s FROM (SELECT %s, pg_catalog.row_number() OVER (ORDER BY target::text COLLATE "C") AS "no", pg_catalog.count(*) OVER () AS "of"
        FROM (SELECT * FROM %s target WHERE (%s) IS NOT NULL ORDER BY target::text COLLATE "C" LIMIT 40) target) that
        WHERE that."no" = 1 + pg_catalog.abs(pg_catalog.hashtext(this_row::text)::bigint) %% that."of\"""" % (
        source.name, ", ".join("%s = that.key%d" % (n, i) for i, n in enumerate(names)), ", ".join("%s AS key%d" % (k, i) for i, k in enumerate(keys)), target.name, ", ".join(keys))
    clear = "UPDATE %s SET %s" % (source.name, ", ".join("%s = NULL" % n for n in names))
    actions = m.random.choice(["", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE ON DELETE SET DEFAULT", " ON UPDATE SET NULL", " ON DELETE RESTRICT", " MATCH FULL ON DELETE CASCADE"])
    constraint = "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)%s%s%s" % (
        source.name, m.name("fk"), ", ".join(names), target.name, ", ".join(keys), actions, m.random.choice(["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]), " NOT VALID" if source.kind == "r" and m.chance(0.1) else "")
    m.step(*m.random.choice([(update, constraint), (update, constraint), (clear, constraint)]))
