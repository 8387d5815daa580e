"""The end of the transaction: what apply says when the connection is lost, or a signal comes, during COMMIT."""

import signal

import pytest

from support import programs
from support.cluster import Cluster, wait_until
from support.pair import Pair

ALL = ("--schema=*", "--clean-extra")
SESSION = "FROM pg_stat_activity WHERE datname = %s AND application_name ~ 'pgsyncer'"


@pytest.fixture(scope="module")
def waiting_cluster():
    """COMMIT waits for a standby that does not exist, in sessions that ask for it."""
    with Cluster("waiting", conf="synchronous_standby_names = 'nobody'") as cluster:
        yield cluster


@pytest.fixture
def waiting(built, main_cluster, waiting_cluster, tmp_path):
    main_cluster.createdb("commit_main")
    waiting_cluster.createdb("commit_standin")
    pair = Pair(main_cluster, waiting_cluster, "commit_main", "commit_standin", tmp_path)
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text)")
    pair.on_main("INSERT INTO t VALUES (1, 'new')")
    pair.plan(*ALL).expect(0)
    yield pair
    main_cluster.dropdb("commit_main")
    waiting_cluster.dropdb("commit_standin")


def start(pair, *arguments):
    dsn = pair.standin.dsn(pair.standin_db, options="-c synchronous_commit=on")
    return programs.Running("pgsyncer-apply", [pair.file, "--standindsn", dsn, "--yes", *arguments])


def wait_for_commit(pair):
    wait_until(lambda: pair.standin.value("postgres", "SELECT count(*) " + SESSION + " AND wait_event = 'SyncRep'", (pair.standin_db,)) == 1,
               "apply to wait in COMMIT")


@pytest.mark.parametrize("arguments", [(), ("--no-journal",)])
def test_the_connection_is_lost_after_the_commit(waiting, arguments):
    with start(waiting, *arguments) as running:
        wait_for_commit(waiting)
        waiting.standin.rows("postgres", "SELECT pg_terminate_backend(pid) " + SESSION, (waiting.standin_db,))
        outcome = running.finish().expect(0)
    assert "committed" in outcome.err
    assert outcome.last_line.startswith("Applied: ")
    waiting.assert_equal()


def test_an_interrupt_that_comes_too_late(waiting):
    with start(waiting) as running:
        wait_for_commit(waiting)
        running.signal(signal.SIGINT)
        outcome = running.finish().expect(0)
    assert "too late" in outcome.err
    waiting.assert_equal()
    waiting.apply().expect(programs.ALREADY)


@pytest.fixture
def gate(pair):
    """A journal whose row is looked at, at COMMIT, by a trigger that waits for a lock."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text)")
    pair.on_main("INSERT INTO t VALUES (1, 'first')")
    pair.plan(*ALL).expect(0)
    pair.apply().expect(0)
    pair.on_standin("CREATE TABLE pgsyncer.gate (); CREATE FUNCTION pgsyncer.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE pgsyncer.gate; RETURN NULL; END $$;"
                    "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON pgsyncer.journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pgsyncer.wait();"
                    "ALTER TABLE pgsyncer.journal ENABLE ALWAYS TRIGGER wait")
    pair.on_main("UPDATE t SET v = 'second'")
    pair.plan(*ALL, "--force").expect(0)
    holder = pair.standin.connect(pair.standin_db, autocommit=False)
    holder.cursor().execute("LOCK TABLE pgsyncer.gate")
    pair.holder = holder
    yield pair
    holder.close()


def test_the_connection_is_lost_before_the_commit(gate):
    before = gate.standin_state()
    with start(gate, "--lock-timeout=60s") as running:
        gate.standin.wait_for_lock_wait(gate.standin_db)
        gate.standin.rows("postgres", "SELECT pg_terminate_backend(pid) " + SESSION, (gate.standin_db,))
        outcome = running.finish().expect(programs.CONNECTION)
    assert "rolled back" in outcome.err
    assert gate.standin_state() == before
    gate.holder.rollback()
    gate.apply().expect(0)
    gate.assert_equal()


def test_an_interrupt_before_the_commit(gate):
    before = gate.standin_state()
    with start(gate, "--lock-timeout=60s") as running:
        gate.standin.wait_for_lock_wait(gate.standin_db)
        running.signal(signal.SIGTERM)
        running.finish().expect(programs.INTERRUPTED)
    assert gate.standin_state() == before
    gate.holder.rollback()
    gate.apply().expect(0)
    gate.assert_equal()
