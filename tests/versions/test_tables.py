"""Large objects, chosen tables and generated columns on servers of other versions."""

import hashlib
import re

import pytest

from support import judge_versions

OBJECTS = """
SELECT lo_from_bytea(100, decode(repeat('ab', 5000), 'hex')); SELECT lo_from_bytea(102, ''); SELECT lo_from_bytea(105, 'hole'); SELECT lo_put(105, 1000000, 'far');
SELECT lo_from_bytea(i, decode(repeat(md5(i::text), 500), 'hex')) FROM generate_series(1000, 1020) i; COMMENT ON LARGE OBJECT 100 IS 'a comment';
"""
MOVED_ON = """
SELECT lo_put(100, 2047, 'across'); SELECT lo_put(102, 0, 'no longer empty'); SELECT lo_put(105, 4096, 'in the hole'); SELECT lo_unlink(1010);
SELECT lo_from_bytea(3000, decode(repeat('0123', 40000), 'hex')); GRANT SELECT ON LARGE OBJECT 1001 TO PUBLIC; COMMENT ON LARGE OBJECT 100 IS NULL;
"""
CONTENTS = "SELECT oid::bigint, obj_description(oid, 'pg_largeobject'), coalesce(lomacl::text, ''), lo_get(oid) FROM pg_largeobject_metadata ORDER BY 1"


def contents(cluster, db):
    return [(oid, comment, bool(re.search("[{,]=r", acl)), hashlib.sha256(data).hexdigest()) for oid, comment, acl, data in cluster.rows(db, CONTENTS)]


@pytest.mark.parametrize("main, standin", [(10, 18), (18, 10), (12, 15), (16, 14), (18, 18)])
def test_large_objects_and_chosen_tables(pair_of, main, standin):
    pair = pair_of(main, standin)
    pair.both(OBJECTS + "CREATE TABLE t (id serial PRIMARY KEY, v text); CREATE TABLE u (id serial PRIMARY KEY, v text); INSERT INTO t (v) SELECT 'v' FROM generate_series(1, 50); INSERT INTO u (v) SELECT 'v' FROM generate_series(1, 50)")
    pair.on_main(MOVED_ON + "UPDATE t SET v = 'w' WHERE id = 4; UPDATE u SET v = 'w' WHERE id = 4; ALTER TABLE t ADD w int; ALTER TABLE u ADD w int")
    pair.plan("--table=t", "--large-objects").expect(0)
    pair.apply("--verify=full").expect(0)
    assert contents(pair.standin, pair.standin_db) == contents(pair.main, pair.main_db)
    assert pair.standin.rows(pair.standin_db, "SELECT * FROM t ORDER BY id") == pair.main.rows(pair.main_db, "SELECT * FROM t ORDER BY id")
    assert pair.standin.value(pair.standin_db, "SELECT v FROM u WHERE id = 4") == "v"
    pair.plan("--table=t", "--large-objects", "--detailed-exitcode", "--force").expect(0)


def test_virtual_columns_hold_nothing_that_could_differ(pair_of):
    pair = pair_of(18, 18)
    pair.both("CREATE TABLE g (id int PRIMARY KEY, a int, v int GENERATED ALWAYS AS (a * 2) VIRTUAL, s int GENERATED ALWAYS AS (a + 1) STORED, w int); INSERT INTO g (id, a, w) SELECT i, i, i FROM generate_series(1, 20) i")
    pair.on_main("UPDATE g SET a = 0 WHERE id = 3; ALTER TABLE g DROP v; ALTER TABLE g ADD v int GENERATED ALWAYS AS (a * 3) VIRTUAL; ALTER TABLE g DROP s; ALTER TABLE g ADD s int GENERATED ALWAYS AS (a + 1) VIRTUAL;"
                 "ALTER TABLE g DROP w; ALTER TABLE g ADD w int GENERATED ALWAYS AS (a - 1) STORED; INSERT INTO g (id, a) VALUES (21, 5)")
    pair.plan("--schema=*", "--clean-extra").expect(0)
    assert pair.show()["counts"]["rows"] == {"insert": 1, "update": 1, "delete": 0}
    pair.apply("--verify=full").expect(0)
    assert judge_versions.differences(pair.main, pair.main_db, pair.standin, pair.standin_db) == []
