"""The mutations of definitions: the core classes, their comments, grants and owners. Names come from small pools so that both sides collide."""

from support.mutate import Nothing, qualified, user_object

TYPES = ["integer", "bigint", "smallint", "numeric", "numeric(10,2)", "text", "character varying(40)", "character(5)", "boolean", "date",
         "timestamp without time zone", "timestamp with time zone", "uuid", "jsonb", "json", "double precision", "real", "bytea", "text[]", "integer[]",
         "interval", "inet", "int4range", "time without time zone", "public.citext", 'text COLLATE "C"', 'text COLLATE "en-x-icu"']
WIDER = {"smallint": ["integer", "bigint"], "integer": ["bigint", "numeric", "text"], "bigint": ["numeric", "text"], "numeric": ["text"],
         "character varying": ["text", "character varying(4000)"], "character": ["text", "character varying(20)"], "text": ["character varying(5000)", "public.citext"],
         "date": ["timestamp without time zone", "text"], "timestamp without time zone": ["timestamp with time zone", "timestamp(3) without time zone"],
         "timestamp with time zone": ["timestamp without time zone"], "real": ["double precision"], "double precision": ["numeric"], "json": ["jsonb", "text"],
         "jsonb": ["text", "json"], "uuid": ["text"], "boolean": ["text", "integer"], "public.citext": ["text"], "cidr": ["inet"]}
ROLES = ["shop_reader", "shop_clerk", "PUBLIC"]


def pool(m, *names):
    return m.random.choice(names)


def add_column(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    name, type = pool(m, "c1", "c2", "c3", '"C 4"'), m.random.choice(TYPES)
    clause = ""
    if m.chance(0.5):
        value = m.value(type.split(" COLLATE")[0], "A" if type.endswith("[]") else "?", type[:-2] if type.endswith("[]") else None)
        m.do("ALTER TABLE %s ADD COLUMN %s %s DEFAULT %%s%s" % (table.name, name, type, m.random.choice(["", " NOT NULL"])), (value,))
        return
    if m.chance(0.2):
        source = m.pick(c for c in m.columns(table) if c.base in ("integer", "bigint", "text", "numeric") and not c.generated)
        type, clause = ("text", " GENERATED ALWAYS AS (lower(%s)) STORED" % source.name) if source.base == "text" else (
            "numeric", " GENERATED ALWAYS AS (%s * 2) STORED" % source.name)
    elif m.chance(0.1):
        type, clause = "bigint", " GENERATED %s AS IDENTITY" % m.random.choice(["ALWAYS", "BY DEFAULT"])
    elif m.chance(0.1):
        type = "serial"
    elif m.chance(0.1):
        type = m.pick(own_types(m, "ed"))
    m.do("ALTER TABLE %s ADD COLUMN %s %s%s" % (table.name, name, type, clause))


def drop_column(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if not c.in_key)
    m.do("ALTER TABLE %s DROP COLUMN %s" % (table.name, column.name))


def rename_column(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    m.do("ALTER TABLE %s RENAME COLUMN %s TO %s" % (table.name, m.pick(m.columns(table)).name, pool(m, "c1", "c2", "c3", "renamed")))


def change_type(m):
    table = m.pick(t for t in m.relations("rp") if not t.is_partition)
    column = m.pick(c for c in m.columns(table) if c.base.split("(")[0] in WIDER and not c.generated)
    type = m.random.choice(WIDER[column.base.split("(")[0]])
    m.do("ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s::%s" % (table.name, column.name, type, column.name, type))


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
        m.do("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT pg_catalog.nextval(%%s)" % (table.name, column.name), (m.pick(m.relations("S")).name,))
    elif column.base == "text" and m.chance(0.3):
        m.do("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT public.slug('A b')" % (table.name, column.name))
    else:
        m.do("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %%s::%s" % (table.name, column.name, column.type), (m.column_value(column),))


def change_not_null(m):
    table = m.pick(m.relations("rp"))
    column = m.pick(c for c in m.columns(table) if not c.in_key)
    if column.not_null:
        m.do("ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL" % (table.name, column.name))
    else:
        if m.chance(0.5):
            m.do("UPDATE %s SET %s = %%s::%s WHERE %s IS NULL" % (table.name, column.name, column.type, column.name),
                 (m.value(column.type if column.category == "E" else column.base, column.category, column.element),))
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
        test = m.random.choice(["%s IS NOT NULL", "%s::text <> 'never'", "length(%s::text) < 100000"]) % column.name
        m.do("ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s)%s" % (table.name, name, test, m.random.choice(["", "", " NOT VALID"])))
    elif way == "unique":
        chosen = m.random.sample(columns, min(len(columns), m.random.choice([1, 2, 3])))
        m.do("ALTER TABLE %s ADD CONSTRAINT %s UNIQUE%s (%s)%s" % (table.name, name, m.random.choice(["", " NULLS NOT DISTINCT"]),
             ", ".join(c.name for c in chosen), m.random.choice(["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"])))
    elif way == "foreign":
        target = m.pick(t for t in m.relations("rp") if t.has_key)
        keys = [c for c in m.columns(target) if c.in_key]
        key = keys[0] if len(keys) == 1 else m.pick([])
        column = m.pick(c for c in columns if c.base == key.base)
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
    chosen = m.random.sample(columns, min(len(columns), m.random.choice([1, 1, 2])))
    terms = []
    for c in chosen:
        if c.base in ("text", "character varying") and m.chance(0.4):
            terms.append(m.random.choice(["lower(%s)", "public.slug(%s)", '%s COLLATE "C"', "%s text_pattern_ops"]) % c.name)
        else:
            terms.append(c.name + m.random.choice(["", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"]))
    m.do("CREATE %sINDEX %s ON %s%s (%s)%s%s" % (m.random.choice(["", "", "UNIQUE "]), pool(m, "i1", "i2", "i3", '"I 4"'), m.random.choice(["", "ONLY "]), table.name,
         ", ".join(terms), " INCLUDE (%s)" % m.random.choice(columns).name if m.chance(0.2) else "",
         " WHERE %s IS NOT NULL" % m.random.choice(columns).name if m.chance(0.2) else ""))


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
    columns = []
    for c in m.random.sample(["a", "b", "c", "d", '"E e"'], m.random.randrange(1, 6)):
        type = m.pick(own_types(m, "ed")) if m.chance(0.15) else m.random.choice(TYPES)
        columns.append("%s %s%s" % (c, type, m.random.choice(["", "", " NOT NULL"])))
    key = m.random.choice(["id int PRIMARY KEY", "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "id serial PRIMARY KEY", "id uuid PRIMARY KEY",
                           'id text COLLATE "en-x-icu" PRIMARY KEY', "id int, no text, PRIMARY KEY (no, id)", "id int"])
    m.do("CREATE %sTABLE %s (%s)" % (m.random.choice(["", "", "", "UNLOGGED "]), name, ", ".join(columns + [key])))
    table = [t for t in m.relations() if t.name == name][0]
    for _ in range(m.random.choice([0, 1, 5, 30])):
        fill(m, table)


def fill(m, table):
    columns = [c for c in m.columns(table) if not c.generated and not c.identity]
    m.do("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING" % (table.name, ", ".join(c.name for c in columns),
         ", ".join("%%s::%s" % c.type for c in columns)), [m.column_value(c) for c in columns])


def create_partitioned_table(m):
    name = "%s.%s" % (m.schema(), pool(m, "p1", "p2"))
    m.do("CREATE TABLE %s (id int, a text, b int NOT NULL DEFAULT 5, PRIMARY KEY (id)) PARTITION BY RANGE (id)" % name)
    for n in range(m.random.randrange(1, 4)):
        m.do("CREATE TABLE %s_%d PARTITION OF %s FOR VALUES FROM (%d) TO (%d)" % (name, n, name, n * 100, n * 100 + 100))
    for n in range(m.random.randrange(30)):
        m.do("INSERT INTO %s (id, a) VALUES (%d, %%s) ON CONFLICT DO NOTHING" % (name, m.random.randrange(100)), (m.text(),))


def change_partitions(m):
    """Adds a partition, takes one off, drops one, or puts one back under other bounds."""
    parents = [t for t in m.relations("p") if t.name.endswith((".p1", ".p2", "page_view"))]
    parent = m.pick(parents)
    ours = not parent.name.endswith("page_view")
    n = m.random.randrange(3, 8)
    bounds = "FROM (%d) TO (%d)" % (n * 100, n * 100 + 100) if ours else "FROM ('2027-0%d-01') TO ('2027-0%d-01')" % (n, n + 1)
    children = [r for r, in m.sorted("SELECT inhrelid::regclass::text FROM pg_catalog.pg_inherits WHERE inhparent = %s", (parent.oid,))]
    way = m.random.choice(["add", "add", "detach", "drop"])
    if way == "add":
        m.do("CREATE TABLE %s_%d PARTITION OF %s FOR VALUES %s" % (parent.name, n, parent.name, bounds))
    elif way == "detach":
        m.do("ALTER TABLE %s DETACH PARTITION %s" % (parent.name, m.pick(children)))
    else:
        m.do("DROP TABLE %s" % m.pick(children))


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
    where = m.random.choice(["", " WHERE %s IS NOT NULL" % m.random.choice(columns).name])
    m.do("CREATE %sVIEW %s.%s%s AS SELECT %s FROM %s%s" % (m.random.choice(["", "OR REPLACE "]), m.schema(), pool(m, "v1", "v2", "v3"),
         m.random.choice(["", " WITH (security_barrier)", " WITH (security_invoker = true)"]), ", ".join(c.name for c in chosen), source.name, where))


def extend_view(m):
    view = m.pick(m.relations("v"))
    definition, = m.query("SELECT pg_catalog.pg_get_viewdef(%s)", (view.oid,))[0]
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


def own_types(m, kinds):
    return [t for t, in m.sorted(f"""SELECT {qualified("n.nspname", "c.typname")} FROM pg_catalog.pg_type c JOIN pg_catalog.pg_namespace n ON n.oid = c.typnamespace
        WHERE c.typtype = ANY (%s::"char"[]) AND {user_object("c")} """, (list(kinds),))]


def create_enum(m):
    labels = m.random.sample(["a", "b", "c", "it's", "E e"], m.random.randrange(1, 6))
    m.do("CREATE TYPE %s.%s AS ENUM (%s)" % (m.schema(), pool(m, "e1", "e2"), ", ".join(["%s"] * len(labels))), labels)


def add_label(m):
    type = m.pick(own_types(m, "e"))
    place, parameters = m.random.choice([("", []), (" BEFORE %s", None), (" AFTER %s", None)])
    if parameters is None:
        parameters = [m.pick(m.labels(type))]
    m.do("ALTER TYPE %s ADD VALUE %%s%s" % (type, place), [m.random.choice(["x1", "x2", "later", "Ünder"])] + parameters)


def use_label(m):
    """Rows with a label, preferably a new one."""
    table = m.pick(m.relations())
    column = m.pick(c for c in m.columns(table) if c.category == "E")
    places = m.row_ids(table, 5)
    m.do("UPDATE %s SET %s = %%s::%s WHERE ctid = ANY (%%s::tid[])" % (table.name, column.name, column.type), (m.labels(column.type)[-1], places))


def rename_label(m):
    type = m.pick(own_types(m, "e"))
    m.do("ALTER TYPE %s RENAME VALUE %%s TO %%s" % type, (m.pick(m.labels(type)), m.random.choice(["x1", "x3", "renamed"])))


def create_domain(m):
    base, check = m.random.choice([("int", "VALUE > -1000000"), ("text", "length(VALUE) < 100000"), ("numeric(12,2)", None)])
    m.do("CREATE DOMAIN %s.%s AS %s%s%s" % (m.schema(), pool(m, "d1", "d2"), base, m.random.choice(["", " DEFAULT '1'", " NOT NULL"]), " CHECK (%s)" % check if check else ""))


def change_domain(m):
    m.do("ALTER DOMAIN %s %s" % (m.pick(own_types(m, "d")), m.random.choice(
         ["SET DEFAULT '2'", "DROP DEFAULT", "DROP NOT NULL", "SET NOT NULL", "ADD CONSTRAINT dk1 CHECK (VALUE::text <> 'never')", "DROP CONSTRAINT dk1",
          "ADD CONSTRAINT dk2 CHECK (VALUE IS NOT NULL) NOT VALID"])))


def drop_type(m):
    m.do("DROP TYPE %s" % m.pick(own_types(m, "ed")))


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
    m.do(m.random.choice(["CREATE EXTENSION %s SCHEMA public" % name, "CREATE EXTENSION %s SCHEMA web" % name, "DROP EXTENSION %s" % name, "ALTER EXTENSION %s SET SCHEMA stock" % name]))


def change_schema(m):
    m.do(m.random.choice(["CREATE SCHEMA z1", "CREATE SCHEMA z2", "DROP SCHEMA z1", "DROP SCHEMA z2", "CREATE SCHEMA \"Z 3\"", "ALTER SCHEMA z1 OWNER TO shop_clerk"]))


def target(m):
    """Something that has a comment, an owner and grants, as the SQL that names it, with its kind."""
    way = m.random.choice(["relation", "relation", "function", "type", "schema"])
    if way == "relation":
        r = m.pick(m.relations("rpvS"))
        return {"r": "TABLE", "p": "TABLE", "v": "VIEW", "S": "SEQUENCE"}[r.kind], r.name
    if way == "function":
        return "FUNCTION", m.pick(functions(m))[0]
    if way == "type":
        return "TYPE", m.pick(own_types(m, "ed"))
    return "SCHEMA", m.schema()


def comment(m):
    text = m.random.choice([None, "", "plain", "it's; -- a \\ comment\nof two lines", "Ü"])
    way = m.random.choice(["object", "object", "column", "constraint", "index", "trigger"])
    if way == "object":
        m.do("COMMENT ON %s %s IS %%s" % target(m), (text,))
    elif way == "column":
        table = m.pick(m.relations("rpv"))
        m.do("COMMENT ON COLUMN %s.%s IS %%s" % (table.name, m.pick(m.columns(table)).name), (text,))
    elif way == "constraint":
        table, name, _, _ = m.pick(constraints(m))
        m.do("COMMENT ON CONSTRAINT %s ON %s IS %%s" % (name, table), (text,))
    elif way == "index":
        m.do("COMMENT ON INDEX %s IS %%s" % m.pick(indexes(m)), (text,))
    else:
        table, name = m.pick(triggers(m))
        m.do("COMMENT ON TRIGGER %s ON %s IS %%s" % (name, table), (text,))


def grant(m):
    kind, name = target(m)
    privilege = {"TABLE": ["SELECT", "INSERT, UPDATE", "ALL"], "VIEW": ["SELECT", "DELETE"], "SEQUENCE": ["USAGE", "SELECT"], "FUNCTION": ["EXECUTE"], "TYPE": ["USAGE"],
                 "SCHEMA": ["USAGE", "CREATE"]}[kind]
    what = m.random.choice(privilege)
    kind = "TABLE" if kind == "VIEW" else kind
    role = m.random.choice(ROLES)
    if kind == "TABLE" and m.chance(0.3):
        relation = [r for r in m.relations("rpv") if r.name == name][0]
        what = "SELECT (%s)" % m.pick(m.columns(relation)).name
    if m.chance(0.6):
        m.do("GRANT %s ON %s %s TO %s%s" % (what, kind, name, role, " WITH GRANT OPTION" if role != "PUBLIC" and m.chance(0.2) else ""))
    else:
        m.do("REVOKE %s ON %s %s FROM %s" % (what, kind, name, role))


def change_owner(m):
    m.do("ALTER %s %s OWNER TO %s" % (*target(m), m.random.choice(["shop_clerk", "postgres"])))


MUTATIONS = [
    (add_column, 6), (drop_column, 3), (rename_column, 1), (change_type, 4), (change_type_modifier, 1), (change_collation, 1), (change_default, 3),
    (change_not_null, 3), (change_identity, 2), (drop_expression, 1), (change_column_option, 1), (add_constraint, 5), (drop_constraint, 3),
    (change_constraint, 2), (add_index, 4), (drop_index, 2), (change_index, 1), (cluster_on, 1), (create_table, 4), (create_partitioned_table, 1),
    (change_partitions, 2), (drop_table, 2), (drop_table_with_everything, 1), (rename_table, 1), (move_to_schema, 1), (change_table_option, 2),
    (create_view, 3), (extend_view, 2), (drop_view, 2), (change_view, 1), (create_function, 3), (drop_function, 2), (change_function, 1),
    (create_trigger, 2), (drop_trigger, 1), (change_trigger, 1), (create_enum, 1), (add_label, 2), (use_label, 2), (rename_label, 1), (create_domain, 1),
    (change_domain, 1), (drop_type, 1), (create_sequence, 1), (change_sequence, 2), (own_sequence, 1), (drop_sequence, 1), (change_extension, 1),
    (change_schema, 1), (comment, 3), (grant, 4), (change_owner, 2),
]
