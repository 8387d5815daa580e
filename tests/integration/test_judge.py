"""The judge itself: it must see what differs, and must not see what does not."""

import pytest

from support import judge

BASE = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int PRIMARY KEY, a text, b numeric, m mood, "odd ""name" text, CHECK (b > 0));
INSERT INTO t VALUES (1, 'x', 1.0, 'ok', E'tab\\tnl\\n'), (2, NULL, 2, 'sad', ''), (3, 'y;--', 3, 'ok', '$$');
CREATE SEQUENCE s;
CREATE FUNCTION f(x int) RETURNS text LANGUAGE sql AS $$ SELECT 'a;b--c' || x $$;
CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN x > 0 THEN 1 ELSE 2 END; SELECT x; END;
CREATE VIEW v AS SELECT id, a FROM t;
COMMENT ON TABLE t IS 'one; -- two';
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
"""


def test_equal_databases_have_no_differences(databases):
    databases.both(BASE)
    databases.assert_equal()


def test_column_order_row_order_and_the_journal_are_no_difference(databases):
    databases.on_main("CREATE TABLE t (a int, b text, CHECK (a > 0)); INSERT INTO t VALUES (1, 'x'), (2, 'y')")
    databases.on_standin("CREATE TABLE t (b text, a int, CHECK (a > 0)); INSERT INTO t VALUES ('y', 2), ('x', 1);"
                         "CREATE SCHEMA pgsyncer; CREATE TABLE pgsyncer.journal (id int); CREATE SEQUENCE pgsyncer.s")
    databases.assert_equal()


@pytest.mark.parametrize("change, said", [
    ("UPDATE t SET b = 1.00 WHERE id = 1", "table public.t"),
    ("UPDATE t SET a = '' WHERE id = 2", "table public.t"),
    ("UPDATE t SET m = 'sad' WHERE id = 3", "table public.t"),
    ("DELETE FROM t WHERE id = 1", "table public.t"),
    ("INSERT INTO nothing DEFAULT VALUES", "table public.nothing"),
    ("CREATE TABLE extra (id int)", "CREATE TABLE public.extra"),
    ("ALTER TABLE t ALTER b SET NOT NULL", "CREATE TABLE public.t"),
    ("ALTER TABLE t ALTER a SET DEFAULT 'q'", "CREATE TABLE public.t"),
    ("CREATE INDEX ON t (a)", "CREATE INDEX t_a_idx"),
    ("CREATE OR REPLACE FUNCTION f(x int) RETURNS text LANGUAGE sql AS $$ SELECT 'a;b--d' || x $$", "CREATE FUNCTION public.f"),
    ("CREATE OR REPLACE VIEW v AS SELECT id, a || 'x' AS a FROM t", "CREATE VIEW public.v"),
    ("COMMENT ON TABLE t IS 'one; -- three'", "COMMENT ON TABLE public.t"),
    ("GRANT SELECT ON t TO PUBLIC", "GRANT SELECT ON TABLE public.t"),
    ("ALTER TYPE mood ADD VALUE 'glad'", "CREATE TYPE public.mood"),
    ("SELECT nextval('s')", "sequence public.s"),
    ("ALTER SEQUENCE s INCREMENT 2", "CREATE SEQUENCE public.s"),
    ("ALTER TABLE t RENAME a TO c", "CREATE TABLE public.t"),
])
def test_a_planted_difference_is_seen(databases, change, said):
    databases.both(BASE)
    before = databases.standin_state()
    databases.on_standin(change)
    found = judge.differences(databases.main, databases.main_db, databases.standin, databases.standin_db)
    assert any(said in line for line in found), found
    assert databases.standin_state() != before


def test_a_dump_is_split_where_statements_end():
    found = judge.normalise("SET x = 1;\n-- note; here\nCREATE TABLE a (\n    y text DEFAULT 'a,b'::text,\n    x numeric(3,2)\n);\n"
                            "CREATE FUNCTION f() RETURNS int AS $_$ a; b $_$;\n\\restrict abc\nSELECT \"a;b\";")
    assert sorted(found) == ["CREATE FUNCTION f() RETURNS int AS $_$ a; b $_$",
                             "CREATE TABLE a (\n    x numeric(3,2),\n    y text DEFAULT 'a,b'::text\n)", 'SELECT "a;b"']
