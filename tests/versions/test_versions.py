"""Every server version as main with every one as stand-in."""

import pytest

from support import judge_versions, plan_file, programs
from support.servers import SQL, VERSIONS

PAIRS = [(main, standin) for main in VERSIONS for standin in VERSIONS]
NEIGHBOURS = [(main, standin) for main, standin in PAIRS if main > standin]


def synchronise(pair, *how):
    pair.plan("--schema=*", "--clean-extra", "--force", *how).expect(0)
    document = pair.show()
    pair.apply().expect(0)
    found = judge_versions.differences(pair.main, pair.main_db, pair.standin, pair.standin_db)
    assert not found, "\n".join(line[:400] for line in found)
    pair.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force", *how, output=pair.folder / "second.pgplan").expect(0)
    return document


@pytest.mark.parametrize("main, standin", PAIRS)
def test_stand_in_becomes_main(pair_of, main, standin):
    """What both can hold, into an empty database, and again once the stand-in went ways of its own."""
    pair = pair_of(main, standin)
    pair.main.load(pair.main_db, min(main, standin))
    synchronise(pair)
    pair.standin.psql(pair.standin_db, file=SQL / "moved_on.sql")
    document = synchronise(pair)
    assert document["counts"]["rows"]["update"] > 30


# What a version can hold first, one object of each.
FIRST = {
    11: ["procedure app.tidy(integer)", "table app.hashed", "table app.by_list_rest", "column app.several.v", "constraint app.line_1.line_1_pkey"],
    12: ["column app.made.b", "collation app.loose_text", "statistics app.mcv", "view app.with_materialized"],
    13: ["publication by_root", "index app.no_duplicates", "trigger app.hashed.before_row"],
    14: ["column app.kinds.v", "function app.standard(integer)", "column app.ranges.m", "view app.searched", "view app.aliased", "view app.year"],
    15: ["constraint app.nulls.nulls_v_key", "index app.nulls_id", "view app.invoked", "publication table part app.made",
         "publication schema whole.shown", "sequence app.unlogged_numbers", "constraint app.set_null.set_null_a_fkey"],
    16: ["view app.json_made", "column app.own_expression.b", "collation app.ruled"],
    17: ["column app.identified.id", "collation app.built_in", "grant table app.customer to public", "view app.tabled",
         "constraint app.apart.apart_during_excl", "table app.of_method", "domain app.there",
         "default privileges for postgres in app on TABLES to public", "column app.by_code_point.v", "constraint app.by_code_point.by_code_point_v_check"],
    18: ["column app.virtually.b", "constraint app.virtually.c_known", "column app.virtually.c", "column app.no_heirs.a",
         "constraint app.temporal.temporal_pkey", "constraint app.within.within_id_during_fkey", "constraint app.halves.halves_pkey", "publication computed", "column app.there_too.a", "collation app.unicode_fast", "view app.fast"],
}


@pytest.mark.parametrize("main, standin", [(main, standin) for main, standin in PAIRS if main > standin])
def test_refused_where_the_stand_in_cannot_hold_it(pair_of, main, standin):
    """Every object that the older version lacks is named, before there is a plan; the stand-in is left alone."""
    pair = pair_of(main, standin)
    pair.main.load(pair.main_db, main)
    before = judge_versions.state(pair.standin, pair.standin_db)
    refusal = pair.plan("--schema=*", "--clean-extra").expect(13)
    assert "the stand-in's PostgreSQL %d cannot hold" % standin in refusal.err
    for version in range(standin + 1, main + 1):
        for name in FIRST[version]:
            assert name + ":" in refusal.err, refusal
    assert "hint:" in refusal.err
    assert not pair.file.exists()
    assert judge_versions.state(pair.standin, pair.standin_db) == before


# One pair for each way to compute fingerprints in SQL: MD5, the hash of a text, the columns' own hashes.
WAYS = {(10, 10): "text-md5-1", (10, 18): "text-md5-1", (15, 11): "text-hash-1", (13, 13): "text-hash-1", (14, 18): "column-hashes-2"}


@pytest.mark.parametrize("hash", ["server", "client", "auto"])
@pytest.mark.parametrize("main, standin", WAYS)
def test_no_swap_goes_unseen(pair_of, main, standin, hash):
    """Rows that differ in nothing but where a value stands, what separates values, or NULL and the empty string."""
    pair = pair_of(main, standin)
    pair.both("CREATE TABLE t (id integer PRIMARY KEY, a text, b text, f float8, n numeric, p point, c char(3));"
              "CREATE TABLE bag (a text, b text)")
    pair.on_main("INSERT INTO t VALUES (1, 'x', 'y', 0, 1.0, '(0.1,0)', 'a'), (2, 'y', 'x', 1, 1, '(1,1)', 'a'), (3, NULL, '', 0.1, 1, NULL, ''),"
                 " (4, 'a', 'b|', 1, 1, NULL, NULL), (5, 'a,', 'b', 1, 1, NULL, NULL), (6, '\"a\"', E'\\\\', 1, 1, NULL, NULL),"
                 " (7, 'NULL', NULL, 1, 1, NULL, NULL), (8, 'same', 'same', 0.1, 1.10, '(0.1,1e-300)', 'abc');"
                 "INSERT INTO bag VALUES ('x', 'y'), ('x', 'y'), ('', NULL), ('é', 'ü')")
    pair.on_standin("INSERT INTO t VALUES (1, 'y', 'x', '-0', 1.0, '(0.1,0)', 'a'), (2, 'x', 'y', 1, 1.00, '(1,1)', 'a'), (3, '', NULL, 0.1, 1, NULL, ''),"
                    " (4, 'a|', 'b', 1, 1, NULL, NULL), (5, 'a', ',b', 1, 1, NULL, NULL), (6, '\"a', E'\"\\\\', 1, 1, NULL, NULL),"
                    " (7, NULL, 'NULL', 1, 1, NULL, NULL), (8, 'same', 'same', 0.1, 1.10, '(0.1,1e-300)', 'abc');"
                    "INSERT INTO bag VALUES ('y', 'x'), ('x', 'y'), (NULL, ''), ('ü', 'é')")
    document = synchronise(pair, "--hash=" + hash)
    counts = {table["name"]: table for table in document["tables"]}
    assert counts["t"]["update"] == 7
    assert (counts["bag"]["insert"], counts["bag"]["delete"]) == (3, 3)
    in_sql = hash == "server" or (hash == "auto" and min(main, standin) >= 14)
    assert plan_file.manifest(pair.file)["fingerprint_algorithm"] == (WAYS[main, standin] if in_sql else "copy-xxh3-1")


@pytest.mark.parametrize("hash", ["server", "client"])
@pytest.mark.parametrize("main, standin", [(11, 15), (15, 11), (11, 11), (12, 14), (14, 12)])
def test_texts_that_versions_write_differently(pair_of, main, standin, hash):
    """Floats before 12 and since, alone, in arrays, points and keys; NaN of any bits; "char" before 15 and since."""
    pair = pair_of(main, standin)
    rows = ("(1, 0.1, 0.1, 'NaN', '(0.1,1e-300)', '{0.1,NULL,-0}', 'a'), (2, 1e23, 3.4e38, 'Infinity'::float8 - 'Infinity'::float8, NULL, '{}', ''), (3, '-0', '-0', 1, '(-0,0)', NULL, NULL)")
    pair.both("CREATE TABLE t (id integer PRIMARY KEY, f float8, g float4, n float8, p point, a float8[], c \"char\"); CREATE TABLE by_float (k float8 PRIMARY KEY, v text);"
              "CREATE TABLE by_char (k \"char\" PRIMARY KEY, v text)")
    pair.both("INSERT INTO t VALUES " + rows + "; INSERT INTO by_float SELECT i / 7.0, 'v' FROM generate_series(1, 100) i; INSERT INTO by_char SELECT chr(96 + i)::\"char\", 'v' FROM generate_series(1, 20) i")
    pair.on_main("INSERT INTO t VALUES (4, 0.3, 0.3, 0, '(0.3,0)', '{0.3}', 'z'); UPDATE t SET f = 0, g = 0 WHERE id = 3; UPDATE by_float SET v = 'w' WHERE k = 5 / 7.0; INSERT INTO by_float VALUES ('-0', 'new');"
                 "UPDATE by_char SET v = 'w' WHERE k = 'c'; UPDATE t SET a[2] = 7 WHERE id = 1")
    pair.on_standin("UPDATE t SET a[2] = 7 WHERE id = 1; DELETE FROM by_char WHERE k = 'd'")
    document = synchronise(pair, "--hash=" + hash)
    counts = {table["name"]: (table["insert"], table["update"], table["delete"]) for table in document["tables"]}
    as_bag = (main < 12) != (standin < 12)  # a float is no key where the two sides print it differently
    assert counts == {"t": (1, 1, 0), "by_float": (2, 0, 1) if as_bag else (1, 1, 0), "by_char": (1, 1, 0)}


def test_floats_within_other_types_are_refused_across_12(pair_of):
    """11 and 12 print them differently, and their text is what would be compared."""
    pair = pair_of(15, 11)
    pair.both("CREATE TYPE place AS (x float8, name text); CREATE TABLE t (id integer PRIMARY KEY, at place, f float8, fs float8[], p point)")
    refusal = pair.plan().expect(13)
    assert "public.t: column at of type public.place" in refusal.err
    assert "column f" not in refusal.err and "column p" not in refusal.err
    pair = pair_of(11, 11)
    pair.both("CREATE TYPE place AS (x float8, name text); CREATE TABLE t (id integer PRIMARY KEY, at place)")
    pair.on_main("INSERT INTO t VALUES (1, '(0.1,a)')")
    assert synchronise(pair)["counts"]["rows"]["insert"] == 1


@pytest.mark.parametrize("version", [10, 13])
@pytest.mark.parametrize("hash", ["server", "client"])
def test_large_table_of_an_old_server(pair_of, version, hash):
    """More blocks than are read at a time where ranges of blocks can be read, most of them without their first row; keys of every kind."""
    pair = pair_of(version, version)
    pair.both("CREATE TABLE wide (id bigint PRIMARY KEY, t text); ALTER TABLE wide ALTER COLUMN t SET STORAGE PLAIN;"
              "CREATE TABLE by_text (k text PRIMARY KEY, v integer)")
    pair.both("INSERT INTO wide SELECT i * 3, repeat('x', 3000) FROM generate_series(1, 10000) i;"
              "INSERT INTO by_text SELECT md5(i::text), i FROM generate_series(1, 20000) i; ANALYZE")
    pair.both("DELETE FROM wide WHERE ctid::text LIKE '%,1)' AND id % 27 > 0")
    pair.on_main("UPDATE wide SET t = 'changed' WHERE id % 1000 = 0; DELETE FROM wide WHERE id = 27; INSERT INTO wide VALUES (10, 'new');"
                 "UPDATE by_text SET v = -v WHERE v % 5000 = 0")
    document = synchronise(pair, "--hash=" + hash)
    counts = {table["name"]: (table["insert"], table["update"], table["delete"]) for table in document["tables"]}
    assert counts == {"wide": (1, 10, 1), "by_text": (0, 4, 0)}


def test_not_null_of_18(pair_of):
    """Names, NOT VALID and NO INHERIT come and go, without a table being made anew."""
    one = ("CREATE TABLE t (a integer PRIMARY KEY, b integer NOT NULL, c integer, d integer CONSTRAINT dd NOT NULL, e integer);"
           "ALTER TABLE t ADD CONSTRAINT e_later NOT NULL e NOT VALID; CREATE TABLE u (x integer CONSTRAINT own NOT NULL NO INHERIT, y integer NOT NULL)")
    two = ("CREATE TABLE t (a integer PRIMARY KEY, b integer, c integer NOT NULL, d integer CONSTRAINT other NOT NULL, e integer NOT NULL);"
           "CREATE TABLE u (x integer CONSTRAINT own NOT NULL, y integer CONSTRAINT z NOT NULL NO INHERIT)")
    said = ("SELECT conrelid::regclass, conname, convalidated, connoinherit FROM pg_constraint WHERE contype = 'n' AND connamespace = 'public'::regnamespace"
            " ORDER BY 1, 2")
    for main, standin in ((one, two), (two, one)):
        pair = pair_of(18, 18)
        pair.on_main(main)
        pair.on_standin(standin)
        oids = pair.standin.rows(pair.standin_db, "SELECT 't'::regclass::oid, 'u'::regclass::oid")
        synchronise(pair)
        assert pair.standin.rows(pair.standin_db, said) == pair.main.rows(pair.main_db, said)
        assert pair.standin.rows(pair.standin_db, "SELECT 't'::regclass::oid, 'u'::regclass::oid") == oids


# One column each way, of parents and children. The first word of each state is the kind of family: they do not change into each other.
FAMILIES = {
    "inherit": [
        "CREATE TABLE p (a int CONSTRAINT pn NOT NULL, b int); CREATE TABLE c () INHERITS (p); CREATE TABLE d (a int CONSTRAINT own NOT NULL) INHERITS (p)",
        "CREATE TABLE p (a int CONSTRAINT pn NOT NULL NO INHERIT, b int); CREATE TABLE c () INHERITS (p); CREATE TABLE d (a int CONSTRAINT own NOT NULL) INHERITS (p)",
        "CREATE TABLE p (a int, b int NOT NULL); CREATE TABLE c (a int NOT NULL) INHERITS (p); CREATE TABLE d (a int CONSTRAINT own2 NOT NULL) INHERITS (p)",
        "CREATE TABLE p (a int, b int); ALTER TABLE p ADD CONSTRAINT nv NOT NULL a NOT VALID; CREATE TABLE c () INHERITS (p); CREATE TABLE d () INHERITS (p); ALTER TABLE c VALIDATE CONSTRAINT nv",
        "CREATE TABLE p (a int CONSTRAINT pn NOT NULL, b int); CREATE TABLE c (a int, b int); CREATE TABLE d (a int CONSTRAINT own NOT NULL NO INHERIT, b int)",
        "CREATE TABLE c (a int CONSTRAINT cn NOT NULL, b int); CREATE TABLE d (a int CONSTRAINT own NOT NULL, b int NOT NULL)",
    ],
    "partition": [
        "CREATE TABLE p (a int CONSTRAINT pn NOT NULL, b int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p FOR VALUES IN (1);"
        "CREATE TABLE d (b int, a int CONSTRAINT other NOT NULL); ALTER TABLE p ATTACH PARTITION d FOR VALUES IN (2)",
        "CREATE TABLE p (a int, b int CONSTRAINT bn NOT NULL) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p FOR VALUES IN (1);"
        "CREATE TABLE d (b int NOT NULL, a int CONSTRAINT other NOT NULL); ALTER TABLE p ATTACH PARTITION d FOR VALUES IN (2)",
        "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); ALTER TABLE p ADD CONSTRAINT nv NOT NULL b NOT VALID; CREATE TABLE c PARTITION OF p FOR VALUES IN (1);"
        "CREATE TABLE d PARTITION OF p (b CONSTRAINT mine NOT NULL) FOR VALUES IN (2)",
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a)) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p FOR VALUES IN (1); CREATE TABLE d PARTITION OF p FOR VALUES IN (2)",
        "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE c (a int, b int); CREATE TABLE d (a int CONSTRAINT pn NOT NULL, b int)",
    ],
    "names": [
        "CREATE TABLE c (id int CONSTRAINT \"n\"\"n\" NOT NULL PRIMARY KEY, a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL, k int CONSTRAINT ck CHECK (k > 0))",
        "CREATE TABLE c (id int PRIMARY KEY, a int CONSTRAINT y NOT NULL, b int CONSTRAINT x NOT NULL, k int CONSTRAINT ck CHECK (k > 0))",
        "CREATE TABLE c (id int, a int CONSTRAINT ck NOT NULL, b int, k int CONSTRAINT x CHECK (k > 0))",
    ],
    "foreign": [
        "CREATE FOREIGN TABLE c (a int CONSTRAINT fn NOT NULL, b int) SERVER s",
        "CREATE FOREIGN TABLE c (a int, b int CONSTRAINT fz NOT NULL NO INHERIT) SERVER s; ALTER FOREIGN TABLE c ADD CONSTRAINT q NOT NULL a NOT VALID",
        "CREATE FOREIGN TABLE c (a int CONSTRAINT fm NOT NULL, b int CONSTRAINT fz NOT NULL) SERVER s",
    ],
}
# The name of what a child only inherits is its parent's or the one that it had before: no ALTER changes it, and pg_dump shows it of partitions alone.
NOT_NULLS = """
    SELECT k.conrelid::regclass::text, a.attname, CASE WHEN k.conislocal AND NOT (c.relispartition AND k.coninhcount > 0) THEN k.conname END, k.coninhcount,
           CASE WHEN NOT c.relispartition THEN k.conislocal END, k.convalidated, k.connoinherit
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'n' AND k.connamespace::regnamespace::text ~ '^"?(inherit|partition|names|foreign)' ORDER BY 1, 2"""


def from_each_to_each(pair, kind, states, rows):
    """The pair's databases get a schema for each two states, and for each one and nothing."""
    for to, wanted in enumerate(states + [None]):
        for begin, found in enumerate(states + [None]):
            if wanted != found:
                schema = "CREATE SCHEMA \"%s %d'%d\"; SET search_path = \"%s %d'%d\", public;" % ((kind, begin, to) * 2)
                pair.on_main(schema + (wanted + rows if wanted else ""))
                pair.on_standin(schema + (found + rows if found else ""))


def test_inherited_not_null_of_18(pair_of):
    """Every table that stays is the same one."""
    pair = pair_of(18, 18)
    pair.both("CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w")
    for kind, states in FAMILIES.items():
        rows = "" if kind == "foreign" else "; INSERT INTO c (a, b) VALUES (1, 1); INSERT INTO d (a, b) VALUES (2, 2)" if kind != "names" else "; INSERT INTO c VALUES (1, 1, 1, 1)"
        from_each_to_each(pair, kind, states, rows)
    tables = "SELECT oid::regclass::text, oid FROM pg_class WHERE relname = 'c'"
    oids = pair.standin.rows(pair.standin_db, tables)
    synchronise(pair)
    assert pair.standin.rows(pair.standin_db, NOT_NULLS) == pair.main.rows(pair.main_db, NOT_NULLS)
    after = dict(pair.standin.rows(pair.standin_db, tables))
    assert [name for name, oid in oids if after.get(name, oid) != oid] == []


EXPRESSIONS = {
    "inherit": ["CREATE TABLE p (id int, a int, g int GENERATED ALWAYS AS (a * %s) KIND); CREATE TABLE c (x int) INHERITS (p); CREATE TABLE d (%s) INHERITS (p)" % s for s in (
        (2, "g int GENERATED ALWAYS AS (a * 7) KIND"), (2, "g int GENERATED ALWAYS AS (a * 9) KIND"), (4, "g int GENERATED ALWAYS AS (a * 9) KIND"), (4, ""))],
    "partition": ["CREATE TABLE p (id int, a int, g int GENERATED ALWAYS AS (a * %s) KIND) PARTITION BY LIST (id); CREATE TABLE c PARTITION OF p FOR VALUES IN (2);"
                  "CREATE TABLE d PARTITION OF p (g GENERATED ALWAYS AS (a * %s) KIND) FOR VALUES IN (3)" % s for s in ((2, 7), (2, 8), (3, 8))],
}
EXCLUSIONS = [
    "CREATE TABLE k (id int4range, v int, CONSTRAINT k_out EXCLUDE USING gist (id WITH =)) PARTITION BY LIST (id); CREATE TABLE c PARTITION OF k FOR VALUES IN ('[1,2)');"
    "COMMENT ON CONSTRAINT c_id_excl ON c IS 'the partition''s'",
    "CREATE TABLE k (id int4range, v int) PARTITION BY LIST (id); CREATE TABLE c PARTITION OF k FOR VALUES IN ('[1,2)', '[5,6)')",
    "CREATE TABLE k (id int4range, v int, CONSTRAINT k_out EXCLUDE USING gist (id WITH =) DEFERRABLE) PARTITION BY LIST (id); CREATE TABLE c PARTITION OF k FOR VALUES IN ('[1,2)', '[5,6)')",
    "CREATE TABLE k (id int4range, v int, CONSTRAINT k_out EXCLUDE USING gist (id WITH =)) PARTITION BY LIST (id); CREATE TABLE c (id int4range, v int, CONSTRAINT c_id_excl EXCLUDE USING gist (id WITH =))",
]
IDENTITIES = [
    "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, v text) PARTITION BY RANGE (id); CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (9)",
    "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY (CACHE 5), v text) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9) PARTITION BY RANGE (id);"
    "CREATE TABLE c PARTITION OF p1 FOR VALUES FROM (1) TO (5)",
]


@pytest.mark.parametrize("version", (17, 18))
def test_partitions_and_children_of_17(pair_of, version):
    """Generated columns that compute other than the parent's, exclusion constraints and identity columns of partitioned tables."""
    pair = pair_of(version, version)
    for kind, states in EXPRESSIONS.items():
        for word in ("STORED", "VIRTUAL")[:version - 16]:
            from_each_to_each(pair, kind + word, [state.replace("KIND", word) for state in states], "; INSERT INTO c (id, a) VALUES (2, 2); INSERT INTO d (id, a) VALUES (3, 3)")
    from_each_to_each(pair, "exclusion", EXCLUSIONS, "; INSERT INTO c VALUES ('[1,2)', 1)")
    from_each_to_each(pair, "identity", IDENTITIES, "; INSERT INTO p (v) VALUES ('a'), ('b')")
    synchronise(pair)
    identities = "SELECT attrelid::regclass::text, attidentity FROM pg_attribute WHERE attname = 'id' AND attnum > 0 ORDER BY 1"
    assert pair.standin.rows(pair.standin_db, identities) == pair.main.rows(pair.main_db, identities)


def test_null_where_the_parent_is_not_null_is_refused_by_18(pair_of):
    pair = pair_of(17, 18)
    pair.on_main("CREATE TABLE p (a int NOT NULL); CREATE TABLE c () INHERITS (p); ALTER TABLE c ALTER a DROP NOT NULL")
    assert "column public.c.a: NULL where its parent is NOT NULL (PostgreSQL 17 and older)" in pair.plan().expect(13).err


def test_what_a_main_of_17_cannot_have_on_its_columns(pair_of):
    """NOT NULL with a comment, not valid, not inherited: 18's alone. Names stay, as main has none."""
    pair = pair_of(17, 18)
    pair.on_main("CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int NOT NULL, d int); CREATE DOMAIN n AS int CONSTRAINT n_there NOT NULL")
    pair.on_standin("CREATE TABLE t (a int CONSTRAINT a_there NOT NULL, b int, c int CONSTRAINT c_there NOT NULL NO INHERIT, d int CONSTRAINT d_there NOT NULL); ALTER TABLE t ADD CONSTRAINT b_there NOT NULL b NOT VALID;"
                    "COMMENT ON CONSTRAINT a_there ON t IS 'a'; COMMENT ON CONSTRAINT d_there ON t IS 'd'; CREATE DOMAIN n AS int CONSTRAINT there NOT NULL; COMMENT ON CONSTRAINT there ON DOMAIN n IS 'n'")
    synchronise(pair)
    assert pair.standin.rows(pair.standin_db, "SELECT conname, convalidated, connoinherit, obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE contype = 'n' AND connamespace = 'public'::regnamespace ORDER BY 1") == [
        ("a_there", True, False, None), ("b_there", True, False, None), ("c_there", True, False, None), ("n_there", True, False, None)]


@pytest.mark.parametrize("version", (11, 12))
def test_new_labels(pair_of, version):
    """Before 12 no transaction takes them."""
    pair = pair_of(version, version)
    pair.both("CREATE TYPE colour AS ENUM ('red', 'blue'); CREATE TABLE t (id int PRIMARY KEY, c colour); INSERT INTO t VALUES (1, 'red')")
    pair.on_main("ALTER TYPE colour ADD VALUE 'green' BEFORE 'blue'")
    pair.on_main("ALTER TYPE colour ADD VALUE 'it''s pink'")
    pair.on_main("INSERT INTO t VALUES (2, 'green'), (3, 'it''s pink'); UPDATE t SET c = 'blue' WHERE id = 1")
    pair.plan("--schema=*", "--hash=server").expect(0)
    assert "incomplete" in pair.apply("--dry-run").expect(0).out
    assert pair.standin.value(pair.standin_db, "SELECT enum_range(NULL::colour)::text") == "{red,blue}"
    pair.standin.createdb("labels", template=pair.standin_db)
    pair.standin.psql("labels", programs.plan("show", "--sql", pair.file).expect(0).out)
    pair.apply().expect(0)
    for db in (pair.standin_db, "labels"):
        assert judge_versions.differences(pair.main, pair.main_db, pair.standin, db) == []
    pair.standin.dropdb("labels")


def test_checks_of_children_that_are_not_enforced(pair_of):
    """A child's own under its parent's that is not enforced, and apart from it."""
    states = ["CREATE TABLE p (a int, CONSTRAINT ck CHECK (a > 0) NOT ENFORCED); CREATE TABLE c () INHERITS (p); INSERT INTO c VALUES (-1)",
              "CREATE TABLE p (a int, CONSTRAINT ck CHECK (a > 0) NOT ENFORCED); CREATE TABLE c (CONSTRAINT ck CHECK (a > 0)) INHERITS (p); INSERT INTO c VALUES (1)",
              "CREATE TABLE p (a int, CONSTRAINT ck CHECK (a > 0)); CREATE TABLE c (CONSTRAINT ck CHECK (a > 0)) INHERITS (p); INSERT INTO c VALUES (1)",
              "CREATE TABLE p (a int, CONSTRAINT ck CHECK (a > 0)); CREATE TABLE c (a int, CONSTRAINT ck CHECK (a > 0) NOT ENFORCED); INSERT INTO c VALUES (-1)"]
    pair = pair_of(18, 18)
    pair.on_standin(states[0])
    for state in (1, 0, 3, 2, 1):
        pair.on_main("DROP TABLE IF EXISTS c, p; " + states[state])
        synchronise(pair)


@pytest.mark.parametrize("main, standin", [(18, 15), (15, 18), (16, 13)])
def test_options_of_subscriptions(pair_of, main, standin):
    """Those that the older of the two has."""
    pair = pair_of(main, standin)
    sql = "CREATE SUBSCRIPTION %%s CONNECTION 'dbname=x' PUBLICATION a WITH (connect = false, slot_name = NONE%s)"
    newer = sql % ", origin = none, password_required = false, run_as_owner = true, streaming = parallel, disable_on_error = true"
    pair.on_main((newer if main > 15 else sql % ", streaming = true, disable_on_error = true") % "s_%d_%d" % (main, standin))
    pair.on_standin((newer if standin > 15 else sql % "") % "s_%d_%d" % (main, standin))
    synchronise(pair)
    if standin == 18:
        assert pair.standin.rows(pair.standin_db, "SELECT suborigin, subpasswordrequired, subrunasowner, substream FROM pg_subscription") == [("any", True, False, "t")]
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        cluster.psql(db, "DROP SUBSCRIPTION s_%d_%d" % (main, standin))


def test_publications_that_do_not_send_generated_columns(pair_of):
    """18 refuses changes of rows whose replica identity has such columns."""
    pair = pair_of(18, 18)
    pair.both("CREATE TABLE f (id int PRIMARY KEY, s int GENERATED ALWAYS AS (id * 2) STORED, v text); CREATE TABLE i (id int PRIMARY KEY, s int GENERATED ALWAYS AS (id * 2) STORED NOT NULL UNIQUE, v text);"
              "CREATE TABLE n (id int PRIMARY KEY, s int GENERATED ALWAYS AS (id * 2) VIRTUAL, v text); CREATE TABLE p (id int NOT NULL, s int GENERATED ALWAYS AS (id * 2) STORED, v text, UNIQUE (id)) PARTITION BY RANGE (id);"
              "CREATE TABLE p1 (v text, id int NOT NULL, s int GENERATED ALWAYS AS (id * 2) STORED); ALTER TABLE p ATTACH PARTITION p1 DEFAULT; CREATE TABLE bag (id int, s int GENERATED ALWAYS AS (id * 2) STORED)")
    identities = "ALTER TABLE f REPLICA IDENTITY FULL; ALTER TABLE i REPLICA IDENTITY USING INDEX i_s_key; ALTER TABLE n REPLICA IDENTITY NOTHING; ALTER TABLE p1 REPLICA IDENTITY FULL; CREATE PUBLICATION p FOR TABLE f, i, n, p"
    rows = "".join("INSERT INTO %s (id, v) SELECT i, %%s FROM generate_series(1, %%d) i;" % table for table in ("f", "i", "n", "p"))
    pair.on_main(rows % (("'new'", 5) * 4) + identities)
    pair.on_standin(rows % (("'old'", 7) * 4) + identities)
    synchronise(pair)
    assert pair.standin.rows(pair.standin_db, "SELECT relreplident FROM pg_class WHERE relname IN ('f', 'i', 'n', 'p1') ORDER BY relname") == [("f",), ("i",), ("n",), ("f",)]
    pair.on_standin("INSERT INTO bag (id) VALUES (1)")
    pair.both("ALTER PUBLICATION p ADD TABLE bag")
    pair.plan("--force").expect(0)
    assert "table public.bag: publication p refuses" in pair.apply().expect(13).err


@pytest.mark.parametrize("version", (10, 13))
def test_owner_who_is_no_superuser(pair_of, version):
    """Before 14 only a superuser reads all of pg_subscription: that matters where there is a subscription."""
    pair = pair_of(version, version)
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        cluster.psql(db, "SELECT 'CREATE ROLE plain LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plain') \\gexec\nALTER DATABASE %s OWNER TO plain" % db)
    pair.both("SET ROLE plain; CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')")
    pair.on_main("SET ROLE plain; CREATE VIEW v AS SELECT id FROM t; UPDATE t SET v = 'b'")
    sides = ["--maindsn", pair.main.dsn(pair.main_db, user="plain"), "--standindsn", pair.standin.dsn(pair.standin_db, user="plain"), "--schema=*", "--clean-extra"]
    programs.plan(*sides, "-o", pair.file).expect(0)
    pair.apply(dsn=pair.standin.dsn(pair.standin_db, user="plain")).expect(0)
    assert judge_versions.differences(pair.main, pair.main_db, pair.standin, pair.standin_db) == []
    pair.on_main("CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION a, \"b c\" WITH (connect = false, slot_name = NONE)")
    assert "pg_subscription" in programs.plan(*sides, "--force", "-o", pair.file).expect(programs.CONNECTION).err
    assert "subscription s is not created" in pair.plan("--schema=*", "--force").expect(0).err
    pair.on_main("DROP SUBSCRIPTION s")


@pytest.mark.parametrize("version", (10, 18))
def test_privileges_of_columns_outlive_those_of_their_table(pair_of, version):
    """REVOKE on a table takes those on its columns along."""
    pair = pair_of(version, version)
    pair.both("CREATE TABLE t (a integer, b integer); GRANT SELECT (a), UPDATE (a, b) ON t TO PUBLIC; CREATE TABLE u (a integer);"
              "GRANT SELECT (a) ON u TO PUBLIC")
    pair.on_main("GRANT SELECT ON t TO PUBLIC")
    pair.on_standin("GRANT INSERT ON t TO PUBLIC; GRANT UPDATE ON u TO PUBLIC")
    synchronise(pair)


@pytest.mark.parametrize("main, standin", [(10, 10), (10, 18), (12, 15), (16, 13), (17, 17), (18, 18)])
def test_renames(pair_of, main, standin):
    """A table and columns of it under other names: no row is sent."""
    pair = pair_of(main, standin)
    pair.both("CREATE TABLE c (id serial PRIMARY KEY); CREATE TABLE t (id serial PRIMARY KEY, a text NOT NULL CHECK (a <> ''), n numeric(9, 2), c int REFERENCES c, CHECK (n > 0 AND a <> 'x'));"
              "CREATE INDEX ON t (lower(a), n) WHERE n > 3; CREATE TABLE r (id int REFERENCES t); CREATE VIEW v AS SELECT t.id, t.a, c.id AS c FROM t JOIN c ON c.id = t.c; CREATE VIEW w AS SELECT id, a FROM t;"
              "CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT $1.id::text'; CREATE STATISTICS s ON a, n FROM t; INSERT INTO t (a, n) SELECT 'v' || i, i FROM generate_series(1, 200) i")
    pair.on_main("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b; ALTER TABLE u RENAME n TO a; ALTER TABLE c RENAME id TO key; INSERT INTO u (b, a) VALUES ('new', 1)")
    oid = pair.standin.value(pair.standin_db, "SELECT 't'::regclass::oid")
    pair.plan("--schema=*", "--clean-extra", "--rename=t=u", "--rename=t.a=u.b", "--rename=t.n=u.a", "--rename=c.id=c.key").expect(0)
    document = pair.show()
    pair.apply().expect(0)
    found = judge_versions.differences(pair.main, pair.main_db, pair.standin, pair.standin_db)
    assert not found, "\n".join(line[:400] for line in found)
    assert document["counts"]["rows"] == {"insert": 1, "update": 0, "delete": 0}
    assert not any(s["class"] in ("index", "constraint", "statistics", "function") for s in document["statements"])
    assert pair.standin.value(pair.standin_db, "SELECT 'u'::regclass::oid") == oid
    pair.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force", output=pair.folder / "second.pgplan").expect(0)
