"""Plans of --fdw-mode: they name main's rows, and apply fetches them through postgres_fdw."""

import os
import shutil
import subprocess

import pytest

from support import plan_file, programs
from support.cluster import BIN, Cluster, wait_until

SECRET = "Se cret'\\\"5%s"   # with everything that quoting could get wrong


@pytest.fixture
def way():
    return "apply"  # whatever PGSYNCER_WAY says


def fdw_plan(pair, *args, **more):
    return pair.plan("--fdw-mode", "--force", *args, **more)


def fdw_apply(pair, *args, main_dsn=None, **more):
    return pair.apply("--maindsn", main_dsn or pair.main_dsn, *args, **more)


def refused(pair, code, *args, **more):
    before = pair.standin_state()
    outcome = fdw_apply(pair, *args, **more).expect(code)
    assert pair.standin_state() == before
    return outcome


def synchronise(pair, *args, clean=("--schema=*", "--clean-extra")):
    fdw_plan(pair, *clean, *args).expect(0)
    document = pair.show()
    fdw_apply(pair).expect(0)
    pair.assert_equal()
    fdw_plan(pair, *clean, "--detailed-exitcode", output=pair.folder / "second.pgplan").expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM pg_foreign_server") == pair.main.value(pair.main_db, "SELECT count(*) FROM pg_foreign_server")
    return document


def rows_of(file):
    """The row entries of a plan, unpacked: what it holds of the databases' rows."""
    return {name: content for name, content in plan_file.contents(file).items() if name.startswith("rows/")}


def test_shop(shop_pair):
    """The demo's job: rows of every kind, new tables, changed columns, partitions. The plan has none of main's rows."""
    shop_pair.move_on()
    marked = "only main has this text"
    shop_pair.on_main("CREATE TABLE marked AS SELECT 1 AS id, '%s' AS v" % marked)
    document = synchronise(shop_pair)
    assert {table["strategy"] for table in document["tables"]} == {"fdw"}
    assert not any(marked.encode() in content for content in plan_file.contents(shop_pair.file).values())
    assert programs.apply("verify", shop_pair.file).expect(0).out
    assert "apply fetches them" in programs.apply("show", shop_pair.file).expect(0).out
    assert "--fdw-mode" in programs.apply("show", "--sql", shop_pair.file).expect(programs.REFUSED).err


@pytest.fixture
def tables(pair):
    """Tables of every kind, with rows to delete, update and insert: keyed, without key, inherited, partitioned, odd names, odd keys."""
    pair.both("""
        CREATE SCHEMA "Odd ""Sch'ema"; CREATE TYPE mood AS ENUM ('z', 'b', 'A'); CREATE DOMAIN code AS varchar(8) CHECK (VALUE <> '');
        CREATE TABLE keyed (id int PRIMARY KEY, v text, u int UNIQUE); INSERT INTO keyed SELECT i, 'v' || i, i FROM generate_series(1, 3000) i;
        CREATE TABLE "Odd ""Sch'ema"."Ta ble $1" ("co'l %s" int, "Näm""e" text, "order" int, PRIMARY KEY ("co'l %s", "Näm""e"));
        INSERT INTO "Odd ""Sch'ema"."Ta ble $1" SELECT i % 7, 'n' || i, i FROM generate_series(1, 300) i;
        CREATE TABLE by_mood (m mood, c code, d code, PRIMARY KEY (m, c)); INSERT INTO by_mood SELECT 'z', 'c' || i, 'd' FROM generate_series(1, 50) i;
        CREATE TABLE bag (v text, n numeric); INSERT INTO bag SELECT 'v' || i % 5, i % 3 FROM generate_series(1, 60) i;
        CREATE TABLE parent (id int PRIMARY KEY, v text); CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent);
        INSERT INTO child SELECT i, 'c' || i FROM generate_series(1, 20) i;
        CREATE TABLE parts (id int, at date, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
        CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
        CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED);
        INSERT INTO made (a) SELECT generate_series(1, 50);
        CREATE TABLE nothing (); CREATE SEQUENCE s;""")
    pair.on_standin("""
        DELETE FROM keyed WHERE id % 10 = 3; UPDATE keyed SET v = 'old' WHERE id % 10 = 4; INSERT INTO keyed SELECT i, 'gone', i FROM generate_series(4000, 4010) i;
        DELETE FROM "Odd ""Sch'ema"."Ta ble $1" WHERE "order" % 3 = 1; UPDATE "Odd ""Sch'ema"."Ta ble $1" SET "order" = 0 WHERE "order" % 3 = 2;
        INSERT INTO bag SELECT 'only here', 1 FROM generate_series(1, 3); INSERT INTO bag VALUES ('v1', 1)""")
    pair.on_main("""
        UPDATE keyed SET u = -u WHERE id < 5; UPDATE keyed SET u = CASE id WHEN 7 THEN 9 ELSE 7 END WHERE id IN (7, 9) AND false;
        INSERT INTO bag SELECT 'twice', 2 FROM generate_series(1, 2); DELETE FROM bag WHERE ctid IN (SELECT ctid FROM bag WHERE v = 'v2' LIMIT 4); INSERT INTO bag VALUES (NULL, NULL), (NULL, NULL);
        INSERT INTO by_mood SELECT 'b', 'new' || i, NULL FROM generate_series(1, 30) i; UPDATE by_mood SET d = 'e' WHERE c = 'c7';
        INSERT INTO parent SELECT i, 'c' || i FROM generate_series(1, 10) i; UPDATE child SET v = 'changed' WHERE id > 15;
        INSERT INTO parts SELECT i, '2026-01-01'::date + i % 50, 'p' || i FROM generate_series(1, 400) i;
        INSERT INTO made (a) SELECT generate_series(1, 20); UPDATE made SET a = -1 WHERE id < 10; DELETE FROM made WHERE id = 20;
        INSERT INTO nothing SELECT FROM generate_series(1, 3); SELECT setval('s', 77);
        CREATE TABLE fresh (id bigint PRIMARY KEY, v text, c code); INSERT INTO fresh SELECT i, repeat('x', 200) || i, 'c' FROM generate_series(1, 2000) i;
        CREATE TABLE fresh_bag (v float8); INSERT INTO fresh_bag VALUES ('NaN'), ('-0'), (0.1), (0.1), (NULL);
        ALTER TABLE keyed ADD w int DEFAULT 5; UPDATE keyed SET w = 6 WHERE id % 100 = 0; ALTER TABLE by_mood RENAME d TO e""")
    return pair


@pytest.mark.parametrize("images", ["--before-images", "--no-before-images"])
def test_tables_of_every_kind(tables, images):
    document = synchronise(tables, images, "--chunk-size=50", "--rename=public.by_mood.d=public.by_mood.e")
    counts = {table["name"]: (table["insert"], table["update"], table["delete"]) for table in document["tables"]}
    assert counts["fresh"] == (2000, 0, 0) and counts["parent"] == (10, 0, 0) and counts["bag"][0] > 0 and counts["bag"][2] > 0
    rows = rows_of(tables.file)
    assert not any(b"twice" in content or b"changed" in content or b"p399" in content for content in rows.values())
    assert any(b"only here" in content or b"old" in content for content in rows.values()) == (images == "--before-images")


def test_kept_rows_and_full_proof(tables):
    """--no-delete-rows, and --verify=full in a dry run first, which leaves nothing behind."""
    fdw_plan(tables, "--schema=*", "--no-delete-rows", "--rename=public.by_mood.d=public.by_mood.e").expect(0)
    before = tables.standin_state()
    fdw_apply(tables, "--dry-run", "--verify=full").expect(0)
    assert tables.standin_state() == before
    fdw_apply(tables, "--verify=full").expect(0)
    assert tables.standin.value(tables.standin_db, "SELECT count(*) FROM keyed WHERE v = 'gone'") == 11
    fdw_plan(tables, "--schema=*", "--no-delete-rows", "--detailed-exitcode", output=tables.folder / "second.pgplan").expect(0)


def test_main_moved_on(tables):
    """Only what the plan brings counts: all of it that is not as the plan saw it is named, and nothing is changed."""
    fdw_plan(tables, "--schema=*", "--clean-extra", "--chunk-size=500").expect(0)
    tables.on_main("""
        UPDATE keyed SET v = 'newer' WHERE id IN (3, 13); DELETE FROM keyed WHERE id = 4;
        DELETE FROM bag WHERE v = 'twice' AND ctid = (SELECT min(ctid) FROM bag WHERE v = 'twice');
        UPDATE fresh SET v = 'newer' WHERE id = 1999; DELETE FROM fresh_bag WHERE v = 'NaN'""")
    outcome = refused(tables, programs.BASE_STATE)
    for line in ("public.keyed: 1 row to update changed or gone, such as (4)", "public.keyed: 2 rows to insert changed or gone, such as (", "(13)",
                 "public.bag: 1 row to insert changed or gone", "public.fresh, chunk ", "(from slice", "public.fresh_bag, chunk 0 (all rows): the plan saw 5 rows, main has 4"):
        assert line in outcome.err, (line, outcome.err)
    # Other rows of the same tables may move.
    fdw_plan(tables, "--schema=*", "--clean-extra").expect(0)
    planned = tables.main_state()
    tables.on_main("UPDATE keyed SET v = 'newer' WHERE id = 8; INSERT INTO keyed VALUES (9000, 'new', 9000); DELETE FROM keyed WHERE id = 18; INSERT INTO bag VALUES ('new', 1)")
    fdw_apply(tables).expect(0)
    assert tables.standin_state() == planned
    # Definitions that moved are named too.
    tables.on_standin("DELETE FROM fresh; DELETE FROM keyed; DELETE FROM bag")
    fdw_plan(tables, "--schema=*", "--clean-extra").expect(0)
    tables.on_main("DROP TABLE fresh; ALTER TABLE keyed RENAME v TO vv; ALTER TABLE bag ENABLE ROW LEVEL SECURITY")
    outcome = refused(tables, programs.BASE_STATE)
    assert "public.fresh: main has no such table any longer" in outcome.err and "public.keyed: main has no column v any longer" in outcome.err


def test_the_standin_moved_on(tables):
    for change, images in (("UPDATE keyed SET v = 'someone' WHERE id = 14", "--before-images"), ("DELETE FROM bag WHERE v = 'only here'", "--no-before-images"),
                           ("INSERT INTO keyed VALUES (23, 'someone', 23)", "--no-before-images")):
        tables.standin.createdb("moved_on", template=tables.standin_db)
        try:
            other = type(tables)(tables.main, tables.standin, tables.main_db, "moved_on", tables.folder)
            fdw_plan(other, "--schema=*", "--clean-extra", images).expect(0)
            other.on_standin(change)
            refused(other, programs.CONFLICT)
        finally:
            tables.standin.dropdb("moved_on")


def test_usage_and_a_wrong_main(tables):
    fdw_plan(tables, "--no-sync-data").expect(programs.USAGE)
    fdw_plan(tables, "--schema=*", "--clean-extra").expect(0)
    assert "MAIN_DSN" in tables.apply().expect(programs.USAGE).err
    assert "MAIN_DSN" in programs.apply("check", tables.file, "--standindsn", tables.standin_dsn).expect(programs.USAGE).err
    # Another database of the same server, and one of the same name elsewhere.
    assert "not the database that the plan was made from" in refused(tables, programs.BASE_STATE, main_dsn=tables.main.dsn("postgres")).err
    tables.standin.createdb(tables.main_db)
    try:
        assert "system identifier" in refused(tables, programs.BASE_STATE, main_dsn=tables.standin.dsn(tables.main_db)).err
    finally:
        tables.standin.dropdb(tables.main_db)
    programs.apply("check", tables.file, "--standindsn", tables.standin_dsn, env={"MAIN_DSN": tables.main_dsn}).expect(0)
    tables.apply(env={"MAIN_DSN": tables.main_dsn}).expect(0)
    tables.assert_equal()
    # A plan that has its rows takes no main, but MAIN_DSN may be set.
    tables.on_main("DELETE FROM keyed WHERE id < 100")
    tables.plan("--schema=*", "--force").expect(0)
    assert "--fdw-mode" in fdw_apply(tables).expect(programs.USAGE).err
    tables.apply(env={"MAIN_DSN": tables.main_dsn}).expect(0)
    tables.assert_equal()


def test_keys_go_to_main(pair):
    """Of a large table only the wanted rows leave main: a key is looked up there, whatever its columns."""
    pair.both("""CREATE TABLE one (id bigint PRIMARY KEY, v text); INSERT INTO one SELECT i, 'v' FROM generate_series(1, 20000) i;
        CREATE TABLE two (a int, b uuid, c text COLLATE "C", v text, PRIMARY KEY (a, b, c));
        INSERT INTO two SELECT i % 100, md5(i::text)::uuid, 'c' || i, 'v' FROM generate_series(1, 20000) i;
        CREATE DOMAIN d AS int; CREATE TABLE three (id d PRIMARY KEY, v text); INSERT INTO three SELECT i, 'v' FROM generate_series(1, 20000) i; ANALYZE""")
    pair.on_main("UPDATE one SET v = 'w' WHERE id % 1000 = 7; UPDATE two SET v = 'w' WHERE c ~ '99$'; UPDATE three SET v = 'w' WHERE id % 1000 = 7; ANALYZE")
    fdw_plan(pair).expect(0)
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name ~ 'pgsyncer'"
    wait_until(lambda: pair.main.value("postgres", sessions, (pair.main_db,)) == 0, "the end of the plan's sessions, which add to the statistics")
    pair.main.rows(pair.main_db, "SELECT pg_stat_reset()")
    fdw_apply(pair).expect(0)
    pair.assert_equal()
    for table, changed in (("one", 20), ("two", 200), ("three", 20)):
        wait_until(lambda: pair.main.value(pair.main_db, "SELECT idx_scan FROM pg_stat_user_tables WHERE relname = %s", (table,)), "statistics of %s" % table)
        fetched = pair.main.value(pair.main_db, "SELECT idx_tup_fetch FROM pg_stat_user_tables WHERE relname = %s", (table,))
        assert changed <= fetched < 5 * changed, (table, fetched)


def test_settings_of_main_change_nothing(pair):
    """What main's role, database and configuration say about the text of values; time limits; what is pinned on neither side."""
    pair.both("""CREATE TABLE t (id int PRIMARY KEY, f float8, f4 float4, i interval, ts timestamptz, tt timetz, d date, b bytea, m money, x xml, j json, jb jsonb,
            n numeric, a float8[], c oid, r regclass, rt regtype, bits bit varying, rg tstzrange, tr daterange[], ch char(5), u text)""")
    pair.on_main("""
        INSERT INTO t SELECT i, 0.1 + i / 3.0, 1e-45, '1 mon -2 days 03:04:05.000001', '2026-03-29 01:30+00'::timestamptz + i * interval '1 hour', '12:00:00.1-08', 'infinity',
            '\\x00ff5c0a', '-1234.56', '<a>é</a>', '{"b":1, "a":1.00}', '{"z":1e5}', '1.500', '{-0,NaN,0.30000000000000004}', 4294967295, 't', 'int4[]', '10101',
            '[2026-01-01,2026-02-01)', '{"[2026-01-01,2026-02-01)",empty}', 'x', E'\\t\\\\N Ü🙂' FROM generate_series(1, 20) i""")
    pair.main.psql("postgres", """ALTER DATABASE %(d)s SET DateStyle = 'German, DMY'; ALTER DATABASE %(d)s SET IntervalStyle = 'iso_8601'; ALTER DATABASE %(d)s SET TimeZone = 'Asia/Kathmandu';
        ALTER DATABASE %(d)s SET extra_float_digits = -10; ALTER DATABASE %(d)s SET bytea_output = 'escape'; ALTER DATABASE %(d)s SET search_path = 'pg_catalog';
        ALTER DATABASE %(d)s SET xmlbinary = 'hex'; ALTER DATABASE %(d)s SET statement_timeout = '1ms'; ALTER DATABASE %(d)s SET idle_in_transaction_session_timeout = '1ms';
        ALTER DATABASE %(d)s SET standard_conforming_strings = off; ALTER DATABASE %(d)s SET quote_all_identifiers = on""" % {"d": pair.main_db})
    pair.standin.psql("postgres", """ALTER DATABASE %(d)s SET DateStyle = 'SQL, MDY'; ALTER DATABASE %(d)s SET extra_float_digits = -10; ALTER DATABASE %(d)s SET IntervalStyle = 'sql_standard';
        ALTER DATABASE %(d)s SET search_path = 'nowhere'; ALTER DATABASE %(d)s SET default_transaction_isolation = 'serializable'""" % {"d": pair.standin_db})
    fdw_plan(pair).expect(0)
    fdw_apply(pair).expect(0)
    pair.main.psql("postgres", "ALTER DATABASE %s RESET ALL" % pair.main_db)
    pair.standin.psql("postgres", "ALTER DATABASE %s RESET ALL" % pair.standin_db)
    pair.assert_equal()
    # Row by row too, and not as a whole.
    pair.on_standin("UPDATE t SET f = -f, i = NULL, m = '1', x = NULL, r = NULL WHERE id % 2 = 0; DELETE FROM t WHERE id % 5 = 1")
    synchronise(pair)


def test_roles_without_a_privilege(pair):
    """Everything is told before anything is tried: the extension, its use, rows of main that may not be read, passwords."""
    owner, reader = "fdw owner", 'fdw "reader'
    for cluster in (pair.main, pair.standin):
        cluster.psql("postgres", """CREATE ROLE "fdw owner" LOGIN; CREATE ROLE "fdw ""reader" LOGIN PASSWORD '%s' IN ROLE needs_password""" % SECRET.replace("'", "''"))
    try:
        pair.both("""CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE secret (id int PRIMARY KEY, v text); CREATE TABLE hidden (id int PRIMARY KEY); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
            ALTER TABLE t OWNER TO "fdw owner"; ALTER TABLE secret OWNER TO "fdw owner"; ALTER TABLE hidden OWNER TO "fdw owner";
            GRANT SELECT ON t, hidden TO "fdw ""reader"; GRANT SELECT (id) ON secret TO "fdw ""reader" """)
        pair.on_main("INSERT INTO t SELECT i, 'v' FROM generate_series(1, 50) i; INSERT INTO secret VALUES (1, 'v'); INSERT INTO hidden VALUES (1)")
        fdw_plan(pair).expect(0)
        standin = pair.standin.dsn(pair.standin_db, user=owner)
        main = pair.main.dsn(pair.main_db, user=reader, password=SECRET)

        def apply(*args, main_dsn=main):
            return programs.apply(pair.file, "--standindsn", standin, "--maindsn", main_dsn, "--yes", "--no-journal", *args)

        outcome = apply().expect(programs.CONNECTION)
        for line in ("CREATE EXTENSION postgres_fdw", "table public.secret: ", "may not read it in main", "table public.hidden: row security hides rows"):
            assert line in outcome.err, outcome.err
        pair.both("CREATE EXTENSION postgres_fdw")
        pair.on_main("""GRANT SELECT ON secret TO "fdw ""reader"; ALTER TABLE hidden DISABLE ROW LEVEL SECURITY""")
        pair.on_standin("ALTER TABLE hidden DISABLE ROW LEVEL SECURITY")
        fdw_plan(pair).expect(0)
        assert "may not use postgres_fdw" in apply().expect(programs.CONNECTION).err
        pair.both('GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO "fdw owner"')
        fdw_plan(pair).expect(0)
        assert "without a password" in apply(main_dsn=pair.main_dsn).expect(programs.CONNECTION).err
        # A password that main does not ask for is not enough for postgres_fdw.
        assert "asks for no password" in apply(main_dsn=pair.main.dsn(pair.main_db, password="unasked")).expect(programs.CONNECTION).err
        apply("--dry-run").expect(0)
        # The password file is this program's, and not the server's.
        passfile = pair.folder / "pgpass"
        passfile.write_text("*:*:*:*:" + SECRET.replace("\\", "\\\\").replace(":", "\\:") + "\n")
        passfile.chmod(0o600)
        apply(main_dsn=pair.main.dsn(pair.main_db, user=reader, passfile=passfile)).expect(0)
        pair.assert_equal()
    finally:
        for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
            cluster.dropdb(db)
            cluster.psql("postgres", 'DROP ROLE "fdw owner"; DROP ROLE "fdw ""reader"')
            cluster.createdb(db)


WATCHFUL = """
shared_preload_libraries = 'pg_stat_statements, auto_explain'
pg_stat_statements.track = all
auto_explain.log_min_duration = 0
auto_explain.log_nested_statements = on
auto_explain.log_verbose = on
log_statement = all
log_min_duration_statement = 0
log_min_messages = debug1
log_min_error_statement = debug5
log_error_verbosity = verbose
debug_print_parse = on
log_connections = on
"""


def test_the_password_is_nowhere(built, main_cluster, tmp_path):
    """Not in the log of a server that logs all it can, in no catalog, statistics, process title, plan or message: after success, failure and an interrupt."""
    secret = "Zq7 %s'\\x" % "pgsyncer"
    main_cluster.psql("postgres", "CREATE ROLE secretive LOGIN SUPERUSER PASSWORD '%s' IN ROLE needs_password" % secret.replace("'", "''"))
    main_cluster.createdb("watched_main")
    with Cluster("watchful", conf=WATCHFUL) as standin:
        standin.createdb("watched")
        standin.psql("watched", """CREATE EXTENSION pg_stat_statements; CREATE TABLE t (id int PRIMARY KEY, v text); CREATE SCHEMA x; CREATE TABLE x.failing (i int);
            CREATE FUNCTION x.fail() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM x.failing) THEN RAISE 'not this one'; END IF; END $$;
            CREATE EVENT TRIGGER fails ON ddl_command_start WHEN TAG IN ('CREATE USER MAPPING') EXECUTE FUNCTION x.fail(); ALTER EVENT TRIGGER fails ENABLE ALWAYS""")
        main_cluster.psql("watched_main", "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i")
        main, file = main_cluster.dsn("watched_main", user="secretive", password=secret), tmp_path / "t.pgplan"
        programs.plan("--maindsn", main, "--standindsn", standin.dsn("watched"), "--fdw-mode", "-o", file).expect(0)

        def seen():
            texts = [plan for plan in plan_file.contents(file).values()] + [plan_file.stored(file, "manifest.json"), open(standin.log, "rb").read(), open(main_cluster.log, "rb").read()]
            texts.append(str(standin.rows("watched", "SELECT query FROM pg_stat_statements UNION ALL SELECT query FROM pg_stat_activity UNION ALL SELECT umoptions::text FROM pg_user_mapping")).encode())
            texts.append(subprocess.run(["ps", "-eo", "args"], stdout=subprocess.PIPE, check=True).stdout)
            return [line for text in texts for line in text.splitlines() if b"Zq7" in line]

        arguments = (file, "--standindsn", standin.dsn("watched"), "--yes", "--no-journal", "--lock-timeout=60s")
        with main_cluster.connect("watched_main", autocommit=False) as blocker, blocker.cursor() as cursor:
            cursor.execute("LOCK TABLE t")
            with programs.Running("pgsyncer-apply", arguments, env={"MAIN_DSN": main}) as running:
                main_cluster.wait_for_lock_wait("watched_main")     # the server, the mapping and the foreign table are there
                assert not seen()
                running.signal()
                running.finish().expect(programs.INTERRUPTED)
        assert not seen()
        # The statement that has the password fails.
        standin.psql("watched", "INSERT INTO x.failing VALUES (1)")
        assert "not this one" in programs.apply(*arguments, env={"MAIN_DSN": main}).expect(programs.REFUSED).err
        assert not seen()
        standin.psql("watched", "DELETE FROM x.failing")
        programs.apply(*arguments, env={"MAIN_DSN": main}).expect(0)
        assert not seen()
        assert standin.value("watched", "SELECT (SELECT count(*) FROM pg_foreign_server) + (SELECT count(*) FROM pg_user_mapping) + (SELECT count(*) FROM pg_extension WHERE extname = 'postgres_fdw')") == 0
        assert standin.rows("watched", "TABLE t") == main_cluster.rows("watched_main", "TABLE t")
        # Another role may not keep pg_stat_statements from it.
        standin.psql("watched", "CREATE EXTENSION postgres_fdw; CREATE ROLE plain LOGIN; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO plain; DELETE FROM t; ALTER TABLE t OWNER TO plain")
        main_cluster.psql("watched_main", "CREATE ROLE plain; ALTER TABLE t OWNER TO plain")
        programs.plan("--maindsn", main, "--standindsn", standin.dsn("watched"), "--fdw-mode", "--force", "-o", file).expect(0)
        plain = (file, "--standindsn", standin.dsn("watched", user="plain"), "--yes", "--no-journal")
        assert "pg_stat_statements.track = all would record the password" in programs.apply(*plain, env={"MAIN_DSN": main}).expect(programs.CONNECTION).err
        outcome = programs.apply(*plain, env={"MAIN_DSN": main}).expect(programs.CONNECTION)
        assert "log_min_messages = debug1 would record" in outcome.err and "event trigger fails would run" in outcome.err
        standin.psql("watched", "ALTER ROLE plain SET pg_stat_statements.track = 'top'; ALTER ROLE plain SET log_min_messages = 'info'; DROP EVENT TRIGGER fails")
        programs.plan("--maindsn", main, "--standindsn", standin.dsn("watched"), "--fdw-mode", "--force", "-o", file).expect(0)
        programs.apply(*plain, env={"MAIN_DSN": main}).expect(0)
        assert not seen()
    main_cluster.dropdb("watched_main")
    main_cluster.psql("postgres", "DROP ROLE secretive; DROP ROLE plain")


def test_one_server_and_a_standby(pair):
    """Main and the stand-in on one server; and a hot standby as main."""
    pair.on_main("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 500) i; CREATE TABLE bag (v text); INSERT INTO bag VALUES ('x'), ('x')")
    pair.main.createdb("beside")
    try:
        synchronise(type(pair)(pair.main, pair.main, pair.main_db, "beside", pair.folder))
    finally:
        pair.main.dropdb("beside")
    with pair.main.standby() as standby:
        standby.wait_for_replay(pair.main)
        dsn = standby.dsn(pair.main_db)
        programs.plan("--maindsn", dsn, "--standindsn", pair.standin_dsn, "--fdw-mode", "--force", "-o", pair.file).expect(0)
        fdw_apply(pair, main_dsn=dsn).expect(0)
    pair.assert_equal()


def test_the_extension_stays_where_it_was(pair):
    """A foreign server of the user's own, and the extension itself, which only the stand-in has."""
    pair.on_standin("CREATE SCHEMA x; CREATE EXTENSION postgres_fdw SCHEMA x; CREATE SERVER own FOREIGN DATA WRAPPER postgres_fdw; ALTER FOREIGN DATA WRAPPER postgres_fdw RENAME TO \"Wrapper 1\"")
    pair.on_main("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 5)")
    fdw_plan(pair).expect(0)
    fdw_apply(pair).expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT srvname FROM pg_foreign_server") == [("own",)]
    assert pair.standin.rows(pair.standin_db, "TABLE t") == pair.main.rows(pair.main_db, "TABLE t")
    # --clean-extra drops it, and the plan's rows come all the same.
    pair.on_standin("DELETE FROM t; DROP SERVER own")
    synchronise(pair)


def test_main_goes_in_the_middle(pair, tmp_path):
    """Its server ends while rows are fetched, and is not there for another try: nothing has changed."""
    setup = "CREATE TABLE a (id int PRIMARY KEY, v text); CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO a SELECT i, 'v' FROM generate_series(1, 9) i; INSERT INTO t TABLE a"
    pair.on_standin(setup)
    with Cluster("leaving") as main:
        main.createdb("leaving")
        main.psql("leaving", setup + "; UPDATE a SET v = 'w'; UPDATE t SET v = 'w' WHERE id = 3; INSERT INTO t VALUES (10, 'x')")
        programs.plan("--maindsn", main.dsn("leaving"), "--standindsn", pair.standin_dsn, "--fdw-mode", "-o", pair.file).expect(0)
        before = pair.standin_state()
        blocker = main.connect("leaving", autocommit=False)
        blocker.cursor().execute("LOCK TABLE t")
        with programs.Running("pgsyncer-apply", [pair.file, "--standindsn", pair.standin_dsn, "--yes", "--lock-timeout=60s"], env={"MAIN_DSN": main.dsn("leaving")}) as running:
            main.wait_for_lock_wait("leaving", application="")     # a's rows have come
            main.stop()
            outcome = running.finish().expect(programs.CONNECTION)
        assert "rows of public.t" in outcome.err, outcome
        assert pair.standin_state() == before
        again = programs.apply(pair.file, "--standindsn", pair.standin_dsn, "--maindsn", main.dsn("leaving"), "--yes").expect(programs.CONNECTION)
        assert "main" in again.err
    assert pair.standin_state() == before


def without_fdw(folder):
    """PostgreSQL's programs without the contrib module: a copy that finds its files by its own place."""
    share = subprocess.run([os.path.join(BIN, "pg_config"), "--sharedir"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    library = subprocess.run([os.path.join(BIN, "pg_config"), "--pkglibdir"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    here = lambda path: folder / path.lstrip("/")
    here(BIN).mkdir(parents=True)
    for program in ("initdb", "postgres"):
        shutil.copy(os.path.join(BIN, program), here(BIN) / program)
    here(library).parent.mkdir(parents=True, exist_ok=True)
    os.symlink(library, here(library))
    (here(share) / "extension").mkdir(parents=True)
    for source, target in ((share, here(share)), (os.path.join(share, "extension"), here(share) / "extension")):
        for name in os.listdir(source):
            if name != "extension" and not name.startswith("postgres_fdw"):
                os.symlink(os.path.join(source, name), target / name)
    for parent in [folder, *folder.parents]:
        if str(parent).startswith("/tmp/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    return str(here(BIN))


def test_a_server_without_the_extension(pair, tmp_path):
    pair.on_main("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    with Cluster("bare", server_bin=without_fdw(tmp_path / "bare")) as standin:
        standin.createdb("bare")
        dsn = standin.dsn("bare")
        programs.plan("--maindsn", pair.main_dsn, "--standindsn", dsn, "--fdw-mode", "-o", pair.file).expect(0)
        for words in (["check", pair.file], [pair.file, "--yes"]):
            outcome = programs.apply(*words, "--standindsn", dsn, "--maindsn", pair.main_dsn).expect(programs.CONNECTION)
            assert "does not have the extension postgres_fdw, which comes with PostgreSQL's contrib modules" in outcome.err
        assert standin.rows("bare", "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []
