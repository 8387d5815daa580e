"""Types for columns and keys: all of the server's own, those of extensions, and the user's own, which are made here."""

from support.random_mutation.session import literal
from support.random_mutation.values import Nothing

COMMON = ["integer", "bigint", "smallint", "numeric", "numeric(10,2)", "text", "text", "varchar(40)", "char(5)", "boolean", "date", "timestamp", "timestamptz", "uuid", "jsonb", "json", "float8", "float4",
          "bytea", "interval", "inet", "time"]
RARE = ["numeric(3,-2)", "numeric(40,20)", "varchar", "bpchar", '"char"', "name", "timetz", "timestamptz(2)", "timestamp(0)", "interval day to second(3)", "interval year to month", "xml", "cidr", "macaddr", "macaddr8",
        "bit(8)", "bit", "varbit", "varbit(9)", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsvector", "tsquery", "oid", "xid", "xid8", "cid", "tid", "pg_lsn", "pg_snapshot", "txid_snapshot", "money",
        "jsonpath", "int2vector", "oidvector", "regtype", "regclass", "regproc", "regprocedure", "regoper", "regoperator", "regrole", "regnamespace", "regconfig", "regdictionary", "regcollation", "aclitem",
        "refcursor", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "int4multirange", "nummultirange", "tstzmultirange", "datemultirange"]
EXTENSION = ["hstore", "citext", "ltree", "lquery", "ltxtquery", "cube", "seg"]
COLLATED = ['text COLLATE pg_catalog."C"', 'text COLLATE pg_catalog."en-x-icu"', 'varchar(60) COLLATE pg_catalog."de-x-icu"', 'text COLLATE pg_catalog."POSIX"', 'text COLLATE pg_catalog."und-x-icu"',
            'char(9) COLLATE pg_catalog."sv-x-icu"', 'text COLLATE pg_catalog.ucs_basic']
KEY_TYPES = ["integer", "integer", "bigint", "bigint", "smallint", "text", "text", "varchar(40)", "char(5)", "bpchar", '"char"', "name", "numeric", "numeric(10,2)", "float8", "float4", "timestamp", "timestamptz",
             "date", "time", "timetz", "interval", "bytea", "uuid", "inet", "cidr", "macaddr", "bit(8)", "varbit", "boolean", "oid", "xid8", "pg_lsn", "money", "jsonb", "int4range", "numrange", "tstzrange",
             "int4multirange", "integer[]", "text[]", "float8[]", "numeric[]", "timestamp[]", "tsvector", "oidvector", "tid"]


def extension_type(m, name):
    found = m.query("SELECT n.nspname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = %s" % literal(name))
    if not found:
        raise Nothing
    return "%s.%s" % (found[0][0], name)


def any_builtin(m):
    way = m.random.random()
    if way < 0.5:
        name = m.random.choice(COMMON)
    elif way < 0.85:
        name = m.random.choice(RARE)
    elif way < 0.92:
        name = extension_type(m, m.random.choice(EXTENSION))
    else:
        return m.random.choice(COLLATED)
    return name + ("[]" if m.chance(0.12) and name not in ("int2vector", "oidvector") else "")


def key_type(m):
    way = m.random.random()
    if way < 0.6:
        return m.random.choice(KEY_TYPES)
    if way < 0.75:
        return m.random.choice(COLLATED)
    if way < 0.8:
        return extension_type(m, m.random.choice(["citext", "ltree", "cube", "seg"]))
    if way < 0.85:
        collations = m.query("SELECT c.oid::pg_catalog.regcollation FROM pg_catalog.pg_collation c WHERE c.oid >= 16384 ORDER BY c.collname COLLATE \"C\"")
        return "text COLLATE %s" % m.pick(collations)[0]
    own = [name for oid, name in m.own_types("edcr") if m.compares(oid)]
    return m.pick(own) if own else "uuid"


def any_type(m):
    """A column type as SQL: of the user's own now and then."""
    if m.chance(0.15):
        own = m.own_types("edcr")
        if own:
            return m.random.choice(own)[1] + ("[]" if m.chance(0.2) else "")
    return any_builtin(m)


def make_collation(m):
    way = m.random.choice(["(provider = icu, locale = 'und-u-ks-level2', deterministic = false)", "(provider = icu, locale = 'de-u-co-phonebk')", "(provider = libc, locale = 'C.utf8')",
                           "(provider = icu, locale = 'en-u-kn-true')", "(provider = icu, locale = 'und-u-ks-level1', deterministic = false)"])
    m.step("CREATE COLLATION %s %s" % (m.new_name("collation"), way))


def make_enum(m):
    labels = m.sample(["a", "b", "c", "B", "it's", "E e", "", "\\", "z\nz", "ü", "x" * 63, '"q"', "%s", "NULL", "1"], m.random.randrange(1, 8))
    m.step("CREATE TYPE %s AS ENUM (%s)" % (m.new_name("enum"), ", ".join(map(literal, labels))))


def make_domain(m):
    base, check = m.random.choice([("int", "VALUE > -2000000000"), ("text", "length(VALUE) < 100000"), ("numeric(12,2)", None), ("text", None), ("bigint", None), ("timestamptz(3)", None),
                                   ("varchar(30)", "VALUE <> 'never'"), ("int[]", None), ("jsonb", None), ("float8", None), ("char(4)", None)])
    if m.chance(0.3):
        base, check = m.pick(m.own_types("edcr"))[1] if m.own_types("edcr") else "uuid", None
    m.step("CREATE DOMAIN %s AS %s%s%s" % (m.new_name("domain"), base, m.random.choice(["", "", "", " NOT NULL"]), " CONSTRAINT %s CHECK (%s)" % (m.name("check"), check) if check else ""))


def make_composite(m):
    columns = ", ".join("%s %s" % (m.name("f"), any_type(m)) for _ in range(m.random.randrange(1, 5)))
    m.step("CREATE TYPE %s AS (%s)" % (m.new_name("row"), columns))


def make_range(m):
    options = m.random.choice(["subtype = float8, subtype_diff = pg_catalog.float8mi", 'subtype = text, collation = "C"', "subtype = text", "subtype = inet", "subtype = time", "subtype = money"])
    m.step("CREATE TYPE %s AS RANGE (%s)" % (m.new_name("range"), options))
