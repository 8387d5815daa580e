"""Materialized views over rows that a plan changes."""

import pytest

from support import ways

BASE = """
CREATE TABLE a (id int PRIMARY KEY, v int);
INSERT INTO a SELECT i, i FROM generate_series(1, 20) i;
CREATE TABLE b (id int PRIMARY KEY, v int);
INSERT INTO b VALUES (1, 1);
CREATE TABLE p (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
INSERT INTO p VALUES (1, 1), (11, 11);
CREATE MATERIALIZED VIEW "of A" AS SELECT sum(v) AS s FROM a;
CREATE VIEW between AS SELECT s + 1 AS s FROM "of A";
CREATE MATERIALIZED VIEW a_of_that AS SELECT s FROM between;
CREATE MATERIALIZED VIEW of_b AS SELECT sum(v) AS s FROM b;
CREATE MATERIALIZED VIEW of_p AS SELECT sum(v) AS s FROM p;
CREATE MATERIALIZED VIEW of_p1 AS SELECT sum(v) AS s FROM p1;
CREATE MATERIALIZED VIEW never AS SELECT sum(v) AS s FROM a WITH NO DATA;
"""
REFRESH = 'REFRESH MATERIALIZED VIEW "of A"; REFRESH MATERIALIZED VIEW a_of_that; REFRESH MATERIALIZED VIEW of_p;'


def refreshed(pair):
    """The views that the plan refreshes, in its order."""
    return [s["object"] for s in pair.show()["statements"] if s["class"] == "materialized view"]


@pytest.mark.parametrize("more", [(), ("--sync-schema=false",)])
def test_those_over_changed_rows_are_refreshed_in_order(pair, more):
    pair.both(BASE)
    pair.on_main("UPDATE a SET v = v * 2; UPDATE p SET v = 7 WHERE id = 11;" + REFRESH)
    pair.plan(*more).expect(0)
    assert refreshed(pair) == ['public."of A"', "public.a_of_that", "public.of_p"]
    pair.apply().expect(0)
    pair.assert_equal()
    pair.plan("--detailed-exitcode", *more, "--force").expect(0)


def test_a_new_one_comes_after_that_which_it_reads(pair):
    pair.both(BASE)
    pair.on_main("DELETE FROM a WHERE id > 3; CREATE MATERIALIZED VIEW a_new AS SELECT s * 2 AS s FROM a_of_that;"
                 "REFRESH MATERIALIZED VIEW never;" + REFRESH + "REFRESH MATERIALIZED VIEW a_new")
    pair.synchronise()


def test_rows_of_a_partition_that_main_lacks(pair):
    pair.both(BASE)
    pair.on_standin("CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30); INSERT INTO p VALUES (21, 100); REFRESH MATERIALIZED VIEW of_p")
    pair.plan().expect(0)
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT s FROM of_p") == [(12,)]


@ways.not_by("script", "psql names the line of the script, not the object")
def test_one_that_cannot_be_refreshed_changes_nothing(pair):
    pair.both("CREATE TABLE a (id int PRIMARY KEY, v int); INSERT INTO a VALUES (1, 1); CREATE MATERIALIZED VIEW m AS SELECT 1 / v AS s FROM a")
    pair.on_main("UPDATE a SET v = 0")
    pair.plan().expect(0)
    before = pair.standin_state()
    outcome = pair.apply().expect(9)
    assert "division by zero" in outcome.err and "public.m" in outcome.err
    assert pair.standin_state() == before


def test_those_that_main_refreshed_and_the_stand_in_did_not(pair):
    """The rows below are the same on both sides, so only what the views hold tells."""
    pair.both(BASE + 'CREATE MATERIALIZED VIEW "of that" AS SELECT s + 1 AS s FROM of_b; CREATE MATERIALIZED VIEW fixed AS SELECT now() AS at;')
    pair.both("UPDATE a SET v = v * 2; UPDATE b SET v = 5; UPDATE p SET v = v + 1")
    # "of A" follows main; of_b was refreshed there, but is behind again; a_of_that reads what comes with "of A".
    pair.on_main(REFRESH + "REFRESH MATERIALIZED VIEW of_b; UPDATE b SET v = 6")
    pair.on_standin("UPDATE b SET v = 6")
    outcome = pair.plan().expect(0)
    assert refreshed(pair) == ['public."of A"', "public.a_of_that", "public.of_p"]
    for name in ("public.of_b", "public.fixed"):
        assert "materialized view %s holds other rows in main" % name in outcome.err
    assert '"of that"' not in outcome.err
    pair.apply().expect(0)
    for view in ('"of A"', "a_of_that", "of_p", '"of that"'):
        assert pair.standin.rows(pair.standin_db, "SELECT * FROM " + view) == pair.main.rows(pair.main_db, "SELECT * FROM " + view)
    assert pair.standin.rows(pair.standin_db, "SELECT * FROM of_b") == [(1,)]
    pair.plan("--force", "--detailed-exitcode").expect(0)


def test_what_their_owners_may_read(pair):
    """Row security that binds an owner hides rows, as it does on main; what an owner may not read at all is told."""
    for cluster in (pair.main, pair.standin):
        cluster.psql("postgres", "DO $$BEGIN CREATE ROLE \"A \"\"Reader\"; EXCEPTION WHEN duplicate_object THEN END$$")
    pair.both("""CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1), (2, 2); ALTER TABLE t OWNER TO "A ""Reader"; CREATE POLICY few ON t USING (v < 3);
        ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE "U 2" (id int PRIMARY KEY); GRANT SELECT (id) ON "U 2" TO "A ""Reader";
        CREATE MATERIALIZED VIEW of_t AS SELECT count(*) FROM t WITH NO DATA; ALTER MATERIALIZED VIEW of_t OWNER TO "A ""Reader"; REFRESH MATERIALIZED VIEW of_t;""")
    pair.on_main('INSERT INTO t VALUES (3, 3), (4, 0); REFRESH MATERIALIZED VIEW of_t; CREATE MATERIALIZED VIEW new_of_t AS SELECT sum(v) FROM t WITH NO DATA; ALTER MATERIALIZED VIEW new_of_t OWNER TO "A ""Reader"; REFRESH MATERIALIZED VIEW new_of_t')
    assert "may not read" not in pair.plan().expect(0).err
    pair.apply().expect(0)
    pair.assert_equal()
    pair.both('CREATE MATERIALIZED VIEW of_u AS SELECT u.id FROM u, "U 2" AS w; ALTER MATERIALIZED VIEW of_u OWNER TO "A ""Reader"')
    pair.on_main("INSERT INTO u VALUES (1)")
    assert 'materialized view public.of_u: its owner A "Reader may not read public.u on main' in pair.plan("--force").expect(0).err
    before = pair.standin_state()
    assert "permission denied for table u" in pair.apply().expect(4).err
    assert pair.standin_state() == before
    pair.on_standin('GRANT SELECT ON u TO "A ""Reader"')
    pair.plan("--force", "--no-sync-schema").expect(0)
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT count(*) FROM of_u") == [(0,)]


def test_those_over_rows_that_are_kept_are_refreshed_once(pair):
    """They never hold what main's do: a plan that does nothing else leaves one whose query gives what it holds."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE MATERIALIZED VIEW m AS SELECT * FROM t")
    pair.on_main("INSERT INTO t VALUES (2); REFRESH MATERIALIZED VIEW m")
    pair.on_standin("INSERT INTO t VALUES (3)")
    pair.plan("--no-delete-rows").expect(0)
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT id FROM m ORDER BY 1") == [(1,), (2,), (3,)]
    outcome = pair.plan("--no-delete-rows", "--force", "--detailed-exitcode").expect(0)
    assert "materialized view public.m holds other rows in main" in outcome.err
    pair.on_standin("DELETE FROM t WHERE id = 3; INSERT INTO t VALUES (4)")     # the view is stale now
    assert "REFRESH" in str(pair.plan("--no-delete-rows", "--force").expect(0) and pair.show()["statements"])
