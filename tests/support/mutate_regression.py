"""Random drops and alterations of every kind for a large database that nobody made for us: PostgreSQL's regression database."""

import random

import psycopg2

# Every query gives statements, one for each thing that it could be done to.
RELATION = """
    SELECT c.oid, c.oid::regclass::text AS name, c.relkind AS kind, c.relispartition AS partition, c.reltype, c.reloftype
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'"""
COLUMN = f"""
    SELECT r.*, quote_ident(a.attname) AS attribute, a.attnum, a.attnotnull, a.attgenerated, a.attidentity, a.atthasdef, a.attinhcount,
           format_type(a.atttypid, a.atttypmod) AS type, t.typcategory AS category
    FROM ({RELATION}) r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attnum > 0 AND NOT a.attisdropped"""
ROUTINE = """
    SELECT p.oid, p.oid::regprocedure::text AS name, p.prokind AS kind, p.prolang, p.proname
    FROM pg_proc p WHERE p.oid >= 16384 AND p.pronamespace::regnamespace::text !~ '^pg_temp'"""
TYPE = """
    SELECT t.oid, t.oid::regtype::text AS name, t.typtype AS kind FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.oid >= 16384 AND t.typtype IN ('b', 'c', 'd', 'e', 'r') AND t.typelem = 0 AND coalesce(c.relkind, 'c') = 'c' AND t.typisdefined
          AND t.typnamespace::regnamespace::text !~ '^pg_temp'"""
KIND = """CASE kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE'
                    WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END"""
ROUTINE_KIND = "CASE kind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END"
ROLES = ["regress_mutation_a", "regress_mutation_b"]


def tables(*statements, where="kind IN ('r', 'p')"):
    """For each table, one of the statements; %s is its name."""
    return f"SELECT format(s, name) FROM ({RELATION}) r, unnest({array(statements)}) s WHERE {where}"


def columns(*statements, where="kind IN ('r', 'p')"):
    return f"SELECT format(s, name, attribute) FROM ({COLUMN}) r, unnest({array(statements)}) s WHERE {where}"


def array(statements):
    return "ARRAY[" + ", ".join("'" + s.replace("'", "''") + "'" for s in statements) + "]"


def objects(classid, relation, kind):
    return f"SELECT (pg_identify_object('{classid}'::regclass, oid, 0)).*, upper('{kind}') AS word FROM {relation} WHERE oid >= 16384"


# A weight, and what it does.
MUTATIONS = [
    # Drops, with all that depends on them, as a DBA would.
    (10, f"SELECT 'DROP ' || {KIND} || ' ' || name || ' CASCADE' FROM ({RELATION}) r WHERE kind <> 'c'"),
    (3, f"SELECT 'DROP TABLE ' || name || ' CASCADE' FROM ({RELATION}) r WHERE kind IN ('r', 'p')"),
    (4, f"SELECT 'DROP ' || {KIND} || ' ' || name || ' CASCADE' FROM ({RELATION}) r WHERE kind IN ('v', 'm', 'S', 'f')"),
    (3, f"SELECT 'DROP INDEX ' || name FROM ({RELATION}) r WHERE kind IN ('i', 'I')"),
    (6, f"SELECT 'DROP ' || {ROUTINE_KIND} || ' ' || name || ' CASCADE' FROM ({ROUTINE}) r"),
    (4, f"SELECT 'DROP TYPE ' || name || ' CASCADE' FROM ({TYPE}) r WHERE kind <> 'b'"),
    (1, f"SELECT 'DROP TYPE ' || name || ' CASCADE' FROM ({TYPE}) r WHERE kind = 'b'"),
    (4, f"""SELECT 'DROP ' || word || ' ' || identity || ' CASCADE' FROM ({" UNION ALL ".join(objects(*o) for o in [
        ("pg_operator", "pg_operator", "operator"), ("pg_collation", "pg_collation", "collation"),
        ("pg_statistic_ext", "pg_statistic_ext", "statistics"), ("pg_conversion", "pg_conversion", "conversion"),
        ("pg_ts_config", "pg_ts_config", "text search configuration"), ("pg_ts_dict", "pg_ts_dict", "text search dictionary"),
        ("pg_ts_parser", "pg_ts_parser", "text search parser"), ("pg_ts_template", "pg_ts_template", "text search template"),
        ("pg_opclass", "pg_opclass", "operator class"), ("pg_opfamily", "pg_opfamily", "operator family"),
        ("pg_publication", "pg_publication", "publication"), ("pg_foreign_server", "pg_foreign_server", "server"),
        ("pg_foreign_data_wrapper", "pg_foreign_data_wrapper", "foreign data wrapper"), ("pg_event_trigger", "pg_event_trigger", "event trigger"),
        ("pg_language", "pg_language", "language"), ("pg_am", "pg_am", "access method")])}) o"""),
    (2, "SELECT format('DROP CAST (%s AS %s) CASCADE', format_type(castsource, NULL), format_type(casttarget, NULL)) FROM pg_cast WHERE oid >= 16384"),
    (6, "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) FROM pg_constraint WHERE conrelid <> 0 AND oid >= 16384"),
    (3, "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal"),
    (2, "SELECT format('DROP POLICY %I ON %s', polname, polrelid::regclass) FROM pg_policy"),
    (2, "SELECT format('DROP RULE %I ON %s', rulename, ev_class::regclass) FROM pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN'"),
    (1, "SELECT format('DROP USER MAPPING FOR %I SERVER %I', usename, srvname) FROM pg_user_mappings"),
    # Columns.
    (6, columns("ALTER TABLE %s DROP COLUMN %s CASCADE")),
    (6, columns("ALTER TABLE %s RENAME COLUMN %s TO renamed", "ALTER TABLE %s RENAME COLUMN %s TO a", "ALTER TABLE %s RENAME COLUMN %s TO b")),
    (6, columns("ALTER TABLE %s ALTER COLUMN %s TYPE text", where="kind IN ('r', 'p') AND type <> 'text'")),
    (3, columns("ALTER TABLE %s ALTER COLUMN %s TYPE bigint", "ALTER TABLE %s ALTER COLUMN %s TYPE numeric(12,3)",
                "ALTER TABLE %s ALTER COLUMN %s TYPE smallint", where="kind IN ('r', 'p') AND category = 'N'")),
    (2, columns("ALTER TABLE %s ALTER COLUMN %s TYPE varchar(77)", 'ALTER TABLE %s ALTER COLUMN %s TYPE text COLLATE "C"', where="kind IN ('r', 'p') AND category = 'S'")),
    (3, columns("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL")),
    (3, columns("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", "ALTER TABLE %s ALTER COLUMN %s DROP EXPRESSION", "ALTER TABLE %s ALTER COLUMN %s DROP IDENTITY",
                where="kind IN ('r', 'p') AND (atthasdef OR attidentity <> '')")),
    (3, columns("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT NULL", "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT '17'")),
    (2, columns("ALTER TABLE %s ALTER COLUMN %s ADD GENERATED ALWAYS AS IDENTITY", "ALTER TABLE %s ALTER COLUMN %s ADD GENERATED BY DEFAULT AS IDENTITY (START 7)",
                "ALTER TABLE %s ALTER COLUMN %s SET GENERATED ALWAYS", where="kind IN ('r', 'p') AND attnotnull AND type IN ('integer', 'bigint')")),
    (3, columns("ALTER TABLE %s ALTER COLUMN %s SET STATISTICS 7", "ALTER TABLE %s ALTER COLUMN %s SET (n_distinct = 5)",
                "ALTER TABLE %s ALTER COLUMN %s SET STORAGE EXTERNAL", "ALTER TABLE %s ALTER COLUMN %s SET STORAGE PLAIN", "ALTER TABLE %s ALTER COLUMN %s SET COMPRESSION pglz")),
    (6, tables("ALTER TABLE %s ADD COLUMN extra int DEFAULT 7", "ALTER TABLE %s ADD COLUMN extra text NOT NULL DEFAULT 'x'", "ALTER TABLE %s ADD COLUMN a text",
               "ALTER TABLE %s ADD COLUMN extra bigint GENERATED ALWAYS AS IDENTITY", "ALTER TABLE %s ADD COLUMN extra serial",
               "ALTER TABLE %s ADD COLUMN extra int GENERATED ALWAYS AS (1 + 2) STORED")),
    # Constraints and indexes.
    (4, columns("ALTER TABLE %1$s ADD CONSTRAINT extra_check CHECK (%2$s IS NOT NULL)", "ALTER TABLE %1$s ADD CONSTRAINT extra_check CHECK (%2$s IS NOT NULL) NOT VALID",
                "ALTER TABLE %1$s ADD CONSTRAINT extra_check CHECK (%2$s IS NOT NULL) NO INHERIT", "ALTER TABLE %1$s ADD CHECK (%2$s IS NOT NULL OR %2$s IS NULL)")),
    (3, columns("ALTER TABLE %1$s ADD UNIQUE (%2$s)", "ALTER TABLE %1$s ADD PRIMARY KEY (%2$s)", "ALTER TABLE %1$s ADD UNIQUE (%2$s) DEFERRABLE")),
    (5, columns("CREATE INDEX ON %1$s (%2$s)", "CREATE UNIQUE INDEX ON %1$s (%2$s)", "CREATE INDEX ON %1$s USING hash (%2$s)", "CREATE INDEX ON %1$s ((%2$s::text)) WHERE %2$s IS NOT NULL",
                where="kind IN ('r', 'p', 'm')")),
    (2, """SELECT format(s, conrelid::regclass, conname) FROM pg_constraint, unnest(ARRAY['ALTER TABLE %s RENAME CONSTRAINT %I TO renamed_constraint',
           'ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE', 'COMMENT ON CONSTRAINT %2$I ON %1$s IS ''changed''']) s WHERE conrelid <> 0 AND oid >= 16384"""),
    (2, """SELECT format('ALTER TABLE %s ADD CONSTRAINT extra_foreign_key FOREIGN KEY (%I) REFERENCES %s NOT VALID', a.attrelid::regclass, a.attname, k.conrelid::regclass)
           FROM pg_constraint k JOIN pg_attribute p ON p.attrelid = k.conrelid AND ARRAY[p.attnum] = k.conkey
                JOIN pg_attribute a ON a.atttypid = p.atttypid AND a.attnum > 0 JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
           WHERE k.contype = 'p' AND c.oid >= 16384"""),
    (3, f"""SELECT format(s, name) FROM ({RELATION}) r, unnest(ARRAY['ALTER INDEX %s RENAME TO renamed_index', 'ALTER INDEX %s SET (fillfactor = 66)',
            'COMMENT ON INDEX %s IS ''changed''']) s WHERE kind IN ('i', 'I')"""),
    (1, """SELECT format(s, indrelid::regclass, relname) FROM pg_index JOIN pg_class i ON i.oid = indexrelid, unnest(ARRAY['ALTER TABLE %s CLUSTER ON %I',
           'ALTER TABLE %s REPLICA IDENTITY USING INDEX %I']) s WHERE indexrelid >= 16384"""),
    # Tables.
    (3, tables("ALTER TABLE %s RENAME TO renamed_table", "ALTER TABLE %s SET SCHEMA testxmlschema", where="kind IN ('r', 'p', 'v', 'm', 'S', 'f')")),
    (4, tables("ALTER TABLE %s SET (fillfactor = 55)", "ALTER TABLE %s RESET (fillfactor, autovacuum_enabled, parallel_workers)", "ALTER TABLE %s SET (toast.autovacuum_enabled = false)",
               "ALTER TABLE %s REPLICA IDENTITY FULL", "ALTER TABLE %s ENABLE ROW LEVEL SECURITY", "ALTER TABLE %s FORCE ROW LEVEL SECURITY", "ALTER TABLE %s DISABLE ROW LEVEL SECURITY",
               "ALTER TABLE %s SET UNLOGGED", "ALTER TABLE %s SET LOGGED", "ALTER TABLE %s SET WITHOUT CLUSTER", "ALTER TABLE %s SET ACCESS METHOD heap2")),
    (2, tables("ALTER TABLE %s DISABLE TRIGGER ALL", "ALTER TABLE %s DISABLE TRIGGER USER")),
    (2, """SELECT format(s, tgrelid::regclass, tgname) FROM pg_trigger, unnest(ARRAY['ALTER TABLE %s DISABLE TRIGGER %I', 'ALTER TABLE %s ENABLE ALWAYS TRIGGER %I',
           'ALTER TRIGGER %2$I ON %1$s RENAME TO renamed_trigger', 'COMMENT ON TRIGGER %2$I ON %1$s IS ''changed''']) s WHERE NOT tgisinternal"""),
    (4, "SELECT format('ALTER TABLE %s DETACH PARTITION %s', inhparent::regclass, inhrelid::regclass) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relispartition"),
    (2, "SELECT format('ALTER TABLE %s NO INHERIT %s', inhrelid::regclass, inhparent::regclass) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE NOT relispartition"),
    (1, tables("CREATE TABLE extra_child () INHERITS (%s)", "CREATE TABLE extra_like (LIKE %s INCLUDING ALL)", "CREATE TABLE extra_partition PARTITION OF %s DEFAULT")),
    (1, tables("ALTER TABLE %s NOT OF", where="reloftype <> 0")),
    (2, columns("CREATE POLICY extra_policy ON %s USING (%s IS NOT NULL)")),
    (2, columns("CREATE RULE extra_rule AS ON UPDATE TO %s WHERE OLD.%s IS NULL DO INSTEAD NOTHING", where="kind IN ('r', 'p', 'v')")),
    (1, columns("CREATE STATISTICS ON (%2$s::text), (%2$s IS NULL) FROM %1$s")),
    (2, f"""SELECT format('CREATE TRIGGER extra_trigger AFTER INSERT ON %s FOR EACH %s EXECUTE FUNCTION %s', r.name, level, p.oid::regproc)
            FROM ({RELATION}) r, pg_proc p, unnest(ARRAY['ROW', 'STATEMENT']) level WHERE r.kind IN ('r', 'p') AND p.prorettype = 'trigger'::regtype AND p.oid >= 16384"""),
    # Views.
    (3, f"SELECT format('CREATE OR REPLACE VIEW %s AS SELECT w.*, 1 AS extra FROM (%s) w', name, rtrim(pg_get_viewdef(oid), ';')) FROM ({RELATION}) r WHERE kind = 'v'"),
    (2, f"SELECT format(s, name) FROM ({RELATION}) r, unnest(ARRAY['ALTER VIEW %s SET (security_barrier = true)', 'ALTER VIEW %s RESET (security_barrier, security_invoker)']) s WHERE kind = 'v'"),
    (2, columns("ALTER VIEW %s RENAME COLUMN %s TO renamed", "ALTER VIEW %s ALTER COLUMN %s SET DEFAULT NULL", "COMMENT ON COLUMN %s.%s IS 'changed'", where="kind = 'v'")),
    (1, f"""SELECT format('CREATE VIEW extra_view AS SELECT * FROM %s', name) FROM ({RELATION}) r WHERE kind IN ('r', 'v', 'm', 'p')
            UNION ALL SELECT format('CREATE MATERIALIZED VIEW extra_matview AS SELECT * FROM %s WITH NO DATA', name) FROM ({RELATION}) r WHERE kind IN ('r', 'v', 'm', 'p')"""),
    # Routines.
    (5, f"""SELECT format(s, name) FROM ({ROUTINE}) r, unnest(ARRAY['ALTER FUNCTION %s IMMUTABLE', 'ALTER FUNCTION %s SECURITY DEFINER', 'ALTER FUNCTION %s COST 77',
            'ALTER FUNCTION %s SET work_mem = ''6MB''', 'ALTER FUNCTION %s STRICT', 'ALTER FUNCTION %s RENAME TO renamed_function', 'ALTER FUNCTION %s SET SCHEMA testxmlschema']) s
            WHERE kind IN ('f', 'w')"""),
    (4, """SELECT regexp_replace(pg_get_functiondef(p.oid), '(AS \\$(function|procedure)\\$).*(\\$\\2\\$)', '\\1 changed \\3') FROM pg_proc p
           WHERE p.oid >= 16384 AND prokind IN ('f', 'p') AND prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql')) AND prosqlbody IS NULL"""),
    (2, """SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.oid >= 16384 AND prokind IN ('f', 'p') AND prosqlbody IS NOT NULL"""),
    # Types.
    (3, """SELECT format(s, enumtypid::regtype, enumlabel) FROM pg_enum, unnest(ARRAY['ALTER TYPE %s RENAME VALUE %L TO ''renamed''', 'ALTER TYPE %s ADD VALUE ''before'' BEFORE %L',
           'ALTER TYPE %s ADD VALUE ''after'' AFTER %L']) s"""),
    (3, f"""SELECT format(s, name) FROM ({TYPE}) r, unnest(ARRAY['ALTER DOMAIN %s SET NOT NULL', 'ALTER DOMAIN %s DROP NOT NULL', 'ALTER DOMAIN %s SET DEFAULT NULL', 'ALTER DOMAIN %s DROP DEFAULT',
            'ALTER DOMAIN %s ADD CONSTRAINT extra_check CHECK (VALUE IS NOT NULL OR VALUE IS NULL)', 'ALTER DOMAIN %s ADD CONSTRAINT extra_check CHECK (VALUE IS NOT NULL) NOT VALID']) s WHERE kind = 'd'
            UNION ALL SELECT format('ALTER DOMAIN %s DROP CONSTRAINT %I', contypid::regtype, conname) FROM pg_constraint WHERE contypid <> 0 AND oid >= 16384"""),
    (3, f"""SELECT format(s, name) FROM ({TYPE}) r, unnest(ARRAY['ALTER TYPE %s ADD ATTRIBUTE extra int CASCADE', 'ALTER TYPE %s RENAME TO renamed_type', 'ALTER TYPE %s SET SCHEMA testxmlschema']) s
            WHERE kind IN ('c', 'e', 'd', 'r')"""),
    (2, columns("ALTER TYPE %s DROP ATTRIBUTE %s CASCADE", "ALTER TYPE %s RENAME ATTRIBUTE %s TO renamed CASCADE", "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE text CASCADE", where="kind = 'c'")),
    (1, f"SELECT format(s, name) FROM ({TYPE}) r, unnest(ARRAY['CREATE TABLE extra_user (c %s)', 'CREATE TABLE extra_users (c %s[])', 'CREATE DOMAIN extra_domain AS %s']) s"),
    # Sequences.
    (2, f"""SELECT format(s, name) FROM ({RELATION}) r, unnest(ARRAY['ALTER SEQUENCE %s INCREMENT BY 2', 'ALTER SEQUENCE %s CACHE 30 CYCLE', 'ALTER SEQUENCE %s OWNED BY NONE',
            'ALTER SEQUENCE %s START 9', 'ALTER SEQUENCE %s SET UNLOGGED', 'ALTER SEQUENCE %s RENAME TO renamed_sequence', 'ALTER SEQUENCE %s AS bigint']) s WHERE kind = 'S'"""),
    # What every object has.
    (5, f"""SELECT format(s, {KIND}, name) FROM ({RELATION}) r, unnest(ARRAY['COMMENT ON %s %s IS ''changed''', 'COMMENT ON %s %s IS NULL']) s
            UNION ALL SELECT format('COMMENT ON %s %s IS ''changed''', {ROUTINE_KIND}, name) FROM ({ROUTINE}) r
            UNION ALL SELECT format('COMMENT ON TYPE %s IS ''changed''', name) FROM ({TYPE}) r"""),
    (3, columns("COMMENT ON COLUMN %s.%s IS 'changed'", "COMMENT ON COLUMN %s.%s IS NULL", where="kind IN ('r', 'p', 'v', 'm', 'c')")),
    (5, f"""SELECT format(s, name) FROM ({RELATION}) r, unnest(ARRAY['GRANT ALL ON %s TO PUBLIC', 'GRANT SELECT, INSERT ON %s TO {ROLES[0]} WITH GRANT OPTION', 'REVOKE ALL ON %s FROM CURRENT_USER',
            'REVOKE ALL ON %s FROM PUBLIC']) s WHERE kind IN ('r', 'p', 'v', 'm', 'S', 'f')"""),
    (2, columns("GRANT SELECT (%2$s), UPDATE (%2$s) ON %1$s TO " + ROLES[1], where="kind IN ('r', 'p', 'v')")),
    (3, f"""SELECT format(s, {ROUTINE_KIND.replace("AGGREGATE", "FUNCTION")}, name) FROM ({ROUTINE}) r, unnest(ARRAY['REVOKE ALL ON %s %s FROM PUBLIC', 'GRANT EXECUTE ON %s %s TO {ROLES[0]}']) s
            UNION ALL SELECT format('REVOKE ALL ON TYPE %s FROM PUBLIC', name) FROM ({TYPE}) r"""),
    (5, f"""SELECT format('ALTER %s %s OWNER TO {ROLES[1]}', {KIND}, name) FROM ({RELATION}) r WHERE kind NOT IN ('i', 'I')
            UNION ALL SELECT format('ALTER %s %s OWNER TO {ROLES[0]}', {ROUTINE_KIND}, name) FROM ({ROUTINE}) r
            UNION ALL SELECT format('ALTER TYPE %s OWNER TO {ROLES[0]}', name) FROM ({TYPE}) r WHERE kind <> 'd'"""),
    (1, f"""SELECT format(s, nspname) FROM pg_namespace, unnest(ARRAY['ALTER SCHEMA %I OWNER TO {ROLES[0]}', 'GRANT ALL ON SCHEMA %I TO {ROLES[1]}', 'COMMENT ON SCHEMA %I IS ''changed''',
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO {ROLES[0]}']) s WHERE oid >= 16384 AND nspname !~ '^pg_'"""),
]


def mutate(cluster, db, seed, changes):
    """Makes `changes` of them, each by itself; those that the server refuses do not count. Returns the statements."""
    rng = random.Random(seed)
    done = []
    connection = cluster.connect(db)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET client_min_messages = error; SET search_path = ''; SET check_function_bodies = off; SET lock_timeout = '5s'")
            for role in ROLES:
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,))
                if cursor.fetchone() is None:
                    cursor.execute("CREATE ROLE %s" % role)
            while len(done) < changes:
                query = rng.choices([q for _, q in MUTATIONS], [w for w, _ in MUTATIONS])[0]
                cursor.execute(query)
                statements = sorted(row[0] for row in cursor.fetchall() if row[0])
                for statement in rng.sample(statements, min(3, len(statements))):
                    try:
                        cursor.execute(statement)
                    except psycopg2.Error:
                        continue
                    done.append(statement)
                    break
    finally:
        connection.close()
    return done
