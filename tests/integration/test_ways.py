"""What every way of applying does alike: psql with --force-psql, the script of show --sql, a plan on standard input. Each way has
few databases, and does much in them; PGSYNCER_WAY=psql runs the other tests in that way."""

import pytest

from support import programs, ways
from test_apply_constraints import owned  # noqa: F401: a fixture
from test_apply_privileges import CHANGE, REFERS, SET_ROLE, event_trigger, told  # noqa: F401: two of them are fixtures

ALL = ("--schema=*", "--clean-extra")

every_way = pytest.mark.parametrize("way", ways.OTHERS)


@every_way
def test_the_whole_job(shop_pair):
    """Definitions, a label that must be committed before it is used, rows of every kind, sequences; the plan is refused afterwards."""
    shop_pair.move_on()
    shop_pair.synchronise()
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT count(*) FROM pgsyncer.journal") == 1


@pytest.mark.parametrize("way", ["psql", "script"])
def test_as_a_mere_owner(owned):  # noqa: F811
    """Who may not set session_replication_role keeps triggers, rules and foreign keys silent as an owner can."""
    owned.plan(*ALL).expect(0)
    dsn = owned.standin.dsn(owned.standin_db, user="mere_owner")
    # What must keep readers away is locked so before anything is changed, not only when it comes to it.
    reader = owned.standin.connect(owned.standin_db, autocommit=False)
    with reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM child")
    assert "locking public.child" in owned.apply("--lock-timeout=200ms", dsn=dsn).expect(programs.CONNECTION).err
    reader.close()
    owned.apply(dsn=dsn).expect(0)
    owned.assert_equal()


@pytest.mark.parametrize("way", ["psql", "script"])
def test_who_leaves_foreign_keys_to_the_server_locks_no_table_of_someone_else(told, way):  # noqa: F811
    told(REFERS, [], code=0)


@pytest.mark.parametrize("way", ["psql", "script"])
def test_an_event_trigger_is_silent_for_who_may_silence_it(told, event_trigger, way):  # noqa: F811
    told(event_trigger + SET_ROLE, [], code=0, main=CHANGE + "; SELECT nextval('s')")


SETUP = r"""
CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 50) i;
CREATE TABLE swap (id int PRIMARY KEY, u text UNIQUE); INSERT INTO swap VALUES (1, 'a'), (2, 'b'), (3, 'c');
CREATE TABLE late (id int PRIMARY KEY, u int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO late VALUES (1, 1);
CREATE TABLE nokey (x int, y text); INSERT INTO nokey SELECT i % 5, E'tab\t\\back\nline\r' FROM generate_series(1, 50) i;
CREATE TABLE "T""a'b\c $pgsyncer$ {%} ü" ("K
1" int PRIMARY KEY, "a:b" text); INSERT INTO "T""a'b\c $pgsyncer$ {%} ü" VALUES (1, NULL), (2, ''), (3, E'\\.'), (4, E'\\N');
CREATE TABLE big (id int PRIMARY KEY, v text); INSERT INTO big SELECT i, repeat('x', i % 100) FROM generate_series(1, 30000) i;
CREATE SEQUENCE s; CREATE SCHEMA empty;
CREATE FUNCTION here() RETURNS name LANGUAGE sql IMMUTABLE AS 'SELECT current_database()'
"""
MOVED_ON = r"""
UPDATE t SET v = 'changed' WHERE id = 7; DELETE FROM t WHERE id = 20; INSERT INTO t VALUES (100, 'new');
UPDATE swap SET u = u || '_'; UPDATE swap SET u = CASE id WHEN 1 THEN 'b' WHEN 2 THEN 'a' END WHERE id < 3; DELETE FROM swap WHERE id = 3;
INSERT INTO late VALUES (2, 2); DELETE FROM nokey WHERE x = 2; INSERT INTO nokey VALUES (NULL, NULL), (1, E'\\.'), (1, E'\\.');
UPDATE "T""a'b\c $pgsyncer$ {%} ü" SET "a:b" = E'\\\\. :DBNAME $pgsyncer$' WHERE "K
1" > 2;
UPDATE big SET v = 'new' WHERE id BETWEEN 20000 AND 20010;
CREATE TABLE fresh (id int PRIMARY KEY, v text); INSERT INTO fresh SELECT i, md5(i::text) FROM generate_series(1, 1000) i;
SELECT setval('s', 77); CREATE VIEW w AS SELECT (ARRAY[1, 2])[1:id] AS a FROM t
"""

# What somebody does to the stand-in, how it is taken back, and what apply must say: exit status, and words.
DONE_SINCE = [
    ("UPDATE t SET v = 'someone else' WHERE id = 7", "UPDATE t SET v = 'v7' WHERE id = 7", programs.CONFLICT, "DATA update"),
    ("DELETE FROM t WHERE id = 7", "INSERT INTO t VALUES (7, 'v7')", programs.CONFLICT, "NOTFOUND update"),
    ("INSERT INTO t VALUES (100, 'other')", "DELETE FROM t WHERE id = 100", programs.CONFLICT, "CONFLICT insert"),
    ("UPDATE nokey SET y = 'z' WHERE x = 2", "UPDATE nokey SET y = E'tab\\t\\\\back\\nline\\r' WHERE x = 2", programs.CONFLICT, "NOTFOUND delete"),
    ("UPDATE t SET v = 'neighbour' WHERE id = 8", "UPDATE t SET v = 'v8' WHERE id = 8", programs.BASE_STATE, "public.t"),
    ("INSERT INTO late VALUES (9, 2)", "DELETE FROM late WHERE id = 9", programs.CONFLICT, "late_u_key"),
    ("ALTER TABLE t ADD extra int", "ALTER TABLE t DROP extra", programs.BASE_STATE, "column public.t.extra"),
    ("COMMENT ON TABLE big IS 'now'", "COMMENT ON TABLE big IS NULL", programs.BASE_STATE, "comment table public.big"),
    ("ALTER SEQUENCE s INCREMENT 2", "ALTER SEQUENCE s INCREMENT 1", programs.BASE_STATE, "increment"),
    ("DROP SCHEMA empty", "CREATE SCHEMA empty", programs.BASE_STATE, "schema empty"),
]


@pytest.mark.parametrize("encoding", ["LATIN1"])  # the others have UTF8
@pytest.mark.parametrize("way", ["psql", "script"])  # a pipe brings the same plan to the same code
def test_what_is_refused_and_what_is_done(pair):
    pair.both(SETUP)
    pair.on_main(MOVED_ON)
    pair.plan(*ALL).expect(0)
    state = pair.standin_state()
    for change, undo, code, words in DONE_SINCE:
        pair.on_standin(change)
        outcome = pair.apply()
        pair.on_standin(undo)
        assert outcome.code == (pair.moved_on_code if "neighbour" in change else code), (change, str(outcome))
        assert words in outcome.err, (change, str(outcome))
    assert pair.standin_state() == state  # each was taken back: nobody has left anything else

    holder = pair.standin.connect(pair.standin_db, autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE t IN ROW EXCLUSIVE MODE")
        outcome = pair.apply("--lock-timeout=200ms").expect(programs.CONNECTION)
        assert "public.t" in outcome.err
    holder.close()
    assert pair.standin_state() == state

    pair.apply().expect(0)
    pair.assert_equal()
    state = pair.standin_state()
    pair.apply().expect(programs.ALREADY)
    assert pair.standin_state() == state

    # A generated column whose function lies about being immutable: what no INSERT makes equal to main, the proof sees.
    pair.both("CREATE TABLE liar (id int PRIMARY KEY, place text GENERATED ALWAYS AS (here()) STORED)")
    pair.on_main("INSERT INTO liar VALUES (1), (2)")
    pair.plan(*ALL, "--force").expect(0)
    outcome = pair.apply().expect(programs.VERIFICATION)
    assert "public.liar" in outcome.err
    assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM liar") == 0
