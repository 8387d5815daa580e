"""Rows of tables whose columns the plan's DDL changes, and what a fingerprint must tell apart where a type's own hash does not."""

import pytest

from support import ways

TWO_ENUMS = """
CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'ok', n int, k varchar(5));
INSERT INTO t SELECT i, CASE WHEN i % 3 = 0 THEN 'sad' WHEN i % 50 = 1 THEN 'gone' ELSE 'ok' END::mood, i, 'abcde' FROM generate_series(1, 2000) i;
CREATE TABLE u (m mood PRIMARY KEY, v text);
INSERT INTO u VALUES ('sad', 'x'), ('ok', 'y')
"""

MAIN_MOVED_ON = """
UPDATE t SET m = 'ok' WHERE m = 'gone';
ALTER TYPE mood RENAME TO old_mood;
CREATE TYPE mood AS ENUM ('ok', 'renamed', 'sad');
ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE mood USING m::text::mood, ALTER m SET DEFAULT 'renamed';
ALTER TABLE u ALTER m TYPE mood USING m::text::mood;
DROP TYPE old_mood;
CREATE TYPE fresh AS ENUM ('p', 'q');
ALTER TABLE t ADD f fresh DEFAULT 'q', ADD g fresh, ALTER k TYPE varchar(3) USING left(k, 3);
UPDATE t SET f = 'p' WHERE id % 500 = 0;
UPDATE u SET v = 'z' WHERE m = 'ok'
"""


@ways.not_by("updated", ways.ONE_COLUMN_MORE)
def test_types_that_the_stand_in_does_not_have_yet(pair):
    pair.both(TWO_ENUMS)
    pair.on_main(MAIN_MOVED_ON)
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 0, "update": 5, "delete": 0}


def test_key_columns_that_change_their_type(pair):
    pair.both("CREATE TABLE w (k int, j int, v text, PRIMARY KEY (k, j)); INSERT INTO w SELECT i, i, i FROM generate_series(1, 3000) i")
    pair.on_main("ALTER TABLE w ALTER k TYPE bigint, ALTER j TYPE text; UPDATE w SET v = 'changed' WHERE k % 100 = 0; DELETE FROM w WHERE k = 77; INSERT INTO w VALUES (99999999999, 'n', 'new')")
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 1, "update": 30, "delete": 1}


@pytest.mark.parametrize(
    "type, here, there",
    [
        ("bigint", "1", "4294967296"),
        ("bigint", "-1", "0"),
        ("numeric(6,2)", "5", "-5"),
        ("numeric(6,2)", "'NaN'", "NULL"),
        ("numeric", "'Infinity'", "'-Infinity'"),
        ("double precision", "0", "NULL"),
        ("real", "'-0'", "0"),
        ("timestamp", "'2000-01-01 00:00:00.000001'", "timestamp '2000-01-01' + interval '4294.967296 s'"),
        ("timestamptz", "'2000-01-01 00:00:00.000001Z'", "timestamptz '2000-01-01Z' + interval '4294.967296 s'"),
        ("time", "'00:00:00.000001'", "'01:11:34.967296'"),
        ("money", "'1.00'", "'42949672.96'"),
        ("bpchar", "'a '", "'a'"),
        ("interval", "'1 day'", "'24:00'"),
        ("bpchar[]", "ARRAY['a '::bpchar]", "ARRAY['a'::bpchar]"),
    ],
)
def test_values_with_the_same_hash(pair, type, here, there):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v %s)" % type)
    pair.on_main("INSERT INTO t VALUES (1, %s)" % here)
    pair.on_standin("INSERT INTO t VALUES (1, %s)" % there)
    document = pair.synchronise()
    assert document["counts"]["rows"]["update"] == 1


def test_values_with_other_bytes_and_the_same_text(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, f double precision, x xml)")
    pair.on_main("INSERT INTO t VALUES (1, 'inf'::float8 - 'inf'::float8, '<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>')")
    pair.on_standin("INSERT INTO t VALUES (1, 'NaN', '<?xml version=\"1.0\"?><a/>')")
    pair.plan("--schema=*", "--detailed-exitcode").expect(0)


def test_partition_that_only_the_stand_in_has(pair):
    pair.both("CREATE TABLE p (id int, k text, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a'); INSERT INTO p VALUES (1, 'a')")
    pair.on_standin("CREATE TABLE p_b PARTITION OF p FOR VALUES IN ('b'); INSERT INTO p SELECT i, 'b' FROM generate_series(1, 500) i")
    pair.plan("--schema=*", "--force").expect(0)
    pair.apply("--yes").expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM p") == 1
