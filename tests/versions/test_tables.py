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


@pytest.mark.parametrize("main, standin", [(10, 18), (18, 10), (11, 16), (14, 12), (13, 13), (17, 11)])
def test_other_partitions_where_the_schema_stays(pair_of, main, standin):
    """Rows are told apart by the partition that they lie in; 10 has no keys of partitioned tables."""
    pair = pair_of(main, standin)
    key = "" if min(main, standin) == 10 else "CREATE TABLE k (id int PRIMARY KEY, v text) PARTITION BY HASH (id); %s INSERT INTO k SELECT i, 'v' FROM generate_series(1, 100) i;"
    common = "CREATE TABLE p (id int, v text) PARTITION BY RANGE (id);"
    rows = "INSERT INTO p SELECT i % 50, 'v' FROM generate_series(0, 199) i;"
    pair.on_main(common + "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (1000);" + rows + key.replace("%s", "CREATE TABLE k0 PARTITION OF k FOR VALUES WITH (MODULUS 1, REMAINDER 0);"))
    pair.on_standin(common + "CREATE TABLE p2 (v text, id int); ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (0) TO (20); CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (200) PARTITION BY LIST (v); CREATE TABLE p4 PARTITION OF p3 FOR VALUES IN ('v', 'w', NULL);" + rows
                    + key.replace("%s", "CREATE TABLE k1 PARTITION OF k FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE k2 PARTITION OF k FOR VALUES WITH (MODULUS 2, REMAINDER 1);"))
    pair.on_main("DELETE FROM p WHERE ctid IN ('(0,1)', '(0,52)', '(0,30)', '(0,31)'); UPDATE p SET v = 'w' WHERE id = 45; INSERT INTO p VALUES (3, NULL), (40, NULL)" + ("; UPDATE k SET v = 'w' WHERE id < 9; DELETE FROM k WHERE id = 50" if key else ""))
    pair.plan("--no-sync-schema").expect(0)
    assert {t["name"] for t in pair.show()["tables"]} == ({"p", "k"} if key else {"p"})
    pair.apply("--verify=full").expect(0)
    for table in ("p", "k") if key else ("p",):
        query = "SELECT id, v FROM %s ORDER BY 1, 2" % table
        assert pair.standin.rows(pair.standin_db, query) == pair.main.rows(pair.main_db, query)
    pair.plan("--no-sync-schema", "--detailed-exitcode", "--force").expect(0)


@pytest.mark.parametrize("version", [11, 14])
def test_triggers_of_partitions_that_only_a_superuser_silences(pair_of, version):
    pair = pair_of(version, version)
    pair.both("""CREATE TABLE t (id int, v text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
        CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); DO $$BEGIN CREATE ROLE versions_owner LOGIN; EXCEPTION WHEN duplicate_object THEN END$$; ALTER TABLE t OWNER TO versions_owner; ALTER TABLE t1 OWNER TO versions_owner; GRANT SELECT ON pg_subscription TO versions_owner""")
    pair.on_main("SET session_replication_role = replica; INSERT INTO t VALUES (1)")
    pair.plan().expect(0)
    assert "table public.t1: versions_owner cannot keep trigger r silent" in pair.apply("--no-journal", dsn=pair.standin.dsn(pair.standin_db, user="versions_owner")).expect(4).err
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT id FROM t") == [(1,)]
