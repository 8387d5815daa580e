"""Rows of every kind of table: cases in schemas of their own, all in one pair of databases."""

import pytest

from support import programs, ways

RANGE = "CREATE TABLE p (id int PRIMARY KEY, k text, v text) PARTITION BY RANGE (id);"
LIST = "CREATE TABLE p (id int, k text, v text, PRIMARY KEY (id, k)) PARTITION BY LIST (k);"
ROWS = "INSERT INTO p SELECT i, chr(97 + i %% 4), 'v' FROM generate_series(1, %d) i;"
PART = "CREATE TABLE %s PARTITION OF p FOR VALUES FROM (%d) TO (%d);"
HALVES = PART % ("p1", 0, 50) + PART % ("p2", 50, 500)
TABLE = "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20) i;"


def hash_partitions(modulus):
    return "".join("CREATE TABLE p%d PARTITION OF p FOR VALUES WITH (MODULUS %d, REMAINDER %d);" % (i, modulus, i) for i in range(modulus))


# What both sides begin with, what becomes of main, what of the stand-in, and the rows that go into the plan: inserted, updated, deleted.
CASES = {
    # --- partitions, the same on both sides ---
    "hash": ("CREATE TABLE p (id int PRIMARY KEY, k text, v text) PARTITION BY HASH (id);" + hash_partitions(3) + ROWS % 100,
             "UPDATE p SET id = id + 1000 WHERE id % 10 = 0; UPDATE p SET v = 'w' WHERE id % 10 = 1", "", (10, 10, 10)),
    "columns in another order": (RANGE + "CREATE TABLE p1 (v text, gone int, id int NOT NULL, k text, PRIMARY KEY (id)); ALTER TABLE p1 DROP gone; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (500);" + ROWS % 100,
                                 "UPDATE p SET v = 'w' WHERE id = 4; INSERT INTO p VALUES (300, 'x', 'y')", "", (1, 1, 0)),
    "triggers that refuse": (RANGE + PART % ("p1", 0, 500) + ROWS % 100 + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';"
                             "CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON p FOR EACH ROW EXECUTE FUNCTION f();",
                             "ALTER TABLE p DISABLE TRIGGER t; ALTER TABLE p1 DISABLE TRIGGER t; DELETE FROM p WHERE id < 5; ALTER TABLE p ENABLE TRIGGER t; ALTER TABLE p1 ENABLE TRIGGER t", "", (0, 0, 4)),
    "a foreign partition": ("CREATE TABLE p (id int, k text, v text) PARTITION BY RANGE (id);" + PART % ("p1", 0, 500) + "CREATE FOREIGN TABLE pf PARTITION OF p FOR VALUES FROM (500) TO (1000) SERVER far;" + ROWS % 100,
                            "DELETE FROM p1 WHERE id = 4; ALTER TABLE p ADD w int DEFAULT 4; ALTER FOREIGN TABLE pf OPTIONS (ADD table_name 'x')", "", (0, 0, 1)),
    # --- partitions that the plan makes the same ---
    "modulus": ("CREATE TABLE p (id int PRIMARY KEY, k text, v text) PARTITION BY HASH (id);", hash_partitions(4) + ROWS % 100, hash_partitions(2) + ROWS % 100, None),
    "from the default": (RANGE + PART % ("p1", 0, 50) + "CREATE TABLE pd PARTITION OF p DEFAULT;" + ROWS % 200,
                         "ALTER TABLE p DETACH PARTITION pd;" + PART % ("p2", 50, 150) + "INSERT INTO p SELECT * FROM pd WHERE id < 150; DELETE FROM pd WHERE id < 150; ALTER TABLE p ATTACH PARTITION pd DEFAULT",
                         "", (100, 0, 100)),
    "to the default": (RANGE + HALVES + ROWS % 200, "ALTER TABLE p DETACH PARTITION p2; CREATE TABLE pd PARTITION OF p DEFAULT; INSERT INTO p SELECT * FROM p2; DROP TABLE p2", "", (151, 0, 0)),
    "a value changes place": (LIST + "CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b'); CREATE TABLE pc PARTITION OF p FOR VALUES IN ('c', 'd');" + ROWS % 100,
                              "ALTER TABLE p DETACH PARTITION pa; ALTER TABLE p DETACH PARTITION pc; ALTER TABLE pa RENAME TO old; CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a');"
                              "ALTER TABLE p ATTACH PARTITION pc FOR VALUES IN ('c', 'd', 'b'); INSERT INTO p SELECT * FROM old; DROP TABLE old", "", (25, 0, 25)),
    "a bound moves": (RANGE + PART % ("p1", 0, 100) + PART % ("p2", 100, 300) + ROWS % 200,
                      "ALTER TABLE p DETACH PARTITION p1; ALTER TABLE p DETACH PARTITION p2; ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (50) TO (300);"
                      "WITH m AS (DELETE FROM p1 WHERE id >= 50 RETURNING *) INSERT INTO p SELECT * FROM m; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (50)", "", (50, 0, 50)),
    "a level less": (LIST + "CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b') PARTITION BY RANGE (id); CREATE TABLE pa1 PARTITION OF pa FOR VALUES FROM (0) TO (50);"
                     "CREATE TABLE pa2 PARTITION OF pa FOR VALUES FROM (50) TO (500); CREATE TABLE pc PARTITION OF p FOR VALUES IN ('c', 'd');" + ROWS % 100,
                     "CREATE TABLE keep AS SELECT * FROM pa; DROP TABLE pa; CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b'); INSERT INTO p SELECT * FROM keep; DROP TABLE keep", "", (50, 0, 0)),
    "a level more": (LIST + "CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b'); CREATE TABLE pc PARTITION OF p FOR VALUES IN ('c', 'd');" + ROWS % 100,
                     "CREATE TABLE keep AS SELECT * FROM pa; DROP TABLE pa; CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b') PARTITION BY RANGE (id); CREATE TABLE pa1 PARTITION OF pa FOR VALUES FROM (0) TO (50);"
                     "CREATE TABLE pa2 PARTITION OF pa FOR VALUES FROM (50) TO (500); INSERT INTO p SELECT * FROM keep; DROP TABLE keep", "", None),
    "attached": (RANGE + PART % ("p1", 0, 500) + ROWS % 100 + "CREATE TABLE p2 (id int PRIMARY KEY, k text, v text); INSERT INTO p2 SELECT i, 'a', 'v' FROM generate_series(500, 600) i",
                 "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (500) TO (1000); UPDATE p SET v = 'w' WHERE id = 555", "INSERT INTO p2 VALUES (3, 'does not fit yet')", (0, 1, 1)),
    "detached": (RANGE + HALVES + ROWS % 100, "ALTER TABLE p DETACH PARTITION p2; UPDATE p2 SET id = id + 1000 WHERE id = 70", "", (1, 0, 1)),
    "local to foreign": ("CREATE TABLE p (id int, k text, v text) PARTITION BY RANGE (id);" + HALVES + ROWS % 100, "DROP TABLE p2; CREATE FOREIGN TABLE p2 PARTITION OF p FOR VALUES FROM (50) TO (500) SERVER far", "", (0, 0, 0)),
    "to one table": (RANGE + HALVES + ROWS % 100, "DROP TABLE p; CREATE TABLE p (id int PRIMARY KEY, k text, v text);" + ROWS % 100, "", None),
    "from one table": ("CREATE TABLE p (id int PRIMARY KEY, k text, v text);" + ROWS % 100, "DROP TABLE p;" + RANGE + HALVES + ROWS % 100, "", None),
    "another partition key": (LIST + "CREATE TABLE p1 PARTITION OF p DEFAULT;" + ROWS % 100, "DROP TABLE p; CREATE TABLE p (id int, k text, v text, PRIMARY KEY (id, k)) PARTITION BY RANGE (id);" + PART % ("p1", 0, 500) + ROWS % 100, "", None),
    "a new tree": ("", LIST + "CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b') PARTITION BY RANGE (id); CREATE TABLE pa1 PARTITION OF pa DEFAULT; CREATE TABLE pc PARTITION OF p DEFAULT;" + ROWS % 100, "", (100, 0, 0)),
    # --- inheritance ---
    "inheritance": ("CREATE TABLE a (id int PRIMARY KEY, v text); CREATE TABLE b (extra int, more text, PRIMARY KEY (id)) INHERITS (a); CREATE TABLE c (z int) INHERITS (b); CREATE TABLE o (q int); CREATE TABLE d (x int) INHERITS (a, o);"
                    "INSERT INTO a VALUES (1, 'a'), (2, 'a'); INSERT INTO b VALUES (1, 'b', 1, 'm'), (2, 'b', 2, 'm'); INSERT INTO c VALUES (1, 'c', 1, 'm', 1); INSERT INTO d VALUES (1, 'd', 3, 4)",
                    "UPDATE ONLY a SET v = 'w' WHERE id = 1; UPDATE ONLY b SET v = 'w' WHERE id = 1; INSERT INTO c VALUES (2, 'c', 1, 'm', 1); DELETE FROM d; ALTER TABLE a ADD n int DEFAULT 5; UPDATE ONLY b SET n = 6 WHERE id = 2", "", (1, 3, 1)),
    "a child's own order": ("CREATE TABLE a (id int, v text, w int); CREATE TABLE b (w int, id int, e int, v text); ALTER TABLE b INHERIT a; INSERT INTO b VALUES (1, 2, 3, 'x')", "INSERT INTO b VALUES (1, 3, 3, 'x'); UPDATE a SET v = 'y' WHERE id = 2", "", (2, 0, 1)),
    "a column goes up": ("CREATE TABLE a (id int); CREATE TABLE b (n int DEFAULT 3) INHERITS (a); INSERT INTO b SELECT i, i FROM generate_series(1, 9) i", "ALTER TABLE a ADD n int; UPDATE b SET n = 0 WHERE id = 4", "", (1, 0, 1)),
    # --- one table for something else ---
    "a view there": ("", TABLE, "CREATE TABLE z (id int, v text); CREATE VIEW t AS SELECT * FROM z; CREATE VIEW tt AS SELECT * FROM t", (20, 0, 0)),
    "a view here": ("", "CREATE TABLE z (id int, v text); CREATE VIEW t AS SELECT * FROM z", TABLE + "CREATE VIEW v AS SELECT * FROM t", (0, 0, 0)),
    "a materialized view there": ("", TABLE, "CREATE MATERIALIZED VIEW t AS SELECT 1 AS id; CREATE UNIQUE INDEX ON t (id)", (20, 0, 0)),
    "a materialized view here": ("", "CREATE MATERIALIZED VIEW t AS SELECT 1 AS id", TABLE, (0, 0, 0)),
    "a sequence there": ("", TABLE, "CREATE SEQUENCE t", (20, 0, 0)),
    "an index there": ("", TABLE, "CREATE TABLE z (id int); CREATE INDEX t ON z (id)", (20, 0, 0)),
    "a type there": ("", TABLE, "CREATE TYPE t AS ENUM ('a')", (20, 0, 0)),
    "a foreign table there": ("", TABLE, "CREATE FOREIGN TABLE t (id int) SERVER far", (20, 0, 0)),
    # --- persistence ---
    "unlogged": ("CREATE UNLOGGED TABLE u (id int PRIMARY KEY, v text); CREATE TABLE l (id int PRIMARY KEY); INSERT INTO u SELECT i, 'v' FROM generate_series(1, 9) i; INSERT INTO l SELECT generate_series(1, 9)",
                 "DELETE FROM u WHERE id = 2; ALTER TABLE u SET LOGGED; ALTER TABLE l SET UNLOGGED; INSERT INTO l VALUES (100); CREATE UNLOGGED TABLE n AS SELECT 1 AS x", "", (2, 0, 1)),
    "empty": ("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE c (); CREATE TABLE d (id int)", "INSERT INTO a VALUES (1); INSERT INTO c DEFAULT VALUES", "INSERT INTO b VALUES (1); INSERT INTO d VALUES (1), (1)", (2, 0, 3)),
    # --- columns ---
    "generated": ("CREATE TABLE g (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int GENERATED ALWAYS AS (a + 1) STORED, d int); INSERT INTO g (id, a, d) SELECT i, i, i FROM generate_series(1, 20) i",
                  "UPDATE g SET a = 0 WHERE id = 3; ALTER TABLE g DROP b; ALTER TABLE g ADD b int GENERATED ALWAYS AS (a * 3) STORED; ALTER TABLE g ALTER c DROP EXPRESSION; UPDATE g SET c = 77 WHERE id = 5;"
                  "ALTER TABLE g DROP d; ALTER TABLE g ADD d int GENERATED ALWAYS AS (a - 1) STORED", "", (0, 2, 0)),
    "identity": ("CREATE TABLE i (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int GENERATED BY DEFAULT AS IDENTITY (START 100), v text); INSERT INTO i (v) SELECT 'v' FROM generate_series(1, 10);"
                 "CREATE TABLE j (id int PRIMARY KEY, a int GENERATED ALWAYS AS IDENTITY (INCREMENT -1 MINVALUE -50 CYCLE), b int); INSERT INTO j (id) SELECT generate_series(1, 10);",
                 "UPDATE i SET v = 'w', n = 5 WHERE id = 2; INSERT INTO i (v) VALUES ('n'); ALTER TABLE i ALTER n SET GENERATED ALWAYS;"
                 "ALTER TABLE j ALTER a SET GENERATED BY DEFAULT; UPDATE j SET a = -900 WHERE id = 2; ALTER TABLE j ALTER a SET GENERATED ALWAYS", "", (1, 2, 0)),
    "gaps": ("CREATE TABLE t (x int, id int PRIMARY KEY, y int, v text, z int)", "INSERT INTO t SELECT i, i, i, 'v', i FROM generate_series(1, 20) i; ALTER TABLE t DROP x; ALTER TABLE t DROP y; ALTER TABLE t ADD n int; UPDATE t SET v = 'w' WHERE id = 3",
             "ALTER TABLE t DROP z, DROP v; ALTER TABLE t ADD v text, ADD z int; INSERT INTO t SELECT i, i, i, 'v', i FROM generate_series(1, 20) i", (0, 1, 0)),
    "new, gone, converted, renamed": ("CREATE TABLE t (id int PRIMARY KEY, a smallint, b varchar(5), c int, d text); INSERT INTO t SELECT i, i, 'b' || i, i, 'd' FROM generate_series(1, 20) i",
                                      "ALTER TABLE t ADD e int DEFAULT 7, ALTER a TYPE numeric, ALTER b TYPE text, DROP c; ALTER TABLE t RENAME d TO f; UPDATE t SET f = 'x' WHERE id = 3", "", (0, 1, 0)),
    "typed": ("CREATE TYPE ty AS (id int, v text); CREATE TABLE t OF ty (PRIMARY KEY (id)); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 9) i",
              "ALTER TYPE ty ADD ATTRIBUTE n int CASCADE; UPDATE t SET n = 4 WHERE id = 4; CREATE TABLE u OF ty; INSERT INTO u VALUES (1, 'x', 2)", "", (1, 1, 0)),
    "row security": ("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 30) i; ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id < 3)",
                     "ALTER TABLE t NO FORCE ROW LEVEL SECURITY; UPDATE t SET v = 'w' WHERE id = 9; DELETE FROM t WHERE id = 4; INSERT INTO t VALUES (90, 'n'); ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY q ON t FOR UPDATE USING (false)", "CREATE POLICY r ON t AS RESTRICTIVE USING (false)", (1, 1, 1)),
    # --- sequences ---
    "sequences": ("CREATE SEQUENCE a; CREATE SEQUENCE b MAXVALUE 10; CREATE SEQUENCE c INCREMENT -1 MINVALUE -10; CREATE SEQUENCE d; CREATE SEQUENCE e CYCLE MAXVALUE 3; CREATE SEQUENCE f AS smallint; CREATE TABLE t (id serial, b bigserial); CREATE SEQUENCE g; CREATE SEQUENCE h MINVALUE 5;",
                  "ALTER SEQUENCE b MAXVALUE 1000; SELECT setval('b', 900); ALTER SEQUENCE c INCREMENT 5 MAXVALUE 100 MINVALUE -200; SELECT setval('c', -150, false); SELECT setval('d', 5, false); SELECT nextval('e') FROM generate_series(1, 5);"
                  "ALTER SEQUENCE f AS bigint MAXVALUE 9000000000; SELECT setval('f', 8000000000); ALTER SEQUENCE t_id_seq OWNED BY NONE; ALTER SEQUENCE g OWNED BY t.b; DROP SEQUENCE a; CREATE SEQUENCE a START 50;"
                  "ALTER SEQUENCE h MINVALUE 1; SELECT setval('h', 2)", "SELECT setval('h', 500); SELECT setval('a', 99); SELECT setval('e', 2)", (0, 0, 0)),
}
SERVER = "CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere'); GRANT USAGE ON FOREIGN SERVER far TO PUBLIC;"
OWNER = "tables_owner"


@pytest.fixture
def roles(main_cluster, standin_cluster):
    """An owner that is no superuser, on both sides, and who reads main."""
    for cluster in (main_cluster, standin_cluster):
        cluster.psql("postgres", "CREATE ROLE %s LOGIN; CREATE ROLE tables_reader LOGIN BYPASSRLS; GRANT pg_read_all_data TO tables_reader; CREATE ROLE tables_stranger LOGIN" % OWNER)
    yield
    for cluster in (main_cluster, standin_cluster):
        cluster.psql("postgres", "DROP ROLE %s, tables_reader, tables_stranger" % OWNER)


def make_cases(pair, before=""):
    scripts = {"main": [], "standin": []}
    for name, (both, main, standin, _) in CASES.items():
        for side, moved_on in (("main", main), ("standin", standin)):
            scripts[side].append('%s CREATE SCHEMA "%s"; SET search_path = "%s"; %s; %s; RESET search_path;' % (before, name, name, both, moved_on))
    pair.on_main("".join(scripts["main"]))
    pair.on_standin("".join(scripts["standin"]))


def wrong_counts(document):
    found = {name: [0, 0, 0] for name in CASES}
    for table in document["tables"]:
        counts = found[table["schema"]]
        for i, kind in enumerate(("insert", "update", "delete")):
            counts[i] += table[kind]
    return {name: (counts, CASES[name][3]) for name, counts in found.items() if CASES[name][3] is not None and tuple(counts) != CASES[name][3]}


RENAME = '--rename="new, gone, converted, renamed".t.d="new, gone, converted, renamed".t.f'


def test_every_kind_becomes_equal_and_only_rows_that_differ_are_sent(pair):
    pair.both(SERVER)
    make_cases(pair)
    pair.plan("--schema=*", "--clean-extra", RENAME).expect(0)
    assert wrong_counts(pair.show()) == {}
    before = pair.standin_state()
    pair.apply("--dry-run").expect(0)
    assert pair.standin_state() == before  # sequences too
    pair.apply("--verify=full").expect(0)
    pair.assert_equal()
    pair.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force").expect(0)


def test_every_kind_with_roles_that_are_no_superusers(roles, pair):
    pair.both(SERVER)
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        cluster.psql(db, 'GRANT CREATE ON DATABASE "%s" TO %s' % (db, OWNER))
    make_cases(pair, "SET SESSION AUTHORIZATION %s;" % OWNER)
    reader, owner = pair.main.dsn(pair.main_db, user="tables_reader"), pair.standin.dsn(pair.standin_db, user=OWNER)
    standin_reader = pair.standin.dsn(pair.standin_db, user="tables_reader")
    schemas = ["--schema=\"%s\"" % name for name in CASES]
    programs.plan("--maindsn", reader, "--standindsn", standin_reader, "-o", pair.file, *schemas, "--clean-extra", "--before-images=false", RENAME).expect(0)
    assert wrong_counts(pair.show()) == {}
    pair.apply("--verify=full", "--no-journal", dsn=owner).expect(0)
    pair.assert_equal()
    # One who may not read, or not all rows, is told everything at once.
    stranger = pair.main.dsn(pair.main_db, user="tables_stranger")
    pair.on_main('GRANT USAGE ON SCHEMA "row security", hash TO tables_stranger; GRANT SELECT ON "row security".t, hash.p0 TO tables_stranger')
    outcome = programs.plan("--maindsn", stranger, "--standindsn", standin_reader, "-o", pair.file, *schemas, "--force").expect(programs.CONNECTION)
    for line in ('main: tables_stranger may not read table "row security".t: row-level security may hide rows', "main: tables_stranger may not read table hash.p1: no SELECT on it",
                 'main: tables_stranger may not read sequence sequences.b: no USAGE on the schema', "main: tables_stranger may not read table inheritance.a: no USAGE on the schema"):
        assert line in outcome.err, str(outcome)
    assert "hash.p0" not in outcome.err


@ways.not_by("script", "psql", "psql says which constraint, and no more")
def test_hash_partitions_by_an_enum(pair):
    """Labels hash by their oids: of 20, on two databases, some belong to another partition."""
    pair.on_standin("CREATE TYPE other AS ENUM ('x', 'y')")
    pair.both("CREATE TYPE e AS ENUM (%s); CREATE TABLE t (e e) PARTITION BY HASH (e); CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
              % ", ".join("'l%d'" % i for i in range(20)))
    pair.on_main("INSERT INTO t SELECT unnest(enum_range(NULL::e))")
    pair.plan("--clean-extra").expect(0)
    assert "labels hash otherwise in each database" in " ".join(pair.apply().expect(programs.REFUSED).err.split())


@ways.not_by("script", "the script's proof says less")
def test_generated_columns_that_the_standin_computes_otherwise(pair):
    """A function that is immutable in name only: with another locale, lower() is such a one."""
    pair.both("CREATE FUNCTION f(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT current_database()::text'; CREATE TABLE t (id int PRIMARY KEY, g text GENERATED ALWAYS AS (f(id)) STORED); INSERT INTO t VALUES (1)")
    pair.plan("--clean-extra").expect(0)
    before = pair.standin_state()
    assert "generated columns are computed by the stand-in" in pair.apply().expect(programs.VERIFICATION).err
    assert pair.standin_state() == before


def test_temporary_tables_are_nobodys(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY)")
    sessions = [cluster.connect(db) for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db))]
    for number, session in enumerate(sessions):
        session.cursor().execute("CREATE TEMP TABLE tmp%d (id serial PRIMARY KEY); INSERT INTO tmp%d VALUES (1); CREATE TEMP VIEW v AS SELECT 1; CREATE TEMP SEQUENCE s" % (number, number))
    document = pair.synchronise()
    assert [t["name"] for t in document["tables"]] == ["t"] and document["statements"] == []
    for session in sessions:
        session.close()


def test_without_the_schema_main_decides_which_columns_are_compared(pair):
    """Main's tables and columns must be there, of the same type; what only the stand-in has stays."""
    pair.both("CREATE TABLE same (id int PRIMARY KEY, v text); CREATE TABLE more (id int PRIMARY KEY, v text); CREATE TABLE fewer (id int PRIMARY KEY); CREATE TABLE other (id int PRIMARY KEY, v int);"
              "INSERT INTO same SELECT i, 'v' FROM generate_series(1, 9) i; INSERT INTO more SELECT i, 'v' FROM generate_series(1, 9) i")
    pair.on_main("UPDATE more SET v = 'w' WHERE id = 2; DELETE FROM more WHERE id = 3; INSERT INTO more VALUES (10, 'n'); ALTER TABLE fewer ADD x int, ADD y int; ALTER TABLE other ALTER v TYPE bigint; CREATE TABLE fresh (id int)")
    pair.on_standin("ALTER TABLE more ADD kept int DEFAULT 5; UPDATE more SET kept = id; CREATE TABLE extra (id int); INSERT INTO extra VALUES (1)")
    outcome = pair.plan("--no-sync-schema").expect(programs.REFUSED)
    for line in ("public.fewer: the stand-in has no column x", "public.fewer: the stand-in has no column y", "public.fresh: the stand-in has no such table", "public.other: column v is bigint in main, integer in the stand-in"):
        assert line in outcome.err, str(outcome)
    pair.on_main("CREATE TYPE c AS (a int, b int); CREATE DOMAIN d AS c; CREATE TABLE of_rows (id int PRIMARY KEY, r d[]); INSERT INTO of_rows VALUES (1, '{\"(1,2)\"}')")
    pair.on_standin("CREATE TYPE c AS (b int, a int); CREATE DOMAIN d AS c; CREATE TABLE of_rows (id int PRIMARY KEY, r d[])")
    assert "public.of_rows: column r holds rows of other columns" in pair.plan("--no-sync-schema", "--table=of_rows").expect(programs.REFUSED).err
    pair.plan("--no-sync-schema", "--exclude-table=f*", "--exclude-table=o*").expect(0)
    assert pair.show()["counts"]["rows"] == {"insert": 1, "update": 1, "delete": 1}
    pair.apply("--verify=full").expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT id, v, kept FROM more WHERE id IN (1, 2, 3, 10) ORDER BY id") == [(1, "v", 1), (2, "w", 2), (10, "n", 5)]
    assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM extra") == 1


# --- other partitions than main's, where the schema stays as it is ---

def years(name, *bounds):
    return "".join("CREATE TABLE %s_%d PARTITION OF %s FOR VALUES FROM (%s) TO (%s);" % (name, i, name, low, high) for i, (low, high) in enumerate(zip(bounds, bounds[1:])))


REFUSES = "CREATE TRIGGER %s BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH %s EXECUTE FUNCTION public.refuse();"
# Main's tables, the stand-in's, the rows of both (through p, or t), what becomes of main's, and the rows that go into the plan.
LAYOUTS = {
    "ranges": (RANGE + years("p", "MINVALUE", 20, 40, 60, "MAXVALUE"), RANGE + years("p", 10, 50) + "CREATE TABLE pd PARTITION OF p DEFAULT;", ROWS % 100,
               "DELETE FROM p WHERE id % 10 = 0; UPDATE p SET v = 'w' WHERE id % 10 = 1; INSERT INTO p SELECT i, NULL, 'n' FROM generate_series(-5, 0) i", (6, 10, 10)),
    "the same names": (LIST + "CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b'); CREATE TABLE pc PARTITION OF p FOR VALUES IN ('c', 'd');",
                       LIST + "CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a'); CREATE TABLE pc PARTITION OF p FOR VALUES IN ('d', 'c', 'b');", ROWS % 100, "UPDATE p SET k = 'b' WHERE id % 4 = 0 AND id < 20", (4, 0, 4)),
    "one more": (RANGE + PART % ("p1", 0, 50) + "CREATE TABLE pd PARTITION OF p DEFAULT;", RANGE + HALVES + "CREATE TABLE pd PARTITION OF p DEFAULT;", ROWS % 100, "DELETE FROM p WHERE id > 95; INSERT INTO p VALUES (300, 'x', 'y')", (1, 0, 5)),
    "another modulus": ("CREATE TABLE p (id int PRIMARY KEY, k text, v text) PARTITION BY HASH (id);" + hash_partitions(2), "CREATE TABLE p (id int PRIMARY KEY, k text, v text) PARTITION BY HASH (id);" + hash_partitions(3), ROWS % 100,
                        "UPDATE p SET v = NULL WHERE id = 50; UPDATE p SET id = 1000 WHERE id = 51", (1, 1, 1)),
    "levels": (LIST + "CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', 'b') PARTITION BY RANGE (id); CREATE TABLE pa1 PARTITION OF pa FOR VALUES FROM (0) TO (50) PARTITION BY HASH (id); CREATE TABLE pa1h PARTITION OF pa1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);"
               "CREATE TABLE pa2 PARTITION OF pa DEFAULT; CREATE TABLE pc PARTITION OF p DEFAULT;", "CREATE TABLE p (id int, k text, v text, PRIMARY KEY (id, k)) PARTITION BY RANGE (id);" + years("p", "MINVALUE", 30, 300), ROWS % 100, "UPDATE p SET v = 'w' WHERE id IN (7, 70); DELETE FROM p WHERE id = 8", (0, 2, 1)),
    # Rows that swap a value which is unique in one of the stand-in's partitions; columns in other places, and one more.
    "partitions of their own kind": (RANGE + years("p", 0, 1000),
                                     "CREATE TABLE o (id int PRIMARY KEY); INSERT INTO o SELECT generate_series(50, 300);" + RANGE + "ALTER TABLE p ADD kept int DEFAULT 5;" + years("p", 0, 50)
                                     + "CREATE TABLE own (kept int, v text CONSTRAINT full_text CHECK (v <> ''), gone int, k text NOT NULL, id int NOT NULL REFERENCES o DEFERRABLE, UNIQUE (v)); ALTER TABLE own DROP gone;"
                                     "ALTER TABLE p ATTACH PARTITION own FOR VALUES FROM (50) TO (200); CREATE TABLE pd PARTITION OF p DEFAULT;", "INSERT INTO p (id, k, v) SELECT i, 'k', 'v' || i FROM generate_series(1, 100) i",
                                     "UPDATE p SET v = CASE id WHEN 60 THEN 'v61' ELSE 'v60' END WHERE id IN (60, 61); UPDATE p SET k = 'l' WHERE id IN (7, 77)", (0, 4, 0)),
    "no key": ("CREATE TABLE p (id int, k text, v float) PARTITION BY LIST (k); CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a', NULL); CREATE TABLE pb PARTITION OF p DEFAULT;",
               "CREATE TABLE p (v float, k text, id int) PARTITION BY HASH (id); CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE p1 (id int, k text, v float); ALTER TABLE p ATTACH PARTITION p1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);",
               "INSERT INTO p (id, k, v) SELECT i % 20, chr(97 + i % 3), 0 FROM generate_series(1, 120) i; INSERT INTO p (id) SELECT NULL FROM generate_series(1, 9)",
               "DELETE FROM p WHERE ctid IN ('(0,1)', '(0,3)', '(0,6)'); INSERT INTO p (id, k, v) VALUES (5, 'b', '-0'), (5, 'b', '-0'), (NULL, NULL, NULL)", None),
    "from one table": ("CREATE TABLE p (id int PRIMARY KEY, k text, v text); CREATE TABLE child () INHERITS (p); INSERT INTO child VALUES (9999, 'not', 'compared');", RANGE + HALVES, ROWS % 100, "DELETE FROM ONLY p WHERE id = 9; UPDATE p SET v = 'w' WHERE id = 10", (0, 1, 1)),
    "to one table": (RANGE + HALVES, "CREATE TABLE p (id int PRIMARY KEY, k text, v text); CREATE TABLE child () INHERITS (p); INSERT INTO child VALUES (9999, 'not', 'compared');", ROWS % 100, "DELETE FROM p WHERE id = 9; UPDATE p SET v = 'w' WHERE id = 10", (0, 1, 1)),
    "from no partition": (RANGE, RANGE + HALVES, "", "", (0, 0, 0)),
    "to empty ones": (RANGE + years("p", 0, 1000), RANGE + HALVES, "", ROWS % 100, (100, 0, 0)),
    "keys that are equal in other words": ("CREATE TABLE p (id numeric PRIMARY KEY, v text) PARTITION BY RANGE (id);" + years("p", 0, 30, 100), "CREATE TABLE p (id numeric PRIMARY KEY, v text) PARTITION BY RANGE (id);" + years("p", 0, 100), "INSERT INTO p SELECT i, 'v' FROM generate_series(1, 50) i",
                                           "UPDATE p SET id = 9.0 WHERE id = 9; UPDATE p SET v = 'w' WHERE id = 40", (1, 1, 1)),
    "columns that are made": ("CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, k int, g int GENERATED ALWAYS AS (k * 2) STORED, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT;",
                              "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, k int, g int GENERATED ALWAYS AS (k * 2) STORED, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2); CREATE TABLE p2 PARTITION OF p DEFAULT;",
                              "INSERT INTO p (k) SELECT i % 5 FROM generate_series(1, 50) i", "INSERT INTO p (k) VALUES (7); DELETE FROM p WHERE id = 4", (1, 0, 1)),
    # What would act, wherever it hangs: on the table, on a partition, by foreign keys in both directions.
    "what acts": (RANGE + years("p", 0, 1000) + "CREATE TABLE r (id int REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE); INSERT INTO p VALUES (500, 'a', 'b'), (501, 'a', 'b'); INSERT INTO r VALUES (500);",
                  RANGE + HALVES + "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (500) TO (1000); CREATE TABLE r (id int REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE); CREATE TABLE to_part (id int REFERENCES p1 ON DELETE SET NULL); CREATE TABLE up (id int PRIMARY KEY); INSERT INTO up SELECT generate_series(0, 1000);"
                  "ALTER TABLE p2 ADD FOREIGN KEY (id) REFERENCES up; INSERT INTO p VALUES (500, 'a', 'b'), (501, 'a', 'b'); INSERT INTO r VALUES (500); INSERT INTO p VALUES (3, 'a', 'v'); INSERT INTO to_part VALUES (3);"
                  + REFUSES % ('"each Statement"', "p", "STATEMENT") + REFUSES % ("each_row", "p", "ROW") + REFUSES % ("own", "p2", "ROW") + "ALTER TABLE p2 ENABLE ALWAYS TRIGGER own; CREATE RULE nothing AS ON DELETE TO p DO INSTEAD NOTHING;"
                  "ALTER TABLE p ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; ALTER TABLE p1 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;",
                  "", "INSERT INTO p SELECT i, 'a', 'v' FROM generate_series(1, 60) i WHERE i <> 20; DELETE FROM p WHERE id = 501; UPDATE p SET v = 'w' WHERE id = 500", (58, 1, 1)),
    'In "quotes"': ('CREATE TABLE p ("the Key" int, v text, PRIMARY KEY ("the Key")) PARTITION BY RANGE ("the Key"); CREATE TABLE "%s" PARTITION OF p DEFAULT;' % ("é" * 31), 'CREATE TABLE p (v text, "the Key" int, PRIMARY KEY ("the Key")) PARTITION BY RANGE ("the Key"); CREATE TABLE "it\'s; "" %s $1" PARTITION OF p DEFAULT;',
                    "INSERT INTO p (\"the Key\", v) SELECT i, E'\\t\\\\N' FROM generate_series(1, 50) i", "DELETE FROM p WHERE \"the Key\" = 3", (0, 0, 1)),
}


def make_layouts(pair, before=""):
    """All of them, each in a schema of its name."""
    for number, db, cluster in ((0, pair.main_db, pair.main), (1, pair.standin_db, pair.standin)):
        script = ["CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';"]
        for name, case in LAYOUTS.items():
            quoted = name.replace('"', '""')
            script.append('%s CREATE SCHEMA "%s"; SET search_path = "%s"; %s; %s; %s; RESET search_path; RESET SESSION AUTHORIZATION;' % (before, quoted, quoted, case[number], case[2], case[3] if number == 0 else ""))
        cluster.psql(db, "".join(script))


def rows_of(cluster, db):
    """Every row of each p and of what is tied to it, in order, as text."""
    found = {}
    for schema, table, only, columns in cluster.rows(db, "SELECT n.nspname, c.relname, CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
                                                         " WHERE c.relname IN ('p', 'r', 'to_part', 'up') AND a.attname <> 'kept' AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1, 2, 3"):
        found[schema, table] = cluster.rows(db, 'SET row_security = off; SELECT ROW(%s)::text COLLATE "C" FROM %s"%s"."%s" ORDER BY 1' % (columns, only, schema.replace('"', '""'), table))
    return found


def assert_same_rows(pair):
    main, standin = rows_of(pair.main, pair.main_db), rows_of(pair.standin, pair.standin_db)
    assert [table for table, rows in main.items() if standin[table] != rows] == []
    assert standin["what acts", "to_part"] == [("(3)",)] and len(standin["what acts", "up"]) == 1001
    for table, count in (('"partitions of their own kind".p WHERE kept = 5', 100), ('"to one table".child', 1)):
        assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM " + table) == count


def wrong_layout_counts(document):
    found = {t["schema"]: (t["insert"], t["update"], t["delete"]) for t in document["tables"] if t["name"] == "p"}
    return {name: (found[name], case[4]) for name, case in LAYOUTS.items() if case[4] is not None and found[name] != case[4]}


def test_other_partitions_where_the_schema_stays(pair):
    """Rows are compared, changed and proved by the partitioned table, whatever it is made of."""
    make_layouts(pair)
    pair.plan("--schema=*", "--no-sync-schema", "--exclude-table=child").expect(0)
    document = pair.show()
    assert wrong_layout_counts(document) == {}
    assert {t["name"] for t in document["tables"]} == {"p", "r"}
    assert all("compared as a whole" in t["note"] for t in document["tables"] if t["name"] == "p")
    before = pair.standin_state()
    pair.apply("--dry-run").expect(0)
    assert pair.standin_state() == before
    pair.apply("--verify=full").expect(0)
    assert_same_rows(pair)
    assert pair.standin_state()[0] == before[0]
    pair.plan("--schema=*", "--no-sync-schema", "--exclude-table=child", "--detailed-exitcode", "--force").expect(0)


@ways.not_by("fdw", "the owner may not use postgres_fdw: see test_fdw.py")
def test_other_partitions_of_an_owner_who_is_no_superuser(roles, pair):
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        cluster.psql(db, 'GRANT CREATE ON DATABASE "%s" TO %s' % (db, OWNER))
    make_layouts(pair, "SET SESSION AUTHORIZATION %s;" % OWNER)
    pair.plan("--schema=*", "--no-sync-schema", "--exclude-table=child", "--before-images=false", "--chunk-size=10").expect(0)
    assert wrong_layout_counts(pair.show()) == {}
    before = pair.standin_state()[0]
    pair.apply("--no-journal", dsn=pair.standin.dsn(pair.standin_db, user=OWNER)).expect(0)
    assert_same_rows(pair)
    assert pair.standin_state()[0] == before


def test_what_other_partitions_cannot_take(pair):
    """What is refused by name, and what is not chosen; a row that has no place; partitions that come after the plan."""
    pair.both(SERVER)
    pair.on_main(RANGE + PART % ("p1", 0, 500) + ROWS % 100 + "CREATE MATERIALIZED VIEW of_part AS SELECT count(*) FROM p1; CREATE TABLE f (id int) PARTITION BY RANGE (id); CREATE TABLE f1 PARTITION OF f DEFAULT; CREATE TABLE refers (p p, id int REFERENCES p)")
    pair.on_standin(RANGE + PART % ("p2", 0, 50) + "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (50) TO (100); CREATE MATERIALIZED VIEW of_part AS SELECT count(*) FROM p1;"
                    "CREATE TABLE f (id int) PARTITION BY RANGE (id); CREATE FOREIGN TABLE f2 PARTITION OF f DEFAULT SERVER far; CREATE TABLE refers (p p, id int REFERENCES p)")
    outcome = pair.plan("--no-sync-schema").expect(programs.REFUSED)
    assert "public.f1: the stand-in has no such table, and public.f cannot be compared as a whole: stand-in's partition public.f2 is a foreign table" in outcome.err, str(outcome)
    assert "public.p" not in outcome.err
    # Only the partitions that both have, by themselves; the table as a whole takes all of them.
    pair.plan("--no-sync-schema", "--table=p1", "--table=p").expect(0)
    assert [t["name"] for t in pair.show()["tables"]] == ["p1"]
    pair.on_main("CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (500) TO (600)")
    outcome = pair.plan("--no-sync-schema", "--exclude-table=p2", "--exclude-table=f*", "--force").expect(programs.REFUSED)
    assert "public.p3: the stand-in has no such table, and public.p cannot be compared as a whole: stand-in's partition public.p2 is not chosen" in outcome.err, str(outcome)
    # Row 100 has no place.
    pair.plan("--no-sync-schema", "--exclude-table=f*", "--exclude-table=refers", "--force").expect(0)
    before = pair.standin_state()
    outcome = pair.apply().expect(programs.CONFLICT if pair.way in ("psql", "script") else programs.REFUSED)
    assert "none of the stand-in's partitions takes" in " ".join(outcome.err.split()) or pair.way in ("psql", "script"), str(outcome)
    assert "(id) = (100)" in outcome.err and pair.standin_state() == before
    pair.on_standin("CREATE TABLE pd PARTITION OF p DEFAULT")
    assert "pd" in pair.apply().expect(programs.BASE_STATE).err
    # The view of a partition goes with the whole. A table that is tied to it, and not chosen, is no partition.
    pair.on_main("REFRESH MATERIALIZED VIEW of_part")
    pair.plan("--no-sync-schema", "--exclude-table=f*", "--exclude-table=refers", "--force").expect(0)
    assert [s["object"] for s in pair.show()["statements"]] == ["public.of_part"]
    outcome = pair.apply("--dry-run").expect(0)
    for line in ("SHARE ROW EXCLUSIVE on public.p", "SHARE ROW EXCLUSIVE on public.p1", "SHARE ROW EXCLUSIVE on public.pd"):
        assert line in outcome.out + outcome.err, str(outcome)
    pair.apply().expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT string_agg(id || v, ',' ORDER BY id) FROM p") == pair.main.value(pair.main_db, "SELECT string_agg(id || v, ',' ORDER BY id) FROM p")
