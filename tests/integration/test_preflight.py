"""What is known when the plan is made: rows that would make a statement fail, what is missing, what lies in the way."""

import pytest

from support import programs

ALL = ("--schema=*", "--clean-extra")
REFUSED = 13
DEFINITIONS = (*ALL, "--no-sync-data")


def preconditions(document, state=None):
    return [p for s in document["statements"] for p in s["preconditions"] if state in (None, p["state"])]


def broken(pair, *args):
    """Makes the plan and returns the one precondition that does not hold; applying it must fail and change nothing."""
    outcome = pair.plan("--force", *args).expect(0)
    found = preconditions(pair.show(), "broken")
    assert len(found) == 1, found
    assert "it would fail" in outcome.err
    assert "Would fail on the rows as they are" in programs.plan("show", pair.file).expect(0).out
    before = pair.standin_state()
    pair.apply().expect(programs.CONFLICT, programs.INTERNAL)
    assert pair.standin_state() == before
    return found[0]


# what both have, what main has more, rows of the stand-in, how many of them break it, an example
TIGHTENING = {
    "not null": ("CREATE TABLE t (id int PRIMARY KEY, v text)", "ALTER TABLE t ALTER v SET NOT NULL",
                 "INSERT INTO t VALUES (1, 'a'), (2, NULL), (3, NULL)", 2, "(id)=(2)"),
    "check": ("CREATE TABLE t (id int, \"Sub Id\" int, v int, PRIMARY KEY (id, \"Sub Id\"))",
              "CREATE FUNCTION half(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2'; DROP FUNCTION half; ALTER TABLE t ADD CONSTRAINT \"v's\" CHECK (v > 0 AND t.* IS NOT NULL)",
              "INSERT INTO t VALUES (1, 1, 1), (1, 2, -1), (2, 1, 0)", 2, '(id, "Sub Id")=(1, 2)'),
    "unique": ("CREATE TABLE t (id int PRIMARY KEY, v text)", "ALTER TABLE t ADD UNIQUE (v)",
               "INSERT INTO t VALUES (1, 'a'), (2, 'a'), (3, 'b'), (4, NULL), (5, NULL)", 2, "(a) 2 times"),
    "nulls not distinct": ("CREATE TABLE t (id int PRIMARY KEY, v text)", "ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (v)",
                           "INSERT INTO t VALUES (1, 'a'), (4, NULL), (5, NULL)", 2, "(null) 2 times"),
    "primary key": ("CREATE TABLE t (id int NOT NULL, v text)", "ALTER TABLE t ADD PRIMARY KEY (id)",
                    "INSERT INTO t VALUES (1, 'a'), (1, 'b'), (1, 'c'), (2, '')", 3, "(1) 3 times"),
    "unique index": ("CREATE TABLE t (id int PRIMARY KEY, v text, old bool)", "CREATE UNIQUE INDEX ON t (lower(v)) WHERE NOT old",
                     "INSERT INTO t VALUES (1, 'a', false), (2, 'A', false), (3, 'a', true)", 2, "(a) 2 times"),
    "foreign key": ("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p int)", "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p",
                    "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1), (2, 7), (3, NULL)", 1, "(id)=(2) with (p)=(7)"),
    "foreign key match full": ("CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
                               "ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES p MATCH FULL",
                               "INSERT INTO p VALUES (1, 1); INSERT INTO t VALUES (1, 1, 1), (2, 1, NULL), (3, NULL, NULL)", 1, "(id)=(2) with (a, b)=(1, null)"),
    "exclude": ("CREATE TABLE t (id int PRIMARY KEY, r int4range)", "ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&)",
                "INSERT INTO t VALUES (1, '[1,5)'), (2, '[4,7)'), (3, '[8,9)')", 2, "([1,5))"),
    "validate": ("CREATE TABLE t (id int PRIMARY KEY, v int); ALTER TABLE t ADD CONSTRAINT c CHECK (v > 0) NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT c",
                 "ALTER TABLE t DROP CONSTRAINT c; INSERT INTO t VALUES (1, -1); ALTER TABLE t ADD CONSTRAINT c CHECK (v > 0) NOT VALID", 1, "(id)=(1)"),
    "attach": ("CREATE TABLE t (id int, v int) PARTITION BY LIST (v); CREATE TABLE t1 (id int, v int)", "ALTER TABLE t ATTACH PARTITION t1 FOR VALUES IN (1, 2)",
               "INSERT INTO t1 VALUES (1, 1), (2, 3)", 1, "ctid=(0,2)"),
    "attach beside a default partition": (
        "CREATE TABLE t (id int, v int) PARTITION BY LIST (v); CREATE TABLE d PARTITION OF t DEFAULT; CREATE TABLE t1 (id int, v int)",
        "ALTER TABLE t ATTACH PARTITION t1 FOR VALUES IN (1, 2)", "INSERT INTO d VALUES (1, 1), (2, 3)", 1, "ctid=(0,1)"),
    "domain check": ("CREATE DOMAIN d AS int; CREATE SCHEMA other; CREATE TABLE other.t (id int PRIMARY KEY, v d)", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0)",
                     "INSERT INTO other.t VALUES (1, 1), (2, -5)", 1, "(v)=(-5)"),
    "domain not null": ("CREATE DOMAIN d AS int; CREATE TABLE t (id int PRIMARY KEY, v d)", "ALTER DOMAIN d SET NOT NULL",
                        "INSERT INTO t VALUES (1, 1), (2, NULL)", 1, "(v)=(null)"),
    "column without a default": ("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t ADD v int NOT NULL", "INSERT INTO t VALUES (1), (2)", 2, None),
    "type": ("CREATE TABLE t (id int PRIMARY KEY, \"V\" text)", "ALTER TABLE t ALTER \"V\" TYPE int USING \"V\"::int",
             "INSERT INTO t VALUES (1, '1'), (2, 'x'), (3, 'y')", 2, '("V")=(x)'),
    "partition key of a range": ("CREATE TABLE t (id int, v int) PARTITION BY RANGE (v); CREATE TABLE t1 (id int PRIMARY KEY, v int NOT NULL)",
                                 "ALTER TABLE t ATTACH PARTITION t1 FOR VALUES FROM (1) TO (10)", "INSERT INTO t1 VALUES (1, 1), (2, 10)", 1, "(id)=(2)"),
}


@pytest.mark.parametrize("which", TIGHTENING)
def test_rows_of_the_standin_count_when_none_follow(pair, which):
    both, main, rows, count, example = TIGHTENING[which]
    pair.both(both)
    pair.on_main(main)
    pair.on_standin(rows)
    found = broken(pair, *DEFINITIONS)
    assert found["rows_of"] == "stand-in" and found["rows"] == count, found
    if example is not None:
        assert example in found["examples"], found


@pytest.mark.parametrize("which", [w for w in TIGHTENING if w not in ("type", "column without a default")])
def test_main_s_rows_count_when_they_follow(pair, which):
    both, main, rows, _, _ = TIGHTENING[which]
    pair.both(both)
    pair.on_main(main)
    pair.on_standin(rows)
    pair.plan(*ALL).expect(0)
    found = preconditions(pair.show())
    assert {p["state"] for p in found} <= {"holds"} and {p["rows_of"] for p in found} <= {"main"}, found
    assert len(found) >= 1
    pair.apply().expect(0)
    pair.assert_equal()


def test_a_cast_that_fails_on_the_standin_s_rows_keeps_the_plan_from_being_made(pair):
    both, main, rows, _, _ = TIGHTENING["type"]
    pair.both(both)
    pair.on_main(main)
    pair.on_standin(rows)
    outcome = pair.plan(*ALL).expect(REFUSED)
    assert "2 rows do not" in outcome.err and '("V")=(x)' in outcome.err
    pair.on_standin("DELETE FROM t WHERE id > 1")
    pair.plan(*ALL).expect(0)
    pair.apply().expect(0)
    pair.assert_equal()


@pytest.mark.parametrize("which,count", [("not null", 1), ("check", 2), ("unique", 3), ("unique index", 2), ("foreign key", 1), ("no key", 1)])
def test_rows_that_are_kept_count_too(pair, which, count):
    cases = {
        "not null": ("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')", "ALTER TABLE t ALTER v SET NOT NULL",
                     "INSERT INTO t VALUES (1, NULL), (2, NULL)"),
        "check": ("CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 1)", "ALTER TABLE t ADD CHECK (v > 0)",
                  "INSERT INTO t VALUES (1, -1), (2, -1), (3, -2), (4, 1)"),
        # 2 is main's value, 3 and 4 have the same one, 5 and 1 have it only until main's row comes
        "unique": ("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a'), (9, NULL)", "ALTER TABLE t ADD UNIQUE (v)",
                   "INSERT INTO t VALUES (1, 'b'), (2, 'a'), (3, 'x'), (4, 'x'), (5, 'b'), (6, NULL), (7, 'x')"),
        "unique index": ("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')", "CREATE UNIQUE INDEX ON t (lower(v)) WHERE id < 100",
                         "INSERT INTO t VALUES (2, 'A'), (3, 'A'), (100, 'a'), (4, 'b')"),
        "foreign key": ("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p int)", "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1)",
                        "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p", "INSERT INTO p VALUES (2); INSERT INTO t VALUES (1, 8), (2, 2), (3, 1), (4, 9)"),
        "no key": ("CREATE TABLE t (id int, v int)", "INSERT INTO t VALUES (1, 1)", "ALTER TABLE t ADD CHECK (v > 0)", "INSERT INTO t VALUES (1, 1), (1, -1)"),
    }
    both, main_rows, main, standin_rows = cases[which]
    pair.both(both)
    pair.on_main(main_rows)
    pair.on_main(main)
    pair.on_standin(standin_rows)
    expected = {"unique": 3, "unique index": 3}.get(which, count)
    found = broken(pair, "--schema=*", "--no-delete-rows")
    assert (found["rows_of"], found["rows"]) == ("both", expected), found


def test_kept_rows_that_break_nothing(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text, n int)")
    pair.on_main("INSERT INTO t VALUES (1, 'a', 1); ALTER TABLE t ADD UNIQUE (v), ADD CHECK (n > 0), ALTER n SET NOT NULL")
    pair.on_standin("INSERT INTO t VALUES (1, 'b', -1), (2, 'b', 1), (3, NULL, 2)")
    pair.plan("--schema=*", "--no-delete-rows").expect(0)
    assert {p["state"] for p in preconditions(pair.show())} == {"holds"}
    pair.apply().expect(0)


def test_rows_of_main_whose_parents_are_not_synchronised(pair):
    pair.both("CREATE SCHEMA outside; CREATE TABLE outside.p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p int)")
    pair.on_main("INSERT INTO outside.p SELECT generate_series(1, 12000); INSERT INTO t SELECT i, i % 12000 + 1 FROM generate_series(1, 24000) i; ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES outside.p")
    pair.on_standin("INSERT INTO outside.p SELECT generate_series(1, 11990)")
    found = broken(pair, "--clean-extra")
    assert (found["rows_of"], found["rows"]) == ("main", 20) and "(p)=(11993)" in found["examples"]
    pair.on_standin("INSERT INTO outside.p SELECT generate_series(11991, 12000)")
    pair.plan("--clean-extra", "--force").expect(0)
    assert {p["state"] for p in preconditions(pair.show())} == {"holds"}
    pair.apply().expect(0)


def test_what_cannot_be_checked_is_said(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1)")
    pair.on_main("CREATE FUNCTION fine(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; ALTER TABLE t ADD CHECK (fine(v))")
    outcome = pair.plan(*DEFINITIONS).expect(0)
    assert [p["state"] for p in preconditions(pair.show())] == ["unknown"]
    assert "could not be checked" in outcome.err
    pair.apply().expect(0)


def test_new_columns_count_with_the_values_that_they_will_have(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, '1'), (2, '-2')")
    pair.on_main("DELETE FROM t WHERE id = 2; ALTER TABLE t ADD n int DEFAULT 5, ALTER v TYPE int USING v::int; ALTER TABLE t ADD CONSTRAINT c CHECK (v + n > 4)")
    found = broken(pair, *DEFINITIONS)
    assert (found["rows"], found["examples"]) == (1, ["(id)=(2)"])


def test_values_that_a_cast_cuts(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v varchar(20), n numeric)")
    pair.on_main("ALTER TABLE t ALTER v TYPE varchar(3), ALTER n TYPE numeric(5,1)")
    pair.on_standin("INSERT INTO t VALUES (1, 'abc', 1), (2, 'abcd', 1.25), (3, 'abcde', NULL)")
    outcome = pair.plan(*DEFINITIONS).expect(0)
    assert "what 2 rows of the stand-in hold" in outcome.err and "(v)=(abcd)" in outcome.err
    assert "what 1 row of the stand-in holds" in outcome.err and "(n)=(1.25)" in outcome.err
    assert all("destructive" in s["risks"] for s in pair.show()["statements"])
    pair.plan(*ALL, "--force").expect(0)
    assert all("destructive" not in s["risks"] for s in pair.show()["statements"])


def test_labels_that_go_while_rows_hold_them(pair):
    pair.both("CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (id int PRIMARY KEY, v e)")
    pair.on_standin("INSERT INTO t VALUES (1, 'a'), (2, 'c')")
    pair.on_main("ALTER TABLE t ALTER v TYPE text; DROP TYPE e; CREATE TYPE e AS ENUM ('a', 'b'); ALTER TABLE t ALTER v TYPE e USING v::e")
    found = broken(pair, *DEFINITIONS)
    assert (found["rows"], found["examples"]) == (1, ["(v)=(c)"])


def test_constraints_that_main_has_not_validated(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v int)")
    pair.on_main("INSERT INTO t VALUES (1, -1)")
    pair.both("ALTER TABLE t ADD CONSTRAINT c CHECK (v > 0) NOT VALID")
    outcome = pair.plan(*ALL).expect(0)
    assert "constraint public.t.c, which main has not validated, is broken by 1 row of main" in outcome.err
    pair.apply().expect(programs.CONFLICT)


def test_a_statement_says_what_it_touches(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v int); CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p SELECT generate_series(1, 100);"
              "INSERT INTO t SELECT i, 1 FROM generate_series(1, 10000) i; ANALYZE; CREATE TABLE parts (id int) PARTITION BY LIST (id);"
              "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1); INSERT INTO parts SELECT 1 FROM generate_series(1, 50); ANALYZE")
    pair.on_main("ALTER TABLE t ADD FOREIGN KEY (v) REFERENCES p; ALTER TABLE parts ADD n int; COMMENT ON TABLE t IS 'x'; CREATE TABLE fresh (id int)")
    pair.plan(*ALL).expect(0)
    statements = {s["object"]: s for s in pair.show()["statements"]}
    touched = {t["table"]: t for t in statements["public.t.t_v_fkey"]["touches"]}
    assert touched["public.t"]["rows"] == 10000 and touched["public.p"]["rows"] == 100
    assert touched["public.t"]["bytes"] == pair.standin.value(pair.standin_db, "SELECT pg_table_size('t')")
    assert statements["public.parts.n"]["touches"][0]["rows"] == 50
    assert statements["public.fresh"]["touches"] == [] and statements["table public.t"]["touches"] == []
    assert "touches public.t: " in programs.plan("show", pair.file).expect(0).out
    pair.apply().expect(0)
    pair.assert_equal()
