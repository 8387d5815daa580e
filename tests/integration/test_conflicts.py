"""The stand-in is not as the plan saw it, or something stands in the way: a clear exit code, and nothing changed."""

import pytest

from support import programs, ways

ALL = ("--schema=*", "--clean-extra")


@pytest.fixture
def planned(pair):
    """A plan that inserts 100, updates 7 and deletes 20, and adds a column to another table."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 50) i;"
              "CREATE TABLE other (id int PRIMARY KEY); CREATE TABLE far (id int PRIMARY KEY, v text); INSERT INTO far VALUES (1, 'x'); CREATE SEQUENCE s")
    pair.on_main("INSERT INTO t VALUES (100, 'new'); UPDATE t SET v = 'changed' WHERE id = 7; DELETE FROM t WHERE id = 20; ALTER TABLE other ADD v text; SELECT nextval('s')")
    pair.plan(*ALL).expect(0)
    return pair


def refused(pair, *codes, arguments=()):
    before = pair.standin_state()
    outcome = pair.apply(*arguments).expect(*codes)
    assert outcome.err.strip()
    assert pair.standin_state() == before
    return outcome


@pytest.mark.parametrize("change", [
    "UPDATE t SET v = 'someone else' WHERE id = 7", "DELETE FROM t WHERE id = 7", "UPDATE t SET v = 'someone else' WHERE id = 20", "INSERT INTO t VALUES (100, 'someone else')",
    "UPDATE t SET id = 777 WHERE id = 7", "TRUNCATE t",
])
def test_a_row_of_the_plan_changed_in_between(planned, change):
    planned.on_standin(change)
    outcome = refused(planned, programs.BASE_STATE, programs.CONFLICT)
    assert "public.t" in outcome.err


@pytest.mark.parametrize("change", ["UPDATE t SET v = 'someone else' WHERE id = 8", "INSERT INTO t VALUES (33000, 'extra')", "DELETE FROM t WHERE id = 49"])
def test_a_neighbour_of_the_plans_rows_changed_in_between(planned, change):
    planned.on_standin(change)
    refused(planned, programs.BASE_STATE, programs.CONFLICT, programs.VERIFICATION)


@pytest.mark.parametrize("change", [
    "ALTER TABLE t ADD extra int", "ALTER TABLE t ALTER v SET NOT NULL", "DROP TABLE t", "ALTER TABLE other ADD v int", "CREATE INDEX ON t (v)", "DROP SEQUENCE s",
    "ALTER TABLE t ADD CHECK (v <> 'changed')",
])
def test_the_schema_changed_in_between(planned, change):
    planned.on_standin(change)
    refused(planned, programs.BASE_STATE)


def test_another_standin(planned):
    planned.standin.createdb("another_standin")
    try:
        outcome = planned.apply(dsn=planned.standin.dsn("another_standin")).expect(programs.BASE_STATE)
        assert outcome.err.strip()
        assert planned.standin.value("another_standin", "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
    finally:
        planned.standin.dropdb("another_standin")


def test_main_in_place_of_the_standin(planned):
    before = planned.main_state()
    planned.apply(dsn=planned.main_dsn).expect(programs.BASE_STATE)
    assert planned.main_state() == before


def test_a_lock_that_is_not_to_be_had(planned):
    holder = planned.standin.connect(planned.standin_db, autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        outcome = planned.apply("--lock-timeout=200ms").expect(programs.CONNECTION)
        assert "lock" in outcome.err
    holder.rollback()
    holder.close()
    planned.apply().expect(0)
    planned.assert_equal()


def test_two_applies_at_once(planned):
    """One does it; the other waits or refuses, and does nothing."""
    holder = planned.standin.connect(planned.standin_db, autocommit=False)
    command = [planned.file, "--standindsn", planned.standin_dsn, "--yes", "--lock-timeout=60s"]
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        with programs.Running("pgsyncer-apply", command, env=planned.env) as first:
            planned.standin.wait_for_lock_wait(planned.standin_db)
            with programs.Running("pgsyncer-apply", command, env=planned.env) as second:
                from support.cluster import wait_until
                wait_until(lambda: second.process.poll() is not None or planned.standin.value(
                    "postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name ~ 'pgsyncer' AND wait_event_type = 'Lock'",
                    (planned.standin_db,)) >= 2, "the second apply to wait or to refuse")
                holder.rollback()
                codes = sorted([first.finish().code, second.finish().code])
    holder.close()
    assert codes[0] == 0 and codes[1] in (programs.CONNECTION, programs.BASE_STATE, programs.ALREADY, programs.CONFLICT), codes
    planned.assert_equal()


def test_the_server_ends_the_session(planned):
    """The backend is terminated while apply is in its transaction: rolled back, and said so."""
    holder = planned.standin.connect(planned.standin_db, autocommit=False)
    before = planned.standin_state()
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        with programs.Running("pgsyncer-apply", [planned.file, "--standindsn", planned.standin_dsn, "--yes", "--lock-timeout=60s"], env=planned.env) as running:
            planned.standin.wait_for_lock_wait(planned.standin_db)
            planned.standin.rows("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name ~ 'pgsyncer'", (planned.standin_db,))
            running.finish().expect(programs.CONNECTION)
    holder.rollback()
    holder.close()
    assert planned.standin_state() == before
    planned.apply().expect(0)


@ways.not_by("fdw", "what differs in a table that comes as a whole is taken for a main that has moved on: exit 7")
def test_what_the_proof_sees_is_rolled_back(pair):
    """A generated column whose function lies about being immutable: no INSERT can make the stand-in equal to main."""
    pair.both("CREATE FUNCTION here() RETURNS name LANGUAGE sql IMMUTABLE AS 'SELECT current_database()'; CREATE TABLE t (id int PRIMARY KEY, where_am_i text GENERATED ALWAYS AS (here()) STORED)")
    pair.on_main("INSERT INTO t VALUES (1), (2)")
    pair.plan(*ALL).expect(0)
    outcome = refused(pair, programs.VERIFICATION)
    assert "public.t" in outcome.err


def test_rows_that_cannot_be_written_are_a_conflict(pair):
    """The stand-in has a constraint that main lacks, and that stays without --clean-extra."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text)")
    pair.on_standin("ALTER TABLE t ADD CONSTRAINT picky CHECK (v <> 'bad')")
    pair.on_main("INSERT INTO t VALUES (1, 'bad')")
    outcome = pair.plan("--schema=*")
    if outcome.code == 0:
        outcome = refused(pair, programs.CONFLICT)
    else:
        outcome.expect(13)
    assert "picky" in outcome.err


def test_check_says_the_same_without_applying(planned):
    before = planned.standin_state()
    programs.apply("check", planned.file, "--standindsn", planned.standin_dsn, env=planned.env).expect(0)
    assert planned.standin_state() == before
    planned.on_standin("ALTER TABLE t ADD extra int")
    programs.apply("check", planned.file, "--standindsn", planned.standin_dsn, env=planned.env).expect(programs.BASE_STATE)


@pytest.mark.parametrize("hash", ["server", "client"])
def test_a_neighbour_in_a_slice_that_is_read_by_its_range(pair, hash):
    """In the first slice, one between, and the last; of the table whose key the stand-in has in another order, all rows are read."""
    pair.both('CREATE TABLE "T ""t" ("K k" int PRIMARY KEY, v text); INSERT INTO "T ""t" SELECT i, repeat(\'v\', 60) FROM generate_series(1, 4000) i')
    for on, key in ((pair.on_main, "a, b"), (pair.on_standin, "b, a")):
        on("CREATE TABLE turned (a int, b int, v text, PRIMARY KEY (%s)); INSERT INTO turned SELECT i, i %% 7, 'v' FROM generate_series(1, 4000) i" % key)
    pair.on_main("""UPDATE "T ""t" SET v = 'new' WHERE "K k" IN (5, 2000, 3990); INSERT INTO "T ""t" VALUES (-7, 'low'), (9000, 'high'); UPDATE turned SET v = 'new' WHERE a IN (5, 2000)""")
    pair.plan("--no-sync-schema", "--hash=" + hash).expect(0)
    ways = ("apply", "psql") if hash == "server" else ("apply",)
    for row in (6, 2001, 3991):
        pair.on_standin("""UPDATE "T ""t" SET v = 'someone else' WHERE "K k" = %d""" % row)
        for pair.way in ways:
            assert "T \"t, slice" in refused(pair, programs.BASE_STATE).err
        pair.on_standin("""UPDATE "T ""t" SET v = repeat('v', 60) WHERE "K k" = %d""" % row)
    pair.on_standin("UPDATE turned SET v = 'someone else' WHERE a = 2001")
    for pair.way in ways:
        assert "turned, slice" in refused(pair, programs.BASE_STATE).err
    pair.on_standin("UPDATE turned SET v = 'v' WHERE a = 2001")
    assert "proved 2 tables" in pair.apply().expect(0).out
    assert pair.main.rows(pair.main_db, 'SELECT * FROM "T ""t" ORDER BY 1') == pair.standin.rows(pair.standin_db, 'SELECT * FROM "T ""t" ORDER BY 1')
