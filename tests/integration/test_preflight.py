"""What is known when the plan is made: rows that would make a statement fail, what is missing, what lies in the way."""

import functools

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
    outcome = pair.plan("--schema=*", "--no-delete-rows").expect(REFUSED)
    assert "2 rows do not" in outcome.err and '("V")=(x)' in outcome.err
    pair.on_standin("DELETE FROM t WHERE id = 3")
    assert "1 row does not" in pair.plan("--schema=*", "--no-delete-rows").expect(REFUSED).err
    pair.plan(*ALL).expect(0)       # where all rows become main's no value is needed
    pair.apply().expect(0)
    pair.assert_equal()


def test_values_that_name_what_goes(pair):
    pair.both('CREATE TABLE stays (id int); CREATE TABLE "T ""1" ("C 1" regclass, p regproc, a regclass[]); CREATE DOMAIN d AS regtype; CREATE TABLE u (id int PRIMARY KEY, d d)')
    pair.on_main("""CREATE VIEW v AS SELECT 1 AS a; CREATE TABLE new (id int); INSERT INTO "T ""1" VALUES ('stays', 'now', '{stays,new}'); INSERT INTO u VALUES (1, 'int'), (2, NULL)""")
    pair.on_standin("""CREATE VIEW v AS SELECT 'x' AS a; CREATE TABLE "Gone" (id int PRIMARY KEY); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        INSERT INTO "T ""1" VALUES ('"Gone"', 'f', '{v,stays}'), ('stays', 'now', NULL), ('"Gone_pkey"', NULL, '{}'); INSERT INTO u VALUES (1, '"Gone"'), (2, 'text')""")
    error = pair.plan(*ALL).expect(REFUSED).err
    assert '"C 1": 2 rows name what the plan drops or makes anew, for example ("C 1")=(public."Gone"), ("C 1")=(public."Gone_pkey")' in error
    assert all('%s: 1 row names what' % column in error for column in ('public."T ""1".p', 'public."T ""1".a', "public.u.d"))
    pair.on_standin("""DELETE FROM "T ""1" WHERE a IS NOT NULL; DELETE FROM u WHERE id = 1""")
    pair.synchronise()


def test_a_key_that_no_cast_takes(pair):
    pair.both("CREATE TABLE t (id text PRIMARY KEY)")
    pair.on_main("ALTER TABLE t ALTER id TYPE int USING id::int; INSERT INTO t VALUES (1)")
    pair.on_standin("INSERT INTO t VALUES ('1'), ('x')")
    assert "(id)=(x)" in pair.plan(*ALL, "--no-delete-rows").expect(REFUSED).err
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 1, "update": 0, "delete": 2}  # given up, for all rows


def test_a_key_that_a_cast_takes(pair):
    pair.both("CREATE TABLE t (id text PRIMARY KEY); INSERT INTO t VALUES ('1')")
    pair.on_main("ALTER TABLE t ALTER id TYPE int USING id::int")
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 0, "update": 0, "delete": 0}


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
    pair.apply().expect(0)
    pair.assert_equal()


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


# --- What the stand-in lacks, and what lies outside of the chosen schemas ---

def test_everything_that_is_missing_is_told_at_once(pair):
    pair.main.psql("postgres", "DROP ROLE IF EXISTS only_main; DROP ROLE IF EXISTS only_main_too; CREATE ROLE only_main; CREATE ROLE only_main_too")
    pair.both("CREATE SCHEMA other; CREATE TABLE same (id int)")
    pair.on_main("""CREATE TYPE other.e AS ENUM ('a'); CREATE FUNCTION other.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE COLLATION other."Deutsch" (provider = icu, locale = 'de'); CREATE TABLE other.p (id int PRIMARY KEY);
        CREATE TABLE t (id int PRIMARY KEY REFERENCES other.p, e other.e[], n int DEFAULT other.f(1), v text COLLATE other."Deutsch");
        ALTER TABLE same OWNER TO only_main; GRANT SELECT ON t TO only_main_too; CREATE POLICY p ON t TO only_main_too""")
    try:
        outcome = pair.plan().expect(REFUSED)
        for line in ("role only_main does not exist; table public.same needs it", "role only_main_too does not exist", "type other.e is missing; column public.t.e needs it",
                     "function other.f(integer) is missing", 'collation other."Deutsch" is missing', "table column other.p.id is missing; constraint public.t.t_id_fkey needs it"):
            assert line in outcome.err, outcome
        assert not pair.file.exists()
        pair.on_main("DROP POLICY p ON t")
        outcome = pair.plan("--schema=*", "--no-owner", "--no-privileges").expect(0)
        pair.apply().expect(0)
    finally:
        pair.on_main("DROP OWNED BY only_main, only_main_too; DROP ROLE only_main, only_main_too")


def test_extensions_versions_and_tablespaces(pair):
    available = pair.main.rows("postgres", "SELECT name, default_version FROM pg_available_extensions WHERE name IN ('pg_trgm', 'citext') ORDER BY name")
    if len(available) < 2:
        pytest.skip("no contrib extensions")
    folder = pair.main.dir + "/space"
    import os
    import shutil
    os.makedirs(folder)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    pair.main.rows("postgres", "CREATE TABLESPACE only_main_space LOCATION '%s'" % folder)
    try:
        pair.on_main("CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; UPDATE pg_extension SET extversion = '0.0.7' WHERE extname = 'pg_trgm'; CREATE TABLE t (v citext) TABLESPACE only_main_space")
        pair.on_standin("CREATE EXTENSION citext; UPDATE pg_extension SET extversion = '0.0.3' WHERE extname = 'citext'")
        outcome = pair.plan(*ALL).expect(REFUSED)
        for line in ("tablespace only_main_space does not exist; table public.t needs it", "extension pg_trgm version 0.0.7 is not available on the server, which has ",
                     "extension citext cannot go from version 0.0.3 to"):
            assert line in outcome.err, outcome
        pair.on_main("DROP TABLE t")
    finally:
        pair.main.psql(pair.main_db, "DROP TABLE IF EXISTS t")
        pair.main.rows("postgres", "DROP TABLESPACE only_main_space")


def test_apply_finds_what_the_standin_lost_since(pair):
    for cluster in (pair.main, pair.standin):
        cluster.psql("postgres", "DROP ROLE IF EXISTS short_lived; CREATE ROLE short_lived")
    pair.both("CREATE SCHEMA other; CREATE TYPE other.e AS ENUM ('a')")
    pair.on_main("CREATE TABLE t (id int PRIMARY KEY, e other.e); ALTER TABLE t OWNER TO short_lived")
    pair.plan().expect(0)
    pair.standin.psql("postgres", "DROP ROLE short_lived")
    pair.on_standin("DROP TYPE other.e")
    outcome = programs.apply("check", pair.file, "--standindsn", pair.standin_dsn).expect(programs.CONNECTION)
    assert "role short_lived does not exist" in outcome.err and "type other.e is missing" in outcome.err
    pair.apply().expect(programs.CONNECTION)
    pair.on_main("DROP TABLE t")
    pair.main.psql("postgres", "DROP ROLE short_lived")


def test_apply_says_which_privileges_are_missing(pair):
    for cluster in (pair.main, pair.standin):
        cluster.psql("postgres", "DROP ROLE IF EXISTS new_owner; CREATE ROLE new_owner; DROP ROLE IF EXISTS mere_user; CREATE ROLE mere_user LOGIN")
    pair.both("CREATE SCHEMA s")
    pair.on_main("CREATE TABLE s.t (id int); ALTER TABLE s.t OWNER TO new_owner; CREATE SCHEMA fresh; CREATE FUNCTION s.f(cstring) RETURNS int LANGUAGE internal AS 'int4in'")
    pair.plan(*ALL).expect(0)
    outcome = programs.apply("check", pair.file, "--standindsn", pair.standin.dsn(pair.standin_db, user="mere_user")).expect(programs.CONNECTION)
    for line in ("mere_user is not a member of role new_owner", "mere_user may not create objects in schema s", "mere_user may not create schemas",
                 "mere_user may not use language internal, which is for superusers"):
        assert line in outcome.err, outcome
    pair.apply().expect(0)


def test_dependents_outside_keep_the_plan_from_being_made(pair):
    pair.both("CREATE SCHEMA other; CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, e e, v text, n int); CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
              "CREATE TABLE parts (id int) PARTITION BY LIST (id)")
    pair.on_standin("""CREATE VIEW other.v AS SELECT v FROM t; CREATE TABLE other.child (t int REFERENCES t); CREATE TABLE other.kind (e e);
        CREATE VIEW other.calls AS SELECT f(1); CREATE TABLE other.part PARTITION OF parts FOR VALUES IN (1); INSERT INTO parts VALUES (1)""")
    pair.on_main("DROP TABLE parts; DROP TABLE t; DROP FUNCTION f; DROP TYPE e")
    before = pair.standin_state()
    outcome = pair.plan("--clean-extra").expect(REFUSED)
    for line in ("view other.v needs column public.t.v, which the plan drops", "table constraint child_t_fkey on other.child needs constraint public.t.t_pkey",
                 "table column other.kind.e needs enum public.e", "view other.calls needs function public.f(integer)", "table other.part needs table public.parts"):
        assert line in outcome.err, outcome
    assert pair.standin_state() == before
    pair.plan("--schema=*", "--clean-extra").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()


def test_a_column_that_a_view_outside_uses_cannot_change_its_type(pair):
    pair.both("CREATE SCHEMA other; CREATE TABLE t (id int PRIMARY KEY, v text, w text)")
    pair.on_standin("CREATE VIEW other.v AS SELECT w FROM t")
    pair.on_main("ALTER TABLE t ALTER v TYPE varchar(9)")
    pair.plan("--clean-extra").expect(0)
    pair.on_main("ALTER TABLE t ALTER w TYPE varchar(9)")
    outcome = pair.plan("--clean-extra", "--force").expect(REFUSED)
    assert "view other.v needs column public.t.w, which is to change its type" in outcome.err
    assert "public.t.v" not in outcome.err


def test_a_replaced_function_keeps_its_users_outside(pair):
    pair.both("CREATE SCHEMA other; CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    pair.on_standin("CREATE VIEW other.v AS SELECT f(1) AS one")
    pair.on_main("CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'")
    pair.plan("--clean-extra").expect(0)
    pair.apply().expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT one FROM other.v") == 2


# --- What is left out, and what stays ---

def test_extras_stay_and_what_is_in_the_way_is_named(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text, n int)")
    pair.on_main("ALTER TABLE t ALTER v TYPE varchar(5), DROP n; INSERT INTO t VALUES (1, 'a'), (2, 'a')")
    pair.on_standin("CREATE VIEW extra AS SELECT v FROM t; CREATE TABLE extra_table (id int); CREATE FUNCTION extra_f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE INDEX extra_index ON t (n)")
    outcome = pair.plan("--schema=*").expect(0)
    assert "view public.extra, which main lacks, is dropped and created again because of column public.t.v" in outcome.err
    assert "drop" not in {s["action"] for s in pair.show()["statements"] if s["object"] != "public.extra"}
    pair.apply().expect(0)
    names = "SELECT to_regclass('extra')::text, to_regclass('extra_table')::text, to_regproc('extra_f')::text, to_regclass('extra_index')::text"
    assert pair.standin.rows(pair.standin_db, names) == [("extra", "extra_table", "extra_f", "extra_index")]
    pair.plan("--schema=*", "--detailed-exitcode", "--force").expect(0)
    # What no longer goes with main's type, and what is called as the journal is.
    pair.on_main("CREATE SCHEMA pgsyncer; CREATE TYPE pgsyncer.e AS ENUM ('a'); CREATE TABLE uses (e pgsyncer.e)")
    outcome = pair.plan("--schema=*", "--force").expect(REFUSED)
    assert "type pgsyncer.e is missing; column public.uses.e needs it" in outcome.err
    pair.on_main("DROP TABLE uses; CREATE TABLE pgsyncer.t (a int); ALTER TABLE t ALTER id TYPE text")
    pair.on_standin("CREATE OR REPLACE VIEW extra AS SELECT v FROM t WHERE id > 0; ALTER TABLE IF EXISTS pgsyncer.journal RENAME COLUMN applied_at TO was_applied_at")
    assert "t in it is not of pgsyncer-apply" in pair.plan("--schema=*", "--force").expect(0).err
    apply = functools.partial(programs.apply, pair.file, "--standindsn", pair.standin_dsn, "--yes", env=pair.env)
    assert "pgsyncer.journal is not the journal of pgsyncer-apply" in apply().expect(REFUSED).err
    outcome = apply("--no-journal").expect(REFUSED)
    assert "create view public.extra" in outcome.err and "Drop it on the stand-in" in outcome.err
    pair.on_main("DROP SCHEMA pgsyncer CASCADE")
    pair.on_standin("ALTER TABLE pgsyncer.journal RENAME COLUMN was_applied_at TO applied_at")
    pair.plan(*ALL, "--force").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()


def test_partitions_that_stay_and_take_rows_of_main_s(pair):
    """Bounds are compared by the server, however they are spelled; those that only meet are none in the way."""
    pair.both("""CREATE TYPE en AS ENUM ('a', 'b'); CREATE TABLE l (a numeric) PARTITION BY LIST (a); CREATE TABLE "R" ("T" text, e en, d int) PARTITION BY RANGE (lower("T") COLLATE "C", e, ((d + 1)::bigint));
        CREATE TABLE i (a int[]) PARTITION BY LIST (a); CREATE TABLE h (a int) PARTITION BY HASH (a); CREATE TABLE d (a date) PARTITION BY RANGE (a); CREATE TABLE m (a date) PARTITION BY RANGE (a); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')""")
    pair.on_main("""CREATE TABLE l1 PARTITION OF l FOR VALUES IN (1.0, 2); CREATE TABLE "R1" PARTITION OF "R" FOR VALUES FROM ('A''\\x', 'a', MINVALUE) TO ('z', 'b', 7); CREATE TABLE i1 PARTITION OF i FOR VALUES IN ('{1,2}');
        CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE d1 PARTITION OF d FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE TABLE dd PARTITION OF l DEFAULT; ALTER TABLE m DETACH PARTITION m1; ALTER TABLE m ATTACH PARTITION m1 FOR VALUES FROM (MINVALUE) TO (MAXVALUE)""")
    pair.on_standin("""CREATE TABLE lx PARTITION OF l FOR VALUES IN (1, 3); CREATE TABLE ly PARTITION OF l FOR VALUES IN (NULL, 4); CREATE TABLE "Rx" PARTITION OF "R" FOR VALUES FROM ('z', 'b', 6) TO ('z', MAXVALUE, MAXVALUE); CREATE TABLE "Ry" PARTITION OF "R" FOR VALUES FROM ('A', 'a', 0) TO ('A''\\x', 'a', MINVALUE);
        CREATE TABLE ix PARTITION OF i FOR VALUES IN ('{2,1}', '{ 1, 2}'); CREATE TABLE hx PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1); CREATE TABLE dx PARTITION OF d DEFAULT; INSERT INTO d VALUES ('2020-05-05'), ('2021-01-01'); CREATE TABLE mx PARTITION OF m FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')""")
    said = pair.plan("--schema=*").expect(REFUSED).err
    assert sorted(line.replace("detail:", "").strip() for line in said.splitlines() if "table public.l1" in line or " table public" in line) == sorted(
        ['table public."Rx" takes rows of table public."R1"', "table public.dx has 1 row within the bounds of table public.d1", "table public.hx takes rows of table public.h1", "table public.ix takes rows of table public.i1",
         "table public.lx takes rows of table public.l1", "table public.mx takes rows of table public.m1"])
    pair.on_standin('DROP TABLE lx, "Rx", ix, hx, mx; DELETE FROM dx WHERE a = \'2020-05-05\'')
    pair.plan("--schema=*").expect(0)
    pair.apply().expect(0)


def test_extras_that_main_s_rows_break_are_named(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text)")
    pair.on_main("INSERT INTO t VALUES (1, 'a'), (2, 'a'), (3, '')")
    pair.on_standin("ALTER TABLE t ADD UNIQUE (v), ADD CONSTRAINT extra CHECK (v <> ''), ADD needed int NOT NULL")
    pair.on_standin("CREATE TABLE r (k int PRIMARY KEY, t int REFERENCES t ON DELETE CASCADE); INSERT INTO t VALUES (5, 'x', 1), (6, 'y', 1); INSERT INTO r VALUES (1, 5), (2, 5), (3, 6), (4, NULL)")
    outcome = pair.plan("--schema=*").expect(REFUSED)
    assert "constraint public.t.t_v_key, which main lacks and which stays, is broken by 2 rows of main" in outcome.err
    assert "constraint public.r.r_t_fkey, which main lacks and which stays: 3 rows of it refer to rows that main lacks, for example at (t)=(5), (t)=(6)" in outcome.err
    pair.on_standin("DELETE FROM r WHERE t IS NOT NULL")
    assert "constraint public.t.extra, which main lacks and which stays, is broken by 1 row of main" in outcome.err and "(id)=(3)" in outcome.err
    assert "r_t_fkey" not in pair.plan("--schema=*").expect(REFUSED).err
    pair.on_standin("ALTER TABLE t DROP CONSTRAINT extra, DROP CONSTRAINT t_v_key, ADD CONSTRAINT extra CHECK (v <> '') NOT VALID")
    pair.on_standin("CREATE DOMAIN filled AS int NOT NULL; CREATE DOMAIN over_it AS filled; CREATE DOMAIN given AS filled DEFAULT 5; ALTER TABLE t ADD \"In Domain\" over_it DEFAULT 1, ADD has_one given, ADD has_two int NOT NULL DEFAULT 2; ALTER TABLE t ALTER \"In Domain\" DROP DEFAULT")
    outcome = pair.plan("--schema=*").expect(REFUSED)
    for column in ("needed", '"In Domain"'):
        assert "column public.t.%s, which main lacks and which stays, is NOT NULL and has no default: 3 rows of main are to be inserted" % column in outcome.err
    assert "has_" not in outcome.err
    pair.on_standin('ALTER TABLE t DROP needed, DROP "In Domain", DROP has_one, DROP has_two; DROP DOMAIN given; DROP DOMAIN over_it; DROP DOMAIN filled')
    outcome = pair.plan("--schema=*").expect(0)
    assert "constraint public.t.extra, which main lacks and which stays, is broken by 1 row of main: applying the plan fails" in outcome.err
    before = pair.standin_state()
    pair.apply().expect(programs.CONFLICT)
    assert pair.standin_state() == before
    pair.plan(*ALL, "--force").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()


def test_columns_of_all_kinds_of_relations_outside_are_found(pair):
    pair.both("CREATE SCHEMA o; CREATE TABLE o.t (a int); CREATE VIEW o.v AS SELECT 1 AS b; CREATE MATERIALIZED VIEW o.m AS SELECT 1 AS c; CREATE TYPE o.y AS (d int);"
              'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE o.f ("E 1" int) SERVER s')
    pair.on_main('CREATE VIEW uses AS SELECT a, b, c, "E 1", (NULL::o.y).d FROM o.t, o.v, o.m, o.f')
    pair.plan().expect(0)
    pair.apply().expect(0)
    pair.on_main("DROP VIEW uses; ALTER VIEW o.v RENAME b TO g; CREATE VIEW uses AS SELECT g FROM o.v")
    assert "view column o.v.g is missing; view public.uses needs it" in pair.plan("--force").expect(REFUSED).err


def test_several_schema_patterns(pair):
    schemas = ("app_one", "app_two", "web", '"Web Shop"')
    pair.on_main("".join("CREATE SCHEMA %s; CREATE TABLE %s.t (id int PRIMARY KEY); INSERT INTO %s.t VALUES (1);" % (s, s, s) for s in schemas))
    pair.plan("--schema=app_*", '--schema="Web Shop"').expect(0)
    pair.apply().expect(0)
    query = "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public|pgsyncer)' ORDER BY nspname COLLATE \"C\""
    assert pair.standin.rows(pair.standin_db, query) == [("Web Shop",), ("app_one",), ("app_two",)]
    pair.plan("--schema=app_(one|two)", "--schema=w*b", "--force").expect(0)
    assert {s["object"].split(".")[0] for s in pair.show()["statements"]} == {"web"}
    pair.apply().expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM web.t") == 1


@pytest.mark.parametrize("option,change", [
    ("--no-owner", "ALTER TABLE t OWNER TO one_more; ALTER FUNCTION f() OWNER TO one_more; ALTER SCHEMA s OWNER TO one_more"),
    ("--no-privileges", "GRANT SELECT (id), UPDATE ON t TO one_more; REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO one_more"),
    ("--no-comments", "COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.id IS 'y'; COMMENT ON INDEX t_pkey IS 'z'; COMMENT ON SCHEMA s IS 'w'"),
])
def test_differences_in_nothing_else_are_none(pair, option, change):
    for cluster in (pair.main, pair.standin):
        if not cluster.rows("postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'one_more'"):
            cluster.psql("postgres", "CREATE ROLE one_more")
    pair.both("CREATE SCHEMA s; CREATE TABLE t (id int PRIMARY KEY, v int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; INSERT INTO t VALUES (1, 1)")
    pair.on_main(change)
    pair.plan(*ALL, "--detailed-exitcode").expect(programs.CHANGES)
    pair.plan(*ALL, option, "--detailed-exitcode", "--force").expect(0)
    assert pair.show()["statements"] == []
    pair.on_main("UPDATE t SET v = 2; ALTER TABLE t ADD n int")
    pair.plan(*ALL, option, "--force").expect(0)
    assert [s["object"] for s in pair.show()["statements"]] == ["public.t.n"]
    pair.apply("--verify=full").expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT id, v, n FROM t") == [(1, 2, None)]
    pair.plan(*ALL, "--force").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()
