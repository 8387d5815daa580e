"""show --sql: the script that psql runs in place of apply, against hostile names and values and another stand-in."""

import os
import subprocess

import pytest

from support import programs
from support.cluster import BIN

HOSTILE = r"""
CREATE TYPE mood AS ENUM ('sad', 'it''s \! ok');
CREATE TABLE public."t :DBNAME
\! touch pwned
$pgsyncer$" (id integer PRIMARY KEY, "v:DBNAME""
\q" text, m mood);
INSERT INTO public."t :DBNAME
\! touch pwned
$pgsyncer$" SELECT i, 'v' || i FROM generate_series(1, 1000) i;
CREATE TABLE swap (id int PRIMARY KEY, u text UNIQUE);
INSERT INTO swap VALUES (1, 'a'), (2, 'b'), (3, 'c');
CREATE TABLE child (id int PRIMARY KEY, swap_id int REFERENCES swap ON DELETE CASCADE);
INSERT INTO child SELECT i, 1 + i % 3 FROM generate_series(1, 30) i;
CREATE TABLE nokey (x int, y text);
INSERT INTO nokey SELECT i % 5, 'y' FROM generate_series(1, 50) i;
CREATE FUNCTION noisy() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'fired'; END $f$;
CREATE SEQUENCE "s'\ :DBNAME";
"""

MOVED_ON = r"""
UPDATE public."t :DBNAME
\! touch pwned
$pgsyncer$" SET "v:DBNAME""
\q" = E'\\.\n\\! touch pwned\n:DBNAME $pgsyncer$ \t \r' WHERE id % 10 = 0;
DELETE FROM public."t :DBNAME
\! touch pwned
$pgsyncer$" WHERE id % 10 = 1;
DELETE FROM swap WHERE id = 3;
UPDATE swap SET u = u || '_';
UPDATE swap SET u = CASE id WHEN 1 THEN 'b' ELSE 'a' END;
INSERT INTO nokey VALUES (1, 'y'), (NULL, NULL), (NULL, E'\\N');
DELETE FROM nokey WHERE x = 2;
CREATE VIEW "v :DBNAME" AS SELECT (ARRAY[1, 2, 3])[1:"DBNAME"] AS a, '\! touch pwned' AS b FROM (SELECT 2 AS "DBNAME") s;
COMMENT ON VIEW "v :DBNAME" IS E'\\! touch pwned\n\\q :DBNAME :''DBNAME''';
CREATE TABLE fresh (id int PRIMARY KEY, "a:b" text DEFAULT ':DBNAME');
INSERT INTO fresh SELECT i, repeat('x', i % 50) FROM generate_series(1, 3000) i;
SELECT nextval('"s''\ :DBNAME"');
"""

# The settings of somebody's ~/.psqlrc that change how psql reads a script.
PSQLRC = "\\set ON_ERROR_ROLLBACK on\n\\set SINGLELINE on\n\\set AUTOCOMMIT off\n\\set FETCH_COUNT 1\n\\set ON_ERROR_STOP off\n"


def script_of(pair):
    script = pair.folder / "plan.sql"
    script.write_text(programs.plan("show", "--sql", pair.file).expect(0).out)
    return script


def run(pair, script, *arguments, more=""):
    rc = pair.folder / "psqlrc"
    rc.write_text(PSQLRC + more)
    return subprocess.run([os.path.join(BIN, "psql"), "-q", *arguments, "-f", str(script), pair.standin_dsn], capture_output=True, text=True, cwd=pair.folder,
                          env={**programs.SCRUBBED, "PSQLRC": str(rc)})


def execute(dsn, sql):
    """Not by psql, whose reading of these names is what is tested."""
    import psycopg2

    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


@pytest.fixture
def hostile_pair(pair):
    execute(pair.main_dsn, HOSTILE)
    execute(pair.standin_dsn, HOSTILE)
    execute(pair.main_dsn, MOVED_ON)
    # After the clone: a trigger that must not act on main's rows, on both sides.
    for dsn in (pair.main_dsn, pair.standin_dsn):
        execute(dsn, "CREATE TRIGGER noisy BEFORE INSERT OR UPDATE OR DELETE ON swap FOR EACH ROW EXECUTE FUNCTION noisy()")
    pair.plan("--schema=*", "--clean-extra").expect(0)
    return pair


def test_in_place_of_apply(hostile_pair):
    pair = hostile_pair
    outcome = run(pair, script_of(pair))
    assert outcome.returncode == 0, outcome.stderr
    pair.assert_equal()
    assert not (pair.folder / "pwned").exists()


def test_runs_once(hostile_pair):
    pair = hostile_pair
    script = script_of(pair)
    assert run(pair, script).returncode == 0
    state = pair.standin_state()
    assert run(pair, script).returncode != 0
    assert pair.standin_state() == state


@pytest.mark.parametrize("change", [
    "UPDATE nokey SET y = 'z' WHERE ctid = (SELECT min(ctid) FROM nokey WHERE x = 3)",
    "INSERT INTO nokey VALUES (7, 'seven')",
    """UPDATE public."t :DBNAME\n\\! touch pwned\n$pgsyncer$" SET "v:DBNAME""\n\\q" = 'other' WHERE id = 10""",
    """DELETE FROM public."t :DBNAME\n\\! touch pwned\n$pgsyncer$" WHERE id = 5""",
    "CREATE TABLE other (id int REFERENCES swap); INSERT INTO other VALUES (3)",
    "CREATE VIEW \"v :DBNAME\" AS SELECT 1",
    "ALTER TABLE swap ENABLE ALWAYS TRIGGER noisy",
])
def test_refuses_another_state(hostile_pair, change):
    pair = hostile_pair
    script = script_of(pair)
    execute(pair.standin_dsn, change)
    state = pair.standin_state()
    outcome = run(pair, script)
    assert outcome.returncode != 0
    assert "ERROR" in outcome.stderr
    assert pair.standin_state() == state


def test_cut_script_changes_nothing(hostile_pair):
    """A script whose end got lost has no COMMIT."""
    pair = hostile_pair
    script = script_of(pair)
    state = pair.standin_state()
    whole = script.read_bytes()
    for part in (0.3, 0.6, 0.95):
        script.write_bytes(whole[: int(len(whole) * part)])
        run(pair, script)
        assert pair.standin_state() == state
        # psql -1 would commit what has come; so would whoever has a transaction open.
        for outcome in (run(pair, script, "-1"), run(pair, script, "-1", "-X"), run(pair, script, more="SELECT 1;\n")):
            assert outcome.returncode == 3 and "a transaction is open already" in outcome.stderr
    assert pair.standin_state() == state


def test_a_terminal_sees_no_escape(hostile_pair):
    """On a terminal the script is for reading: escapes in names and values do not act."""
    pair = hostile_pair
    execute(pair.main_dsn, "INSERT INTO nokey VALUES (8, E'\\x1b[31mred')")
    pair.plan("--schema=*", "--clean-extra", "--force").expect(0)
    master, slave = os.openpty()
    process = subprocess.Popen([str(programs.BIN / "pgsyncer-plan"), "show", "--sql", str(pair.file)], stdin=subprocess.DEVNULL, stdout=slave,
                               stderr=subprocess.PIPE)
    os.close(slave)
    seen = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end was closed
            break
        if not piece:
            break
        seen += piece
    os.close(master)
    process.communicate()
    assert process.returncode == 0
    assert b"red" in seen and b"\x1b" not in seen
