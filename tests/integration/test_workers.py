"""Whatever --workers and --chunk-size are, the rows of a plan are the same; more connections than there may be are refused by name."""

import os

from support import plan_file, programs

ALL = ("--schema=*", "--clean-extra")
SETUP = """
CREATE TABLE numbered (id bigint PRIMARY KEY, v text); INSERT INTO numbered SELECT i * i, 'v' || i FROM generate_series(1, 3000) i;
CREATE TABLE named (a text, b uuid, v float8, PRIMARY KEY (a, b)); INSERT INTO named SELECT 'k' || i % 100, md5(i::text)::uuid, i FROM generate_series(1, 2000) i;
CREATE TABLE keyless (a int, b text); INSERT INTO keyless SELECT i % 7, 'x' FROM generate_series(1, 1000) i; CREATE TABLE one (id int PRIMARY KEY, v text); INSERT INTO one VALUES (1, 'a');
CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF parts FOR VALUES FROM (MINVALUE) TO (500); CREATE TABLE high PARTITION OF parts FOR VALUES FROM (500) TO (MAXVALUE);
INSERT INTO parts SELECT i, 'p' FROM generate_series(1, 1000) i; CREATE TABLE nothing (id int PRIMARY KEY); CREATE TABLE filled (id int PRIMARY KEY)
"""
MOVED_ON = """
UPDATE numbered SET v = 'new' WHERE id % 64 = 1; DELETE FROM numbered WHERE id % 9 = 4; INSERT INTO numbered VALUES (-5, 'low'), (2, 'two'), (9000001, 'high');
UPDATE named SET v = '-0' WHERE a = 'k7'; DELETE FROM named WHERE a = 'k9'; INSERT INTO named VALUES ('', md5('x')::uuid, 'NaN'); DELETE FROM keyless WHERE a = 3; INSERT INTO keyless VALUES (NULL, NULL), (1, 'x');
UPDATE one SET v = 'b'; UPDATE parts SET v = 'q' WHERE id IN (1, 499, 500, 1000); DELETE FROM parts WHERE id = 501; INSERT INTO filled SELECT generate_series(1, 100)
"""


def rows_of(file):
    """All that is to be done with rows, whatever the parts that they came in."""
    return {name: content for name, content in plan_file.contents(file).items() if name.startswith("rows/")}


def test_the_rows_of_a_plan_do_not_depend_on_them(pair):
    pair.both(SETUP)
    pair.on_main(MOVED_ON)
    pair.plan(*ALL).expect(0)
    contents, rows = plan_file.contents(pair.file), rows_of(pair.file)
    assert len(rows) > 10
    other = pair.folder / "other.pgplan"
    for workers in (1, 2, 3, 7, 16, 64):
        pair.plan(*ALL, "--workers=%d" % workers, "--force", output=other).expect(0)
        assert plan_file.contents(other) == contents, workers
    for size in (1, 2, 17, 999, 10000000, 100000000):
        pair.plan(*ALL, "--chunk-size=%d" % size, "--workers=%d" % (1 + size % 5), "--force", output=other).expect(0)
        assert rows_of(other) == rows, size
        pair.apply("--dry-run", "--verify=full", file=other).expect(0)
    pair.plan(*ALL, "--chunk-size=1", "--workers=64", "--force", output=other).expect(0)
    pair.apply("--verify=full", file=other).expect(0)
    pair.assert_equal()
    for wrong in ("--workers=65", "--workers=-1", "--workers=4x", "--workers=", "--chunk-size=0", "--chunk-size=100000001", "--chunk-size=1e3", "--chunk-size=18446744073709551617"):
        outcome = pair.plan(wrong, "--force").expect(programs.USAGE)
        assert wrong.partition("=")[0] in outcome.err and "is not a number from 1 to " in outcome.err, outcome


def test_more_connections_than_there_may_be(pair):
    """Nothing is written, and the message says how many there are."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY)")
    pair.on_main("INSERT INTO t VALUES (1)")
    for option, cluster, db in (("--maindsn", pair.main, pair.main_db), ("--standindsn", pair.standin, pair.standin_db)):
        if not cluster.rows("postgres", "SELECT FROM pg_roles WHERE rolname = 'few'"):
            cluster.psql("postgres", "CREATE ROLE few LOGIN BYPASSRLS CONNECTION LIMIT 3; GRANT pg_read_all_data TO few")
        dsn = cluster.dsn(db, user="few")
        outcome = pair.plan(option, dsn, "--workers=8").expect(programs.CONNECTION)
        assert "too many connections" in outcome.err and "3 of 8 connections were made: give fewer --workers" in outcome.err, outcome
        assert os.listdir(pair.folder) == []
        pair.plan(option, dsn, "--workers=3").expect(0)
        os.remove(pair.file)


def test_parallel_workers_may_prove_a_table(pair):
    """Those of the stand-in's server, which add up the rows that they read: apply has one connection."""
    pair.both("CREATE TABLE numbered (id int PRIMARY KEY); CREATE TABLE keyless (v int); CREATE TABLE filled (v int)")
    pair.on_main("INSERT INTO numbered SELECT generate_series(1, 60000); INSERT INTO keyless SELECT generate_series(1, 60000); INSERT INTO filled SELECT generate_series(1, 60000)")
    pair.on_standin("INSERT INTO numbered VALUES (0); INSERT INTO keyless VALUES (0)")
    pair.plan(*ALL).expect(0)
    pair.standin.psql(pair.standin_db, "ALTER DATABASE %(db)s SET session_preload_libraries = 'auto_explain'; ALTER DATABASE %(db)s SET auto_explain.log_min_duration = 0;"
                      "ALTER DATABASE %(db)s SET parallel_setup_cost = 0; ALTER DATABASE %(db)s SET min_parallel_table_scan_size = 0" % {"db": pair.standin_db})
    with open(pair.standin.log) as log:
        log.seek(0, os.SEEK_END)
        pair.apply().expect(0)
        plans = log.read().split(" LOG:  ")
    for table, aggregate in (("numbered", "Partial HashAggregate"), ("keyless", "Partial HashAggregate"), ("filled", "Partial GroupAggregate")):
        assert any(aggregate in plan and "Parallel Seq Scan on %s t" % table in plan for plan in plans), plans
