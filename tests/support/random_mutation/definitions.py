"""The mutations of definitions: the core classes, their comments, grants and owners. Names come from small pools so that both sides collide."""

from support.random_mutation import column_types, objects, rows
from support.random_mutation.session import literal, qualified, user_object
from support.random_mutation.values import Nothing

WIDER = {"smallint": ["integer", "bigint"], "integer": ["bigint", "numeric", "text"], "bigint": ["numeric", "text"], "numeric": ["text"],
         "character varying": ["text", "character varying(4000)"], "character": ["text", "character varying(20)"], "text": ["character varying(5000)", "text"],
         "date": ["timestamp without time zone", "text"], "timestamp without time zone": ["timestamp with time zone", "timestamp(3) without time zone"],
         "timestamp with time zone": ["timestamp without time zone"], "real": ["double precision"], "double precision": ["numeric"], "json": ["jsonb", "text"],
         "jsonb": ["text", "json"], "uuid": ["text"], "boolean": ["text", "integer"], "cidr": ["inet"]}


HOSTILE = ['"%s"', '":x"', '"a ""b"" \\"', '"SELECT"', '"%1$s.x"', '"' + "n" * 63 + '"', '"ünï, (c)"', '"new\nline"', '"$1"']


def pool(m, *names):
    """One of a few names, so that both sides come to the same ones; a hostile one now and then."""
    return m.random.choice(HOSTILE) if m.chance(0.15) else m.random.choice(names)


def add_column(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    name, type, clause = pool(m, "c1", "c2", "c3", '"C 4"'), column_types.any_type(m), ""
    if m.chance(0.2):
        source = m.pick(c for c in m.columns(table) if c.base in ("integer", "bigint", "text", "numeric") and not c.generated)
        type, clause = ("text", " GENERATED ALWAYS AS (pg_catalog.lower(%s)) STORED" % source.name) if source.base == "text" else (
            "numeric", " GENERATED ALWAYS AS (%s * 2) STORED" % source.name)
    elif m.chance(0.1):
        type, clause = "bigint", " GENERATED %s AS IDENTITY" % m.random.choice(["ALWAYS", "BY DEFAULT"])
    elif m.chance(0.1):
        type = "pg_catalog.serial4"
    m.do("ALTER TABLE %s ADD COLUMN %s %s%s" % (table.name, name, type, clause))
    if not clause and type != "pg_catalog.serial4" and m.chance(0.6):
        column = newest(m, table)
        m.do("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s" % (table.name, column.name, m.value(column)))
        if m.chance(0.5):
            m.do("UPDATE %s SET %s = DEFAULT" % (table.name, column.name))
            m.do("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL" % (table.name, column.name))


def newest(m, table):
    return max(m.columns(table), key=lambda c: c.number)


def add_column_with_default(m):
    """In one statement, so that rows that were there have the value without being written."""
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    type, value = m.random.choice([("integer", "7"), ("text", "'it''s'"), ("numeric(10,2)", "1.5"), ("jsonb", "'{}'"), ("text[]", "'{a,NULL}'"), ("uuid", "'00000000-0000-0000-0000-000000000001'"),
                                   ("char(5)", "'x'"), ("timestamptz", "'2020-01-01 00:00+00'"), ("float8", "'-0'"), ("boolean", "true"), ("bytea", "'\\x00'")])
    m.do("ALTER TABLE %s ADD COLUMN %s %s DEFAULT %s%s" % (table.name, pool(m, "d1", "d2"), type, value, m.random.choice(["", " NOT NULL"])))


def move_column(m):
    """Dropped, and added again at the end, with its values."""
    table = m.pick(t for t in m.relations("r") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if not c.generated and not c.identity and not c.in_unique)
    m.do("ALTER TABLE %s ADD COLUMN moving %s" % (table.name, column.type))
    m.do("UPDATE %s SET moving = %s" % (table.name, column.name))
    m.do("ALTER TABLE %s DROP COLUMN %s" % (table.name, column.name))
    m.do("ALTER TABLE %s RENAME COLUMN moving TO %s" % (table.name, column.name))


def drop_column(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if not c.in_key)
    m.do("ALTER TABLE %s DROP COLUMN %s" % (table.name, column.name))


def rename_column(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    m.do("ALTER TABLE %s RENAME COLUMN %s TO %s" % (table.name, m.pick(m.columns(table)).name, pool(m, "c1", "c2", "c3", "renamed")))


def change_type(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if not c.generated)
    base = column.base.split("(")[0]
    type = m.random.choice(WIDER.get(base, []) + ["text"]) if m.chance(0.85) else column_types.any_type(m)
    m.do("ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s::%s" % (table.name, column.name, type, column.name, type.split(" COLLATE")[0]))


def change_type_modifier(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if c.type.startswith(("numeric(", "character varying(")) and not c.generated)
    type = "numeric(%d,%d)" % (m.random.randrange(12, 18), m.random.randrange(5)) if column.type.startswith("numeric") else "character varying(%d)" % m.random.randrange(80, 200)
    m.do("ALTER TABLE %s ALTER COLUMN %s TYPE %s" % (table.name, column.name, type))


def change_collation(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if c.type == "text" and not c.generated)
    m.do("ALTER TABLE %s ALTER COLUMN %s TYPE text COLLATE pg_catalog.%s" % (table.name, column.name, m.random.choice(['"C"', '"en-x-icu"', '"default"', '"und-x-icu"'])))


def change_default(m):
    table = m.pick(m.relations("rp"))
    column = m.pick(c for c in m.columns(table) if not c.generated and not c.identity)
    if column.has_default and m.chance(0.4):
        m.do("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT" % (table.name, column.name))
    elif column.base == "integer" and m.chance(0.3):
        m.do("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT pg_catalog.nextval(%s)" % (table.name, column.name, literal(m.pick(m.relations("S")).name)))
    elif column.base == "text" and m.chance(0.3):
        m.do("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s('A b')" % (table.name, column.name, m.pick(n for n, argument in immutable(m) if argument == "text")))
    else:
        m.do("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s" % (table.name, column.name, m.column_value(column)))


def change_not_null(m):
    table = m.pick(m.relations("rp"))
    column = m.pick(c for c in m.columns(table) if not c.in_key)
    if column.not_null:
        m.do("ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL" % (table.name, column.name))
    else:
        if m.chance(0.5):
            m.do("UPDATE %s SET %s = %s WHERE %s IS NULL" % (table.name, column.name, m.value(column), column.name))
        m.do("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL" % (table.name, column.name))


def change_identity(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if c.base in ("integer", "bigint", "smallint"))
    if column.identity:
        m.do("ALTER TABLE %s ALTER COLUMN %s %s" % (table.name, column.name, m.random.choice(
             ["DROP IDENTITY", "SET GENERATED ALWAYS", "SET GENERATED BY DEFAULT", "SET INCREMENT BY 3 SET CACHE 5"])))
    else:
        m.do("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT" % (table.name, column.name))
        m.do("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL" % (table.name, column.name))
        m.do("ALTER TABLE %s ALTER COLUMN %s ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 900000)" % (table.name, column.name))


def drop_expression(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if c.generated)
    m.do("ALTER TABLE %s ALTER COLUMN %s DROP EXPRESSION" % (table.name, column.name))


def change_column_option(m):
    table = m.pick(m.relations("r"))
    column = m.pick(c for c in m.columns(table) if c.base in ("text", "jsonb", "bytea"))
    m.do("ALTER TABLE %s ALTER COLUMN %s %s" % (table.name, column.name, m.random.choice(
         ["SET STORAGE EXTERNAL", "SET STORAGE MAIN", "SET STORAGE EXTENDED", "SET STATISTICS 150", "SET STATISTICS -1", "SET (n_distinct = 50)", "RESET (n_distinct)",
          "SET COMPRESSION pglz"])))


def add_constraint(m):
    table = m.pick(t for t in m.relations("rp"))
    columns = m.columns(table)
    name = pool(m, "k1", "k2", '"K 3"')
    way = m.random.choice(["check", "check", "unique", "foreign", "foreign", "primary", "exclude"])
    if way == "check":
        column = m.pick(columns)
        test = m.random.choice(["{} IS NOT NULL", "{}::text <> 'never'", "pg_catalog.length({}::text) < 100000"]).format(column.name)
        m.do("ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s)%s" % (table.name, name, test, m.random.choice(["", "", " NOT VALID"])))
    elif way == "unique":
        chosen = m.sample((c for c in columns if m.compares(c.type_oid)), m.random.choice([1, 2, 3]))
        m.do("ALTER TABLE %s ADD CONSTRAINT %s UNIQUE%s (%s)%s" % (table.name, name, m.random.choice(["", " NULLS NOT DISTINCT"]),
             ", ".join(c.name for c in chosen), m.random.choice(["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"])))
    elif way == "foreign":
        target = m.pick(t for t in m.relations("rp") if t.has_key)
        keys = [c for c in m.columns(target) if c.in_key]
        key = keys[0] if len(keys) == 1 else m.pick([])
        column = m.pick(c for c in columns if c.base == key.base and not c.generated)
        if m.chance(0.5):
            m.do("UPDATE %s SET %s = NULL" % (table.name, column.name))
        m.do("ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s%s%s%s" % (table.name, name, column.name, target.name,
             m.random.choice(["", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE"]),
             m.random.choice(["", "", " DEFERRABLE INITIALLY DEFERRED"]), m.random.choice(["", "", " NOT VALID"])))
    elif way == "primary":
        if table.has_key:
            raise Nothing
        m.do("ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (%s)" % (table.name, name, m.pick(c for c in columns if c.not_null).name))
    else:
        column = m.pick(c for c in columns if c.base in ("int4range", "tsrange", "tstzrange"))
        m.do("ALTER TABLE %s ADD CONSTRAINT %s EXCLUDE USING gist (%s WITH &&)" % (table.name, name, column.name))


def constraints(m):
    return m.sorted(f"""SELECT c.conrelid::regclass::text, pg_catalog.quote_ident(c.conname), c.contype, c.convalidated FROM pg_catalog.pg_constraint c
        JOIN pg_catalog.pg_class r ON r.oid = c.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
        WHERE c.conislocal AND {user_object("r")} """)


def drop_constraint(m):
    table, name, _, _ = m.pick(constraints(m))
    m.do("ALTER TABLE %s DROP CONSTRAINT %s" % (table, name))


def change_constraint(m):
    table, name, kind, valid = m.pick(constraints(m))
    if not valid:
        m.do("ALTER TABLE %s VALIDATE CONSTRAINT %s" % (table, name))
    elif kind == "f" and m.chance(0.6):
        m.do("ALTER TABLE %s ALTER CONSTRAINT %s %s" % (table, name, m.random.choice(["DEFERRABLE", "NOT DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"])))
    else:
        m.do("ALTER TABLE %s RENAME CONSTRAINT %s TO %s" % (table, name, pool(m, "k1", "k2", "k4")))


def add_index(m):
    table = m.pick(m.relations("rp"))
    columns = m.columns(table)
    chosen = m.sample((c for c in columns if m.compares(c.type_oid)), m.random.choice([1, 1, 2]))
    terms = []
    for c in chosen:
        if c.base in ("text", "character varying") and m.chance(0.4):
            terms.append(m.random.choice(["pg_catalog.lower({})", '{} COLLATE "C"', "{} text_pattern_ops"]).format(c.name))
        else:
            terms.append(c.name + m.random.choice(["", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"]))
    m.do("CREATE %sINDEX %s ON %s%s (%s)%s%s" % (m.random.choice(["", "", "UNIQUE "]), pool(m, "i1", "i2", "i3", '"I 4"'), m.random.choice(["", "ONLY "]), table.name,
         ", ".join(terms), " INCLUDE (%s)" % m.pick(columns).name if m.chance(0.2) else "",
         " WHERE %s IS NOT NULL" % m.pick(columns).name if m.chance(0.2) else ""))


def indexes(m):
    return [i for i, in m.sorted(f"""SELECT c.oid::regclass::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('i', 'I') AND {user_object("c")} """)]


def drop_index(m):
    m.do("DROP INDEX %s" % m.pick(indexes(m)))


def change_index(m):
    m.do("ALTER INDEX %s %s" % (m.pick(indexes(m)), m.random.choice(["RENAME TO i1", "RENAME TO i5", "SET (fillfactor = 70)", "RESET (fillfactor)"])))


def cluster_on(m):
    table, name, kind, _ = m.pick(c for c in constraints(m) if c[2] in "pu")
    m.do("ALTER TABLE %s %s" % (table, "SET WITHOUT CLUSTER" if m.chance(0.3) else "CLUSTER ON %s" % name))


def create_table(m):
    name = "%s.%s" % (m.schema(), pool(m, "n1", "n2", "n3", '"New Table"'))
    columns = ["%s %s%s" % (c, column_types.any_type(m), m.random.choice(["", "", " NOT NULL"])) for c in m.random.sample(["a", "b", "c", "d", '"E e"'], m.random.randrange(1, 6))]
    key = m.random.choice(["id int PRIMARY KEY", "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "id serial PRIMARY KEY", "id uuid PRIMARY KEY",
                           'id text COLLATE "en-x-icu" PRIMARY KEY', "id int, no text, PRIMARY KEY (no, id)", "id int"])
    m.do("CREATE %sTABLE %s (%s)" % (m.random.choice(["", "", "", "UNLOGGED "]), name, ", ".join(columns + [key])))
    table = m.table(name)
    columns = [c for c in m.columns(table) if not c.generated]
    m.insert(table, columns, [[m.column_value(c) for c in columns] for _ in range(m.random.choice([0, 1, 5, 20]))])


def create_partitioned_table(m):
    name = "%s.%s" % (m.schema(), pool(m, "p1", "p2"))
    m.do("CREATE TABLE %s (id int, a text, b int NOT NULL DEFAULT 5, PRIMARY KEY (id)) PARTITION BY RANGE (id)" % name)
    for n in range(m.random.randrange(1, 4)):
        m.do("CREATE TABLE %s_%d PARTITION OF %s FOR VALUES FROM (%d) TO (%d)" % (name, n, name, n * 100, n * 100 + 100))
    table = m.table(name)
    columns = m.columns(table)
    m.insert(table, columns, [[m.column_value(c) if c.name == "a" else str(m.random.randrange(300)) for c in columns] for _ in range(m.random.randrange(20))])


def partitions(m, where=""):
    """(parent, partition, bound) of all partitions."""
    return m.sorted(f"""SELECT i.inhparent::regclass::text, c.oid::regclass::text, pg_catalog.pg_get_expr(c.relpartbound, c.oid) FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relispartition AND c.relkind IN ('r', 'p') AND {user_object("c")} {where}""")


def change_partitions(m):
    """Takes a partition off, drops one, makes a default one."""
    parent, child, _ = m.pick(partitions(m))
    way = m.random.choice(["default", "detach", "drop"])
    if way == "default":
        m.do("CREATE TABLE %s.%s PARTITION OF %s DEFAULT" % (m.schema(), pool(m, "p_default", "p_other"), parent))
    elif way == "detach":
        m.do("ALTER TABLE %s DETACH PARTITION %s" % (parent, child))
    else:
        m.do("DROP TABLE %s" % child)


def add_partition(m):
    parent = m.pick(t for t in m.relations("p") if t.name.endswith((".p1", ".p2")))
    n = m.random.randrange(3, 8)
    m.do("CREATE TABLE %s_%d PARTITION OF %s FOR VALUES FROM (%d) TO (%d)" % (parent.name, n, parent.name, n * 100, n * 100 + 100))


def split_partition(m):
    """One leaf becomes a partitioned table with leaves; the rows stay."""
    parent, child, bound = m.pick(partitions(m, "AND c.relkind = 'r'"))
    table = m.table(child)
    column = m.pick(c for c in m.columns(table) if c.in_key or not table.has_key)
    columns = ", ".join(c.name for c in m.columns(table) if not c.generated)
    m.do("ALTER TABLE %s DETACH PARTITION %s" % (parent, child))
    name = "%s.%s" % (m.schema(), pool(m, "split1", "split2"))
    m.do("CREATE TABLE %s PARTITION OF %s %s PARTITION BY HASH (%s)" % (name, parent, bound, column.name))
    for n in range(2):
        m.do("CREATE TABLE %s.%s PARTITION OF %s FOR VALUES WITH (MODULUS 2, REMAINDER %d)" % (m.schema(), pool(m, "leaf1", "leaf2", "leaf3", "leaf4"), name, n))
    m.do("INSERT INTO %s (%s) SELECT %s FROM %s" % (parent, columns, columns, child))
    m.do("DROP TABLE %s" % child)


def reattach_partition(m):
    """Off, and on again: the same table, its rows where they were."""
    parent, child, bound = m.pick(partitions(m))
    m.do("ALTER TABLE %s DETACH PARTITION %s" % (parent, child))
    m.do("ALTER TABLE %s ATTACH PARTITION %s %s" % (parent, child, bound))


def change_inheritance(m):
    children = m.sorted(f"""SELECT c.oid::regclass::text, i.inhparent::regclass::text FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND NOT c.relispartition AND {user_object("c")} """)
    if m.chance(0.4):
        m.do("ALTER TABLE %s NO INHERIT %s" % m.pick(children))
    elif m.chance(0.5):
        m.do("CREATE TABLE %s.%s () INHERITS (%s)" % (m.schema(), pool(m, "heir1", "heir2"), m.pick(m.relations("r")).name))
    else:
        child, parent = m.pick(children)
        m.do("ALTER TABLE %s NO INHERIT %s" % (child, parent))
        m.do("ALTER TABLE %s INHERIT %s" % (child, parent))


def drop_table(m):
    m.do("DROP TABLE %s" % m.pick(t for t in m.relations("rp") if not t.is_partition).name)


def drop_table_with_everything(m):
    """The one place for CASCADE: in a mutation, never in the product."""
    m.do("DROP TABLE %s CASCADE" % m.pick(t for t in m.relations("rp") if not t.is_partition).name)


def rename_table(m):
    m.do("ALTER TABLE %s RENAME TO %s" % (m.pick(m.relations("r")).name, pool(m, "n1", "n2", "n7")))


def move_to_schema(m):
    relation = m.pick(m.relations("rvS"))
    m.do("ALTER %s %s SET SCHEMA %s" % ({"r": "TABLE", "v": "VIEW", "S": "SEQUENCE"}[relation.kind], relation.name, m.schema()))


def change_table_option(m):
    m.do("ALTER TABLE %s %s" % (m.pick(m.relations("r")).name, m.random.choice(
         ["SET UNLOGGED", "SET LOGGED", "SET (fillfactor = 60)", "SET (autovacuum_enabled = false)", "RESET (fillfactor, autovacuum_enabled)",
          "REPLICA IDENTITY FULL", "REPLICA IDENTITY DEFAULT", "REPLICA IDENTITY NOTHING"])))


def create_view(m):
    source = m.pick(m.relations("rpv"))
    columns = m.columns(source)
    chosen = sorted(m.random.sample(columns, min(len(columns), m.random.randrange(1, 4))), key=lambda c: c.number)
    where = m.random.choice(["", " WHERE %s IS NOT NULL" % m.pick(columns).name])
    m.do("CREATE %sVIEW %s.%s%s AS SELECT %s FROM %s%s" % (m.random.choice(["", "OR REPLACE "]), m.schema(), pool(m, "v1", "v2", "v3"),
         m.random.choice(["", " WITH (security_barrier)", " WITH (security_invoker = true)"]), ", ".join(c.name for c in chosen), source.name, where))


def extend_view(m):
    view = m.pick(m.relations("v"))
    definition, = m.query("SELECT pg_catalog.pg_get_viewdef(%d)" % view.oid)[0]
    m.do("CREATE OR REPLACE VIEW %s AS SELECT w.*, %s AS %s FROM (%s) w" % (view.name, m.random.choice(["1", "'x'::text", "now()"]), pool(m, "x1", "x2"), definition.rstrip(";")))


def drop_view(m):
    m.do("DROP VIEW %s" % m.pick(m.relations("v")).name)


def change_view(m):
    m.do("ALTER VIEW %s %s" % (m.pick(m.relations("v")).name, m.random.choice(
         ["RENAME TO v1", "RENAME TO v4", "SET (security_barrier = true)", "RESET (security_barrier)", "SET (security_invoker = true)"])))


def create_function(m):
    name = "%s.%s" % (m.schema(), pool(m, "f1", "f2", "f3"))
    arguments = m.random.choice(["", "x int", "x int, y text DEFAULT 'q'", "x text", "VARIADIC x int[]"])
    number = m.random.randrange(1000)
    way = m.random.choice(["sql", "plpgsql", "body", "view", "setof"])
    if way == "sql":
        text = "RETURNS %s LANGUAGE sql %s AS $$ SELECT %d /* ; '$' */ $$" % (m.random.choice(["int", "bigint"]), m.random.choice(["IMMUTABLE", "STABLE", "", "STRICT"]), number)
    elif way == "plpgsql":
        text = "RETURNS text LANGUAGE plpgsql %s AS $f$ BEGIN RETURN $$ a;b %d $$; END $f$" % (m.random.choice(["", "SECURITY DEFINER", "SET work_mem = '5MB'", "COST 5"]), number)
    elif way == "body":
        text = "RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN %d > 1 THEN 1 ELSE 2 END; END" % number
    elif way == "view":
        text = "RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM %s; END" % m.pick(m.relations("rv")).name
    else:
        text = "RETURNS SETOF %s LANGUAGE sql AS $$ SELECT NULL WHERE %d = 1 $$" % (m.random.choice(["int", "text"]), number)
    m.do("CREATE %sFUNCTION %s(%s) %s" % (m.random.choice(["", "OR REPLACE "]), name, arguments, text))


def functions(m):
    return m.sorted(f"""SELECT c.oid::regprocedure::text, c.prorettype = 'trigger'::regtype FROM pg_catalog.pg_proc c JOIN pg_catalog.pg_namespace n ON n.oid = c.pronamespace
        WHERE c.prokind = 'f' AND {user_object("c")} """)


def drop_function(m):
    m.do("DROP FUNCTION %s" % m.pick(functions(m))[0])


def change_function(m):
    m.do("ALTER FUNCTION %s %s" % (m.pick(functions(m))[0], m.random.choice(["STABLE", "VOLATILE", "COST 77", "SECURITY DEFINER", "SET work_mem = '6MB'", "RESET ALL", "PARALLEL SAFE"])))


def create_trigger(m):
    table = m.pick(m.relations("rp"))
    function = m.pick(f for f, is_trigger in functions(m) if is_trigger)
    m.do("CREATE %sTRIGGER %s %s %s ON %s FOR EACH %s EXECUTE FUNCTION %s" % (m.random.choice(["", "", "OR REPLACE "]), pool(m, "t1", "t2", '"T 3"'),
         m.random.choice(["BEFORE", "AFTER"]), m.random.choice(["INSERT", "UPDATE OR DELETE", "INSERT OR UPDATE", "DELETE"]), table.name,
         m.random.choice(["ROW", "ROW", "STATEMENT"]), function))


def triggers(m):
    return m.sorted(f"""SELECT t.tgrelid::regclass::text, pg_catalog.quote_ident(t.tgname) FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND {user_object("c")} """)


def drop_trigger(m):
    table, name = m.pick(triggers(m))
    m.do("DROP TRIGGER %s ON %s" % (name, table))


def change_trigger(m):
    table, name = m.pick(triggers(m))
    m.do(m.random.choice(["ALTER TABLE %s DISABLE TRIGGER %s", "ALTER TABLE %s ENABLE TRIGGER %s", "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s",
                          "ALTER TABLE %s ENABLE REPLICA TRIGGER %s"]) % (table, name))


def create_enum(m):
    labels = m.random.sample(["a", "b", "c", "it's", "E e"], m.random.randrange(1, 6))
    m.do("CREATE TYPE %s.%s AS ENUM (%s)" % (m.schema(), pool(m, "e1", "e2"), ", ".join(map(literal, labels))))


def add_label(m):
    oid, type = m.pick(m.own_types("e"))
    place = m.random.choice(["", " BEFORE %s", " AFTER %s"])
    m.do("ALTER TYPE %s ADD VALUE %s%s" % (type, literal(m.random.choice(["x1", "x2", "later", "Ünder", "it''s"])), place and place % literal(m.pick(m.labels(oid)))))


def use_label(m):
    """Rows with a label, preferably a new one."""
    table = m.pick(m.relations())
    column = m.pick(c for c in m.columns(table) if m.type(c.type_oid).kind == "e" and not c.generated)
    m.do("UPDATE %s SET %s = %s::%s WHERE %s" % (table.name, column.name, literal(m.labels(column.type_oid)[-1]), column.type, rows.places(m.row_ids(table, 5))))


def rename_label(m):
    oid, type = m.pick(m.own_types("e"))
    m.do("ALTER TYPE %s RENAME VALUE %s TO %s" % (type, literal(m.pick(m.labels(oid))), literal(m.random.choice(["x1", "x3", "renamed"]))))


def change_composite(m):
    _, type = m.pick(m.own_types("c"))
    way = m.random.choice(["add", "add", "drop", "rename", "type"])
    attributes = [a for a, in m.query("SELECT pg_catalog.quote_ident(attname) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.typrelid = a.attrelid"
                                      " WHERE t.oid = %s::pg_catalog.regtype AND a.attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE \"C\"" % literal(type))]
    m.do("ALTER TYPE %s %s CASCADE" % (type, {"add": "ADD ATTRIBUTE %s %s" % (pool(m, "a1", "a2"), column_types.any_builtin(m)), "drop": "DROP ATTRIBUTE %s" % m.pick(attributes),
         "rename": "RENAME ATTRIBUTE %s TO %s" % (m.pick(attributes), pool(m, "a1", "a3")), "type": "ALTER ATTRIBUTE %s TYPE text" % m.pick(attributes)}[way]))


def create_domain(m):
    base, check = m.random.choice([("int", "VALUE > -1000000"), ("text", "length(VALUE) < 100000"), ("numeric(12,2)", None)])
    m.do("CREATE DOMAIN %s.%s AS %s%s%s" % (m.schema(), pool(m, "d1", "d2"), base, m.random.choice(["", " DEFAULT '1'", " NOT NULL"]), " CHECK (%s)" % check if check else ""))


def change_domain(m):
    m.do("ALTER DOMAIN %s %s" % (m.pick(m.own_types("d"))[1], m.random.choice(
         ["SET DEFAULT '2'", "DROP DEFAULT", "DROP NOT NULL", "SET NOT NULL", "ADD CONSTRAINT dk1 CHECK (VALUE::text <> 'never')", "DROP CONSTRAINT dk1",
          "ADD CONSTRAINT dk2 CHECK (VALUE IS NOT NULL) NOT VALID"])))


def drop_type(m):
    m.do("DROP TYPE %s" % m.pick(m.own_types("ed"))[1])


def create_sequence(m):
    m.do("CREATE SEQUENCE %s.%s%s%s" % (m.schema(), pool(m, "s1", "s2", "s3"), m.random.choice(["", " AS int", " AS smallint"]),
         m.random.choice(["", " INCREMENT BY -1", " START WITH 50 CACHE 7", " MINVALUE 10 MAXVALUE 20000 CYCLE"])))


def change_sequence(m):
    m.do("ALTER SEQUENCE %s %s" % (m.pick(m.relations("S")).name, m.random.choice(
         ["INCREMENT BY 2", "CACHE 30", "CYCLE", "NO CYCLE", "MAXVALUE 30000", "NO MAXVALUE", "START WITH 9", "OWNED BY NONE", "AS bigint"])))


def own_sequence(m):
    table = m.pick(m.relations("rp"))
    m.do("ALTER SEQUENCE %s OWNED BY %s.%s" % (m.pick(m.relations("S")).name, table.name, m.pick(m.columns(table)).name))


def drop_sequence(m):
    m.do("DROP SEQUENCE %s" % m.pick(m.relations("S")).name)


def change_extension(m):
    name = pool(m, "pg_trgm", "fuzzystrmatch", "unaccent", "tablefunc")
    m.do(m.random.choice(["CREATE EXTENSION %s SCHEMA public" % name, "CREATE EXTENSION %s SCHEMA %s" % (name, m.schema()), "DROP EXTENSION %s" % name, "ALTER EXTENSION %s SET SCHEMA %s" % (name, m.schema())]))


def change_schema(m):
    m.do(m.random.choice(["CREATE SCHEMA z1", "CREATE SCHEMA z2", "DROP SCHEMA z1", "DROP SCHEMA z2", "CREATE SCHEMA \"Z 3\"", "ALTER SCHEMA z1 OWNER TO random_clerk"]))


def comment(m):
    text = m.random.choice([None, "", "plain", "it's; -- a \\ comment\nof two lines", "Ü"])
    way = m.random.choice(["object", "object", "column", "constraint", "index", "trigger"])
    if way == "object":
        m.do("COMMENT ON %s %s IS %s" % (*objects.target(m), literal(text)))
    elif way == "column":
        table = m.pick(m.relations("rpv"))
        m.do("COMMENT ON COLUMN %s.%s IS %s" % (table.name, m.pick(m.columns(table)).name, literal(text)))
    elif way == "constraint":
        table, name, _, _ = m.pick(constraints(m))
        m.do("COMMENT ON CONSTRAINT %s ON %s IS %s" % (name, table, literal(text)))
    elif way == "index":
        m.do("COMMENT ON INDEX %s IS %s" % (m.pick(indexes(m)), literal(text)))
    else:
        table, name = m.pick(triggers(m))
        m.do("COMMENT ON TRIGGER %s ON %s IS %s" % (name, table, literal(text)))


def grant(m):
    kind, name = objects.target(m)
    privilege = {"TABLE": ["SELECT", "INSERT, UPDATE", "ALL"], "VIEW": ["SELECT", "DELETE"], "MATERIALIZED VIEW": ["SELECT"], "SEQUENCE": ["USAGE", "SELECT"], "TYPE": ["USAGE"], "SCHEMA": ["USAGE", "CREATE"]}[kind]
    what = m.random.choice(privilege)
    kind = "TABLE" if kind.endswith("VIEW") else kind
    role = m.random.choice(objects.ROLES)
    if kind == "TABLE" and m.chance(0.3):
        what = "SELECT (%s)" % m.pick(m.columns(m.table(name))).name
    if m.chance(0.6):
        m.do("GRANT %s ON %s %s TO %s%s" % (what, kind, name, role, " WITH GRANT OPTION" if role != "PUBLIC" and m.chance(0.2) else ""))
    else:
        m.do("REVOKE %s ON %s %s FROM %s" % (what, kind, name, role))


def change_owner(m):
    if m.owner:
        raise Nothing
    m.do("ALTER %s %s OWNER TO %s" % (*objects.target(m), m.random.choice(["random_clerk", "random_owner"])))


def create_policy(m):
    table = m.pick(m.relations("rp"))
    m.do("CREATE POLICY %s ON %s TO %s USING (%s)" % (pool(m, "y1", "y2"), table.name, m.random.choice(objects.ROLES), m.random.choice(["true", "%s IS NULL" % m.pick(m.columns(table)).name])))
    m.do("ALTER TABLE %s %s ROW LEVEL SECURITY" % (table.name, m.random.choice(["ENABLE", "DISABLE", "FORCE", "NO FORCE"])))


def drop_policy(m):
    table, name = m.pick(m.sorted(f"""SELECT p.polrelid::regclass::text, pg_catalog.quote_ident(p.polname) FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {user_object("c")} """))
    m.do("DROP POLICY %s ON %s" % (name, table))


def change_rule(m):
    rules = m.sorted(f"""SELECT w.ev_class::regclass::text, pg_catalog.quote_ident(w.rulename) FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE w.ev_type <> '1' AND {user_object("c")} """)
    if rules and m.chance(0.5):
        m.do("DROP RULE %s ON %s" % (m.pick(rules)[::-1]))
    else:
        m.do("CREATE OR REPLACE RULE %s AS ON %s TO %s DO %s" % (pool(m, "r1", "r2"), m.random.choice(["UPDATE", "DELETE"]), m.pick(m.relations("r")).name, m.random.choice(["INSTEAD NOTHING", "ALSO SELECT 2"])))


def create_materialized_view(m):
    source = m.pick(m.relations("rpv"))
    m.do("CREATE MATERIALIZED VIEW %s.%s AS SELECT %s FROM %s WITH %sDATA" % (m.schema(), pool(m, "mv1", "mv2"), m.pick(m.columns(source)).name, source.name, m.random.choice(["", "NO "])))


def drop_materialized_view(m):
    m.do("DROP MATERIALIZED VIEW %s" % m.pick(m.relations("m")).name)


def change_statistics(m):
    table = m.pick(m.relations("rp"))
    m.do("CREATE STATISTICS %s.%s ON %s FROM %s" % (m.schema(), pool(m, "st1", "st2"), ", ".join(c.name for c in m.sample(m.columns(table), 2)), table.name))


def immutable(m):
    """(name, argument) of the user's own immutable functions of one argument."""
    return m.query(f"""SELECT {qualified("n.nspname", "c.proname")}, c.proargtypes[0]::regtype::text FROM pg_catalog.pg_proc c JOIN pg_catalog.pg_namespace n ON n.oid = c.pronamespace
        WHERE c.provolatile = 'i' AND c.pronargs = 1 AND c.prokind = 'f' AND {user_object("c")} ORDER BY n.nspname COLLATE "C", c.proname COLLATE "C" """)


MUTATIONS = [
    (add_column, 6), (add_column_with_default, 3), (move_column, 2), (drop_column, 3), (rename_column, 1), (change_type, 4), (change_type_modifier, 1), (change_collation, 1), (change_default, 3),
    (change_not_null, 3), (change_identity, 2), (drop_expression, 1), (change_column_option, 1), (add_constraint, 5), (drop_constraint, 3),
    (change_constraint, 2), (add_index, 4), (drop_index, 2), (change_index, 1), (cluster_on, 1), (create_table, 4), (create_partitioned_table, 1),
    (change_partitions, 2), (add_partition, 1), (split_partition, 1), (reattach_partition, 1), (change_inheritance, 1), (drop_table, 2), (drop_table_with_everything, 1), (rename_table, 1), (move_to_schema, 1), (change_table_option, 2),
    (create_view, 3), (extend_view, 2), (drop_view, 2), (change_view, 1), (create_function, 3), (drop_function, 2), (change_function, 1),
    (create_trigger, 2), (drop_trigger, 1), (change_trigger, 1), (create_enum, 1), (add_label, 2), (use_label, 2), (rename_label, 1), (change_composite, 1), (create_domain, 1),
    (change_domain, 1), (drop_type, 1), (create_sequence, 1), (change_sequence, 2), (own_sequence, 1), (drop_sequence, 1), (change_extension, 1),
    (change_schema, 1), (create_policy, 2), (drop_policy, 1), (change_rule, 1), (create_materialized_view, 1), (drop_materialized_view, 1), (change_statistics, 1), (comment, 3), (grant, 4), (change_owner, 2),
]
