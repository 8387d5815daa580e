"""SIGINT and SIGTERM: the running statement is cancelled, everything rolled back, exit 130, nothing left behind."""

import os
import signal

import pytest

from support import programs
from support.cluster import wait_until

ALL = ("--schema=*", "--clean-extra")
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


def sessions(cluster, db):
    return cluster.value("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name ~ 'pgsyncer'", (db,))


@SIGNALS
@pytest.mark.parametrize("workers", [1, 4])
def test_plan_interrupted(shop_pair, number, workers):
    shop_pair.move_on()
    holder = shop_pair.main.connect(shop_pair.main_db, autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE sales.order_item IN ACCESS EXCLUSIVE MODE")
        command = ["--maindsn", shop_pair.main_dsn, "--standindsn", shop_pair.standin_dsn, "-o", shop_pair.file, "--workers=%d" % workers, *ALL]
        with programs.Running("pgsyncer-plan", command) as running:
            shop_pair.main.wait_for_lock_wait(shop_pair.main_db)
            running.signal(number)
            outcome = running.finish().expect(programs.INTERRUPTED)
        assert "interrupt" in outcome.err.lower()
    holder.rollback()
    holder.close()
    assert os.listdir(shop_pair.folder) == []
    wait_until(lambda: sessions(shop_pair.main, shop_pair.main_db) == 0, "the sessions to end")


@SIGNALS
def test_apply_interrupted_while_it_waits_for_a_lock(shop_pair, number):
    shop_pair.move_on()
    shop_pair.plan(*ALL).expect(0)
    before = shop_pair.standin_state()
    holder = shop_pair.standin.connect(shop_pair.standin_db, autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE sales.order_item IN ACCESS EXCLUSIVE MODE")
        with programs.Running("pgsyncer-apply", [shop_pair.file, "--standindsn", shop_pair.standin_dsn, "--yes", "--lock-timeout=0"]) as running:
            shop_pair.standin.wait_for_lock_wait(shop_pair.standin_db)
            running.signal(number)
            running.finish().expect(programs.INTERRUPTED)
    holder.rollback()
    holder.close()
    wait_until(lambda: sessions(shop_pair.standin, shop_pair.standin_db) == 0, "the sessions to end")
    after = shop_pair.standin_state()
    assert after[1:] == before[1:]
    # The declared pre-commit phase may have added the new enum label; nothing else may have changed.
    gone, new = before[0] - after[0], after[0] - before[0]
    assert all(s.startswith("CREATE TYPE sales.order_state") for s in [*gone, *new]), (gone, new)
    shop_pair.apply().expect(0)
    shop_pair.assert_equal()


@pytest.fixture
def gate(pair):
    """Tables whose check constraint waits at a gate that the test holds: apply stops in the middle of its rows."""
    pair.both("""CREATE FUNCTION gate() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4242); RETURN true; END $$;
        CREATE TABLE a (id int PRIMARY KEY, v text); CREATE TABLE b (id int PRIMARY KEY, v text, CHECK (gate())); CREATE TABLE c (id int PRIMARY KEY, v text);
        INSERT INTO a SELECT i, 'v' FROM generate_series(1, 100) i; INSERT INTO b SELECT i, 'v' FROM generate_series(1, 100) i; INSERT INTO c SELECT i, 'v' FROM generate_series(1, 100) i""")
    pair.on_main("UPDATE a SET v = 'w'; UPDATE b SET v = 'w' WHERE id < 50; UPDATE c SET v = 'w'; DELETE FROM a WHERE id = 1; ALTER TABLE c ADD x int")
    pair.plan(*ALL).expect(0)
    holder = pair.standin.connect(pair.standin_db)
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4242)")
    yield pair, holder
    holder.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_apply_interrupted_in_the_middle_of_its_rows(gate, number):
    pair, holder = gate
    before = pair.standin_state()
    with programs.Running("pgsyncer-apply", [pair.file, "--standindsn", pair.standin_dsn, "--yes", "--lock-timeout=0"]) as running:
        pair.standin.wait_for_lock_wait(pair.standin_db)
        running.signal(number)
        running.finish().expect(-signal.SIGKILL if number == signal.SIGKILL else programs.INTERRUPTED)
    holder.close()
    wait_until(lambda: sessions(pair.standin, pair.standin_db) == 0, "the sessions to end")
    assert pair.standin_state() == before
    pair.apply().expect(0)
    pair.assert_equal()


def test_apply_goes_on_when_the_gate_opens(gate):
    pair, holder = gate
    with programs.Running("pgsyncer-apply", [pair.file, "--standindsn", pair.standin_dsn, "--yes", "--lock-timeout=0"]) as running:
        pair.standin.wait_for_lock_wait(pair.standin_db)
        holder.close()
        running.finish().expect(0)
    pair.assert_equal()
