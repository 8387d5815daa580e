"""What hangs on tables, or stands beside them: functions, views, triggers, policies, sequences, comments, grants."""

from support.random_mutation.session import literal, qualified, user_object
from support.random_mutation.values import Nothing

ROLES = ["random_reader", "random_clerk", '"Random ""Role"""', "PUBLIC"]


def make_functions(m):
    for _ in range(m.random.randrange(1, 4)):
        m.step("CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s RETURN NEW; END $$" % (
            m.new_name("trigger"), m.random.choice(["", "RAISE EXCEPTION 'a trigger acted a second time';", "PERFORM 1;", "NEW := NULL;"])))
    for _ in range(m.random.randrange(3)):
        m.step("CREATE FUNCTION %s(x %s) RETURNS %s LANGUAGE sql IMMUTABLE %s" % (m.new_name("f"), *m.random.choice(
            [("text", "text", "AS $$ SELECT pg_catalog.lower(x) $$"), ("int", "bigint", "RETURN x * 2 + 1"), ("anyelement", "text", "AS 'SELECT pg_catalog.md5(x::text)'"),
             ("text", "int", "STRICT AS $b$ SELECT pg_catalog.length(x) /* ; $$ ' */ $b$")])))


def some_columns(m, relation, most=4):
    return sorted(m.sample(m.columns(relation), m.random.randrange(1, most + 1)), key=lambda c: c.name)


def make_view(m):
    source = m.pick(m.relations("rpvm"))
    columns = some_columns(m, source)
    kind = m.random.choice(["plain", "plain", "join", "count"])
    if kind == "join":
        other = m.pick(m.relations("rp"))
        query = "SELECT %s FROM %s a LEFT JOIN %s b ON a.%s::text = b.%s::text" % (
            ", ".join(["a.%s" % c.name for c in columns] + ["b.%s AS joined" % m.pick(m.columns(other)).name]), source.name, other.name, m.pick(columns).name, m.pick(m.columns(other)).name)
    elif kind == "count":
        query = "SELECT count(*) AS n, count(%s) AS c FROM %s" % (m.pick(columns).name, source.name)
    else:
        query = "SELECT %s FROM %s%s" % (", ".join(c.name for c in columns), source.name, m.random.choice(["", " WHERE %s IS NOT NULL" % m.pick(columns).name]))
    m.step("CREATE VIEW %s%s AS %s" % (m.new_name("view"), m.random.choice(["", " WITH (security_barrier)", " WITH (security_invoker = true)"]), query))


def make_materialized_view(m):
    source = m.pick(m.relations("rpv"))
    if m.alike:     # what they show depends on rows that only the stand-in keeps
        raise Nothing
    columns = some_columns(m, source)
    name = m.new_name("matview")
    if m.step("CREATE MATERIALIZED VIEW %s AS SELECT %s FROM %s WITH %sDATA" % (name, ", ".join(c.name for c in columns), source.name, m.random.choice(["", "", "NO "]))) and m.chance(0.5):
        m.step("CREATE INDEX %s ON %s (%s)" % (m.name("index"), name, m.pick(columns).name))


def trigger_functions(m):
    return [f for f, in m.query(f"""SELECT {qualified("n.nspname", "c.proname")} FROM pg_catalog.pg_proc c JOIN pg_catalog.pg_namespace n ON n.oid = c.pronamespace
        WHERE c.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype AND {user_object("c")} ORDER BY n.nspname COLLATE "C", c.proname COLLATE "C" """)]


def make_trigger(m):
    table = m.pick(m.relations("rp"))
    name = m.name("trigger")
    taken = m.step("CREATE TRIGGER %s %s ON %s FOR EACH %s EXECUTE FUNCTION %s()" % (
        name, m.random.choice(["BEFORE INSERT", "AFTER INSERT OR UPDATE", "BEFORE DELETE", "AFTER DELETE OR UPDATE", "BEFORE INSERT OR UPDATE OR DELETE", "AFTER TRUNCATE"]), table.name,
        m.random.choice(["ROW", "ROW", "STATEMENT"]), m.pick(trigger_functions(m))))
    if taken and m.chance(0.4):
        m.step("ALTER TABLE %s %s TRIGGER %s" % (table.name, m.random.choice(["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"]), name))


def make_policy(m):
    table = m.pick(m.relations("rp"))
    columns = m.columns(table)
    test = m.random.choice(["true", "false", "%s IS NOT NULL" % m.pick(columns).name])
    m.step("CREATE POLICY %s ON %s %s TO %s USING (%s)" % (m.name("policy"), table.name, m.random.choice(["", "AS RESTRICTIVE", "FOR SELECT", "FOR DELETE"]), m.random.choice(ROLES), test))
    m.step("ALTER TABLE %s %s ROW LEVEL SECURITY" % (table.name, m.random.choice(["ENABLE", "ENABLE", "FORCE"])))


def make_rule(m):
    table = m.pick(m.relations("r"))
    m.step("CREATE RULE %s AS ON %s TO %s DO %s" % (m.name("rule"), m.random.choice(["UPDATE", "DELETE", "INSERT"]), table.name, m.random.choice(["INSTEAD NOTHING", "ALSO SELECT 1"])))


def make_sequence(m):
    m.step("CREATE SEQUENCE %s%s%s" % (m.new_name("sequence"), m.random.choice(["", " AS int", " AS smallint"]),
                                       m.random.choice(["", " INCREMENT BY -1 MINVALUE -30000 MAXVALUE 30000", " START WITH 50 CACHE 7", " MINVALUE 1 MAXVALUE 30000 CYCLE"])))


def make_statistics(m):
    table = m.pick(t for t in m.relations("rp"))
    columns = m.sample(m.columns(table), 2)
    m.step("CREATE STATISTICS %s ON %s FROM %s" % (m.new_name("statistics"), ", ".join(c.name for c in columns), table.name))


def make_comment(m):
    kind, name = target(m)
    m.step("COMMENT ON %s %s IS %s" % (kind, name, literal(m.random.choice(["plain", "it's; -- a \\ comment\nof two lines", "Ü", " ", "\\N"]))))


def make_grant(m):
    kind, name = target(m)
    if kind in ("TABLE", "SEQUENCE", "SCHEMA", "TYPE"):
        privilege = m.random.choice({"TABLE": ["SELECT", "INSERT, UPDATE", "ALL"], "SEQUENCE": ["USAGE"], "SCHEMA": ["USAGE"], "TYPE": ["USAGE"]}[kind])
        m.step("GRANT %s ON %s %s TO %s" % (privilege, kind, name, m.random.choice(ROLES)))


def make_publication(m):
    if m.superuser:
        tables_ = m.sample(m.relations("r"), 2)
        m.step("CREATE PUBLICATION %s FOR TABLE %s" % (m.name("publication"), ", ".join(t.name for t in tables_)))


def target(m):
    """Something that has a comment, an owner and grants: its kind, and its name as SQL."""
    way = m.random.choice(["relation", "relation", "type", "schema"])
    if way == "relation":
        r = m.pick(m.relations("rpvmS"))
        return {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}[r.kind], r.name
    if way == "type":
        return "TYPE", m.pick(m.own_types("edcr"))[1]
    return "SCHEMA", m.schema()
