"""A plan on standard input: pgsyncer-plan -o - | pgsyncer-apply -, and what may go wrong on the way."""

import os
import pty
import subprocess

import pytest

from support import programs

ALL = ("--schema=*", "--clean-extra")
SETUP = """CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 2000) i;
CREATE SEQUENCE s; CREATE VIEW w AS SELECT v FROM t"""
MOVED_ON = """UPDATE t SET v = v || 'x' WHERE id % 3 = 0; DELETE FROM t WHERE id % 7 = 0; SELECT nextval('s');
CREATE TABLE fresh AS SELECT i, md5(i::text) FROM generate_series(1, 5000) i"""


def feed(command, stdin, pair, *args, **more):
    """Runs pgsyncer-apply with these bytes on a pipe."""
    process = subprocess.run([str(programs.BIN / "pgsyncer-apply"), *command, *map(str, args)], input=stdin, capture_output=True,
                             env={**programs.SCRUBBED, "STANDIN_DSN": pair.standin_dsn, **more.pop("env", {})}, **more)
    return programs.check_output(programs.Outcome([*command, *args], process.returncode, process.stdout.decode(), process.stderr.decode()),
                                 programs.SCRUBBED)


@pytest.fixture
def planned(pair):
    pair.both(SETUP)
    pair.on_main(MOVED_ON)
    return pair


def test_the_flags_of_the_go_tool(planned):
    """As its users write them: one dash, a value after a space or an equals sign."""
    pair = planned
    env = {**programs.SCRUBBED, "MAIN_DSN": pair.main_dsn, "STANDIN_DSN": pair.standin_dsn}
    line = ("set -o pipefail; '%s/pgsyncer-plan' -schema public -sync-schema -sync-data=true -clean-extra -workers 2 -chunk-size=500 -pgdump pg_dump -o - | '%s/pgsyncer-apply' - --yes"
            % (programs.BIN, programs.BIN))
    job = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True)
    assert job.returncode == 0, job.stderr
    pair.assert_equal()


def test_one_step(planned):
    """As one command of a shell, with the databases named by the environment; PGSyncer's last line goes to standard error."""
    pair = planned
    env = {**programs.SCRUBBED, "MAIN_DSN": pair.main_dsn, "STANDIN_DSN": pair.standin_dsn, "TMPDIR": str(pair.folder)}
    line = "set -o pipefail; '%s/pgsyncer-plan' --schema='*' --clean-extra -o - | '%s/pgsyncer-apply' - --yes" % (programs.BIN, programs.BIN)
    job = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True)
    assert job.returncode == 0, job.stderr
    assert "Plan: 1 objects to create" in job.stderr and "Plan:" not in job.stdout
    assert job.stdout.startswith("Applied: ")
    assert os.listdir(pair.folder) == []
    pair.assert_equal()

    failing = line.replace("--clean-extra", "--schema-source=pgdump --pgdump=/nowhere/pg_dump")
    job = subprocess.run(["bash", "-c", failing], env=env, capture_output=True, text=True)
    assert job.returncode == 5, job.stderr
    assert "no plan came on standard input" in job.stderr and "/nowhere/pg_dump could not be started" in job.stderr


def test_what_comes_is_verified_before_anything_else(planned):
    pair = planned
    pair.plan(*ALL).expect(0)
    whole = pair.file.read_bytes()
    state = pair.standin_state()
    for length in (0, 1, 511, 512, 700, len(whole) // 2, len(whole) - 1024, len(whole) - 1):
        cut = feed(["-"], whole[:length], pair, "--yes").expect(programs.ARCHIVE)
        assert "The program that makes the plan may have failed" in cut.err
    for spoilt in (whole + b"\0", whole + whole, whole[:3000] + bytes([whole[3000] ^ 1]) + whole[3001:], b"x" * 100000):
        feed(["-"], spoilt, pair, "--yes").expect(programs.ARCHIVE)
        feed(["verify", "-"], spoilt, pair).expect(programs.ARCHIVE)
    assert pair.standin_state() == state

    feed(["verify", "-"], whole, pair).expect(0)
    assert feed(["show", "--json", "-"], whole, pair).expect(0).json == pair.show()
    feed(["check", "-"], whole, pair).expect(0)
    feed(["-"], whole, pair, "--dry-run").expect(0)
    feed(["-"], whole, pair, "--yes", env={"TMPDIR": "/nowhere"}).expect(programs.USAGE)
    assert pair.standin_state() == state
    with open(pair.file, "rb") as redirected:  # a file needs no copy
        subprocess.run([str(programs.BIN / "pgsyncer-apply"), "-", "--yes"], stdin=redirected, check=True, capture_output=True,
                       env={**programs.SCRUBBED, "STANDIN_DSN": pair.standin_dsn, "TMPDIR": "/nowhere"})
    pair.assert_equal()
    feed(["-"], whole, pair, "--yes").expect(programs.ALREADY)


def test_a_program_that_ends_in_the_middle(planned):
    """The one that makes the plan is killed before it writes, and while it does; the one that reads is gone."""
    pair = planned
    pair.on_main("INSERT INTO t SELECT i, md5(i::text) || md5((-i)::text) FROM generate_series(10000, 20000) i")  # more than a pipe holds
    state = pair.standin_state()
    env = {**programs.SCRUBBED, "MAIN_DSN": pair.main_dsn, "STANDIN_DSN": pair.standin_dsn, "TMPDIR": str(pair.folder)}
    command = [str(programs.BIN / "pgsyncer-plan"), *ALL, "-o", "-", "-q"]
    for begun in (False, True):
        holder = pair.standin.connect(pair.standin_db, autocommit=False)
        if not begun:
            with holder.cursor() as cursor:
                cursor.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as plan:
            if begun:
                head = os.read(plan.stdout.fileno(), 1)
            else:
                head = b""
                pair.standin.wait_for_lock_wait(pair.standin_db)
            plan.kill()
            plan.wait()
            outcome = feed(["-"], head + plan.stdout.read(), pair, "--yes").expect(programs.ARCHIVE)
            assert "may have failed" in outcome.err
        holder.close()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as plan:
        os.read(plan.stdout.fileno(), 1)
        plan.stdout.close()
        said = plan.stderr.read().decode()
        assert plan.wait() == programs.INTERNAL and "Broken pipe" in said, said
    assert os.listdir(pair.folder) == []
    assert pair.standin_state() == state


def on_terminal(pair, stdin, answer, *args):
    """The program with a terminal of its own, whatever its standard input is; `answer` is typed in."""
    child, master = pty.fork()
    if child == 0:
        if stdin is not None:
            os.dup2(os.open(stdin, os.O_RDONLY), 0)
            reader, writer = os.pipe()
            cat = os.fork()
            if cat == 0:
                os.dup2(writer, 1)
                os.close(reader)
                os.execvp("cat", ["cat"])
            os.dup2(reader, 0)
            os.close(writer)
        os.environ.clear()
        os.environ.update({**programs.SCRUBBED, "STANDIN_DSN": pair.standin_dsn})
        program = str(programs.BIN / "pgsyncer-apply")
        os.execv(program, [program, "-", "--progress=never", *args])
    seen, answered = b"", False
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        if b"will do it:" in seen and not answered:
            os.write(master, answer)
            answered = True
    os.close(master)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen.decode()


def test_the_question_is_asked_on_the_terminal(planned):
    pair = planned
    pair.plan(*ALL).expect(0)
    whole = pair.file.read_bytes()
    state = pair.standin_state()
    nobody = feed(["-"], whole, pair, start_new_session=True).expect(programs.DECLINED)
    assert "there is no terminal" in nobody.err
    code, seen = on_terminal(pair, None, b"")
    assert code == programs.USAGE and "not read from a terminal" in seen
    code, seen = on_terminal(pair, pair.file, b"no\n")
    assert code == programs.DECLINED, seen
    assert pair.standin_state() == state
    code, seen = on_terminal(pair, pair.file, b"yes\n")
    assert code == 0, seen
    pair.assert_equal()
