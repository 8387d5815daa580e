"""--force-psql: psql runs the plan. What goes wrong with it, what it is told, and what is said of it; what it does is in test_ways.py."""

import json
import os
import signal

import pytest

from support import programs, ways
from support.cluster import BIN, wait_until
from test_apply_commit import waiting, waiting_cluster  # noqa: F401: fixtures
from test_apply_commit import SESSION, wait_for_commit
from test_interrupts import gate, sessions  # noqa: F401

ALL = ("--schema=*", "--clean-extra")
PSQL = ("--force-psql", "--psql=" + ways.PSQL)


def start(pair, *arguments, dsn=None):
    return programs.Running("pgsyncer-apply", [pair.file, "--standindsn", dsn or pair.standin_dsn, "--yes", *PSQL, *arguments])


def children(running):
    """The process ids of the psql that the program runs."""
    with open("/proc/%d/task/%d/children" % (running.process.pid, running.process.pid)) as f:
        return [int(word) for word in f.read().split()]


@pytest.fixture
def planned(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 50) i; CREATE TABLE other (id int PRIMARY KEY)")
    pair.on_main("INSERT INTO t VALUES (100, 'new'); UPDATE t SET v = 'changed' WHERE id = 7; DELETE FROM t WHERE id = 20; ALTER TABLE other ADD v text")
    pair.plan(*ALL).expect(0)
    return pair


def recorder(folder):
    """A psql that writes down how it was called."""
    program = folder / "psql"
    program.write_text("#!/bin/bash\nprintf '%%s\\n' \"$@\" > '%s/arguments'\nenv > '%s/environment'\nexec '%s/psql' \"$@\"\n" % (folder, folder, BIN))
    program.chmod(0o755)
    return program


def fake(folder, name, script):
    """A program that is called psql's name and is none."""
    program = folder / name
    program.write_text("#!/bin/sh\n%s\n" % script)
    program.chmod(0o755)
    return str(program)


def test_what_psql_is_told(planned):
    pair = planned
    before = pair.standin_state()
    for program, code, words in (("/nowhere/psql", programs.USAGE, "--psql PATH"), ("/bin/false", programs.CONNECTION, "exit status 1"),
                                 ("/bin/true", programs.USAGE, "it is no psql"), (fake(pair.folder, "old", "echo 'psql (PostgreSQL) 9.6.24'"), programs.REFUSED, "version 9; the script takes 10 or newer"),
                                 (fake(pair.folder, "gone", "[ $1 = --version ] && exec %s $1; true" % ways.PSQL), programs.CONNECTION, "ended before its work was done")):
        outcome = pair.apply("--force-psql", "--psql=" + program).expect(code)
        assert words in outcome.err, outcome
    assert pair.standin_state() == before

    pair.standin.psql("postgres", "CREATE ROLE locked_in SUPERUSER LOGIN PASSWORD 'hush-hush' IN ROLE needs_password")
    try:
        dsn = pair.standin.dsn(pair.standin_db, user="locked_in", password="hush-hush", keepalives_idle="33", application_name="pgsyncer 'me'")
        program = recorder(pair.folder)
        pair.apply("--force-psql", "--dry-run", "--psql=%s" % program, dsn=dsn, env={"PGUSER": "nobody", "PSQLRC": "/nowhere"}).expect(0)
        arguments = (pair.folder / "arguments").read_text()
        for secret in ("hush", "locked_in", pair.standin.dir, pair.standin_db):
            assert secret not in arguments
        assert "--dbname=keepalives_idle='33'" in arguments and "--no-psqlrc" in arguments
        environment = (pair.folder / "environment").read_text().splitlines()
        assert "PGPASSWORD=hush-hush" in environment and "PGUSER=locked_in" in environment and "PGAPPNAME=pgsyncer 'me'" in environment
        assert sum(line.startswith("PGUSER=") for line in environment) == 1
        refused = pair.apply(*PSQL, dsn=pair.standin.dsn(pair.standin_db, user="locked_in", password="hush-hush", sslpassword="also secret"))
        assert "sslpassword" in refused.expect(programs.REFUSED).err and "also secret" not in refused.err
    finally:
        pair.standin.psql("postgres", "DROP ROLE locked_in")
    assert pair.standin_state() == before


def test_dry_run_receipt_and_scopes_are_as_without_it(planned):
    pair = planned
    before = pair.standin_state()
    found = {}
    for name, arguments in (("libpq", ()), ("psql", PSQL)):
        receipt = pair.folder / name
        outcome = pair.apply("--dry-run", "--verify=full", "--receipt=%s" % receipt, *arguments).expect(0)
        assert "Dry run, rolled back: 1 object created, 0 altered, 0 dropped; rows +1 ~1 -1; proved 2 tables (2 slices) equal to main" in outcome.last_line
        assert "lock: ACCESS EXCLUSIVE on public.other" in outcome.out and "write-ahead log: " in outcome.out
        found[name] = json.loads(receipt.read_text())
        for table in found[name]["tables"]:
            del table["seconds"]
    for key in ("counts", "tables", "proof", "locks", "outcome", "plan_id", "main"):
        assert found["psql"][key] == found["libpq"][key], key
    assert found["psql"]["wal_bytes"] > 0 and int(found["psql"]["transaction_id"]) > 0
    assert pair.standin_state() == before

    pair.apply(*PSQL, "--verify=none", "--no-journal", "--log-format=json", "--progress=always").expect(0)
    pair.assert_equal()
    assert pair.standin.value(pair.standin_db, "SELECT to_regnamespace('pgsyncer') IS NULL")
    pair.plan(*ALL, "--force").expect(0)
    pair.apply(*PSQL).expect(0)  # nothing to do: the journal alone
    row = pair.standin.rows(pair.standin_db, "SELECT tool, rows_inserted, proof, main ->> 'dbname', standin ->> 'dbname' FROM pgsyncer.journal")
    assert row == [("pgsyncer-apply 0.1.0", 0, "touched", pair.main_db, pair.standin_db)]


def test_names_like_sql(pair):
    """
    What the queries say in their comments of a parameter is no place for its value: a newline would end the comment, and what follows would run. And what
    a name holds is neither comment, parameter nor literal.
    """
    pair.both('CREATE TABLE kept (id int); CREATE TABLE "line\n; DROP TABLE kept; --" (id int PRIMARY KEY);'
              'CREATE TABLE "it\'s $1 -- ""so""" (id int PRIMARY KEY, v int); INSERT INTO "it\'s $1 -- ""so""" SELECT i * i, 0 FROM generate_series(1, 1000) i')
    pair.on_main('INSERT INTO "line\n; DROP TABLE kept; --" VALUES (1); UPDATE "it\'s $1 -- ""so""" SET v = 1')
    pair.plan("--no-sync-schema", '--table="line\n; DROP TABLE kept; --"', '--table="it\'s $1 -- ""so"""').expect(0)
    pair.apply("--force-psql").expect(0)
    pair.assert_equal()


@pytest.mark.parametrize("end", ["interrupt", "psql", "backend", "apply"])
def test_ended_in_the_middle_of_its_rows(gate, end):  # noqa: F811
    pair, holder = gate
    before = pair.standin_state()
    with start(pair, "--lock-timeout=0") as running:
        pair.standin.wait_for_lock_wait(pair.standin_db)
        psql = children(running)
        assert len(psql) == 1
        if end == "backend":
            pair.standin.rows("postgres", "SELECT pg_terminate_backend(pid) " + SESSION + " AND wait_event_type = 'Lock'", (pair.standin_db,))
        else:
            os.kill(psql[0] if end == "psql" else running.process.pid, signal.SIGINT if end == "interrupt" else signal.SIGKILL)
        if end == "apply":  # its backend sees that only once it is through
            holder.close()
        outcome = running.finish().expect({"interrupt": programs.INTERRUPTED, "apply": -signal.SIGKILL}.get(end, programs.CONNECTION))
    if end == "psql":
        assert "signal 9" in outcome.err
    holder.close()
    wait_until(lambda: sessions(pair.standin, pair.standin_db) == 0, "the sessions to end")
    wait_until(lambda: not os.path.exists("/proc/%d" % psql[0]), "psql to end")
    assert pair.standin_state() == before
    pair.apply(*PSQL).expect(0)
    pair.assert_equal()


def test_the_connection_is_lost_after_the_commit(waiting):  # noqa: F811
    with start(waiting, dsn=waiting.standin.dsn(waiting.standin_db, options="-c synchronous_commit=on")) as running:
        wait_for_commit(waiting)
        waiting.standin.rows("postgres", "SELECT pg_terminate_backend(pid) " + SESSION, (waiting.standin_db,))
        outcome = running.finish().expect(0)
    assert "committed" in outcome.err
    assert outcome.last_line.startswith("Applied: ")
    waiting.assert_equal()


def test_an_interrupt_that_comes_too_late(waiting):  # noqa: F811
    with start(waiting, dsn=waiting.standin.dsn(waiting.standin_db, options="-c synchronous_commit=on")) as running:
        wait_for_commit(waiting)
        running.signal(signal.SIGINT)
        outcome = running.finish().expect(0)
    assert "too late" in outcome.err
    waiting.assert_equal()
    waiting.apply(*PSQL).expect(programs.ALREADY)
