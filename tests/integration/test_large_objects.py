"""Large objects: contents of any kind and size, owners, grants, comments; judged by lo_get and pg_dump of both sides."""

import hashlib

import pytest

from support import judge, programs

ALL = ("--schema=*", "--clean-extra", "--large-objects")
OBJECTS = """
SELECT m.oid::bigint, pg_get_userbyid(m.lomowner), obj_description(m.oid, 'pg_largeobject'), lo_get(m.oid) AS bytes,
       (SELECT array_agg(a::text ORDER BY a::text) FROM aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) x,
               LATERAL (SELECT concat_ws(' ', x.grantee::regrole, x.privilege_type, x.is_grantable)) AS a)
FROM pg_largeobject_metadata m ORDER BY 1"""

# Bytes that have their ends on, before and behind those of a page; holes; zeros at the end; nothing at all.
BOTH = """
SELECT lo_from_bytea(100, decode(repeat('ab', 5000), 'hex'));
SELECT lo_from_bytea(101, decode(repeat('cd', 2048), 'hex'));
SELECT lo_from_bytea(102, '');
SELECT lo_from_bytea(103, decode(repeat('00', 10000), 'hex'));
SELECT lo_from_bytea(104, decode(repeat('ef', 2047), 'hex'));
SELECT lo_from_bytea(105, 'hole'); SELECT lo_put(105, 1000000, 'far');
SELECT lo_from_bytea(i, decode(repeat(md5(i::text), 500), 'hex')) FROM generate_series(1000, 1200) i;
SELECT lo_from_bytea(i, 'goes') FROM generate_series(2000, 2009) i;
COMMENT ON LARGE OBJECT 100 IS 'a comment'; GRANT SELECT ON LARGE OBJECT 100 TO lo_reader; GRANT UPDATE ON LARGE OBJECT 101 TO PUBLIC;
"""
MOVED_ON = """
SELECT lo_put(100, 2047, 'across');
SELECT lo_put(101, 2048, 'x');
SELECT lo_put(102, 0, 'no longer empty');
SELECT lo_truncate64(lo_open(103, 131072), 9999);
SELECT lo_truncate64(lo_open(104, 131072), 5000);
SELECT lo_put(105, 4096, 'in the hole'); SELECT lo_put(105, 1000000, decode('000000', 'hex'));
SELECT lo_put(1100, 100, 'changed');
SELECT lo_truncate64(lo_open(1101, 131072), 10);
SELECT lo_unlink(i) FROM generate_series(2000, 2009) i;
SELECT lo_from_bytea(3000, decode(repeat('0123456789abcdef', 400000), 'hex'));
SELECT lo_from_bytea(3001, ''); SELECT lo_from_bytea(3002, decode('00', 'hex'));
SELECT lo_from_bytea(4294967295, 'the last one');
ALTER LARGE OBJECT 1102 OWNER TO "lo Owner"; GRANT SELECT ON LARGE OBJECT 1102 TO lo_reader WITH GRANT OPTION;
REVOKE ALL ON LARGE OBJECT 1103 FROM postgres;
COMMENT ON LARGE OBJECT 100 IS NULL; COMMENT ON LARGE OBJECT 1104 IS E'it''s\\n"new"'; REVOKE SELECT ON LARGE OBJECT 100 FROM lo_reader; REVOKE UPDATE ON LARGE OBJECT 101 FROM PUBLIC; GRANT SELECT, UPDATE ON LARGE OBJECT 101 TO PUBLIC;
CREATE TABLE docs (id int PRIMARY KEY, content oid); INSERT INTO docs SELECT i, 999 + i FROM generate_series(1, 100) i;
"""
ONLY_THERE = "SELECT lo_from_bytea(5000, decode(repeat('99', 100000), 'hex')); COMMENT ON LARGE OBJECT 5000 IS 'x'; SELECT lo_put(1150, 7000, 'touched'); SELECT lo_put(1151, 50000, 'longer')"


@pytest.fixture
def roles(main_cluster, standin_cluster):
    for cluster in (main_cluster, standin_cluster):
        cluster.psql("postgres", 'CREATE ROLE lo_reader LOGIN; CREATE ROLE "lo Owner" LOGIN; CREATE ROLE lo_plain LOGIN')
    yield
    for cluster in (main_cluster, standin_cluster):
        cluster.psql("postgres", 'DROP ROLE lo_reader, "lo Owner", lo_plain')


def objects(cluster, db):
    return [(oid, owner, comment, len(data), hashlib.sha256(data).hexdigest(), acl) for oid, owner, comment, data, acl in cluster.rows(db, OBJECTS)]


def assert_same_objects(pair):
    main, standin = objects(pair.main, pair.main_db), objects(pair.standin, pair.standin_db)
    assert main == standin, "only main: %s\nonly the stand-in: %s" % (sorted(set(map(str, main)) - set(map(str, standin)))[:5], sorted(set(map(str, standin)) - set(map(str, main)))[:5])
    pair.assert_equal()  # pg_dump: their definitions


@pytest.fixture
def moved_on(roles, pair):
    pair.both(BOTH)
    pair.on_main(MOVED_ON)
    pair.on_standin(ONLY_THERE)
    return pair


@pytest.mark.parametrize("images", ["--before-images", "--no-before-images"])
def test_they_become_those_of_main(moved_on, images):
    pair = moved_on
    pair.plan(*ALL, images).expect(0)
    table, = [t for t in pair.show()["tables"] if t["name"] == "large_objects"]
    assert table["schema"] == "pg_temp" and pair.show()["options"]["large_objects"] is True
    assert "large objects, by pages" in programs.plan("show", pair.file).expect(0).out
    before = objects(pair.standin, pair.standin_db)
    pair.apply("--dry-run").expect(0)
    assert objects(pair.standin, pair.standin_db) == before
    pair.apply("--verify=full").expect(0)
    assert_same_objects(pair)
    pair.plan(*ALL, "--detailed-exitcode", "--force").expect(0)


@pytest.mark.parametrize("way", ["script"])
def test_a_standin_that_has_none(pair):
    pair.on_main("SELECT lo_from_bytea(100, decode(repeat('ab', 5000), 'hex')); SELECT lo_from_bytea(101, ''); SELECT lo_from_bytea(102, 'x'); COMMENT ON LARGE OBJECT 102 IS 'c'")
    pair.plan(*ALL).expect(0)
    pair.apply("--verify=full").expect(0)
    assert_same_objects(pair)
    pair.plan(*ALL, "--force", "--detailed-exitcode").expect(0)


def test_the_script_for_psql_does_the_same(moved_on):
    pair = moved_on
    pair.plan(*ALL).expect(0)
    pair.apply().expect(0)
    assert_same_objects(pair)


def test_roles_that_are_no_superusers(roles, pair):
    """Their own large objects, by the functions alone."""
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        cluster.psql(db, "SET SESSION AUTHORIZATION lo_plain;" + BOTH)
    pair.main.psql(pair.main_db, "SET SESSION AUTHORIZATION lo_plain;" + "".join(s for s in MOVED_ON.splitlines(True) if "OWNER TO" not in s and "FROM postgres" not in s and "TABLE" not in s))
    pair.standin.psql(pair.standin_db, "SET SESSION AUTHORIZATION lo_plain;" + ONLY_THERE)
    for number, verify in enumerate(("touched", "full")):
        programs.plan("--maindsn", pair.main.dsn(pair.main_db, user="lo_plain"), "--standindsn", pair.standin.dsn(pair.standin_db, user="lo_plain"), "-o", pair.file, "--large-objects", "--force").expect(0)
        programs.apply(pair.file, "--standindsn", pair.standin.dsn(pair.standin_db, user="lo_plain"), "--yes", "--no-journal", "--verify=" + verify).expect(0)
        assert_same_objects(pair)
        pair.on_main("SELECT lo_put(%d, 0, 'again')" % (1010 + number))
    # As the superuser sees them they are the same ones; what another may not read is an error, not nothing.
    outcome = programs.plan("--maindsn", pair.main.dsn(pair.main_db, user="lo_reader"), "--standindsn", pair.standin_dsn, "-o", pair.file, "--large-objects", "--force").expect(programs.CONNECTION)
    assert "permission denied for large object" in outcome.err


def test_one_that_changed_since_is_a_conflict(moved_on):
    pair = moved_on
    pair.plan(*ALL).expect(0)
    pair.on_standin("SELECT lo_put(1100, 50, 'meanwhile')")
    before = objects(pair.standin, pair.standin_db)
    outcome = pair.apply().expect(programs.CONFLICT)
    assert "DATA update (1100,0)" in outcome.err
    assert objects(pair.standin, pair.standin_db) == before
    pair.plan(*ALL, "--no-before-images", "--force").expect(0)
    pair.on_standin("SELECT lo_put(1100, 6000, 'elsewhere')")
    assert "pg_temp.large_objects" in pair.apply("--verify=full").expect(pair.moved_on_code).err


def test_without_the_option_they_are_left_and_counted(moved_on):
    pair = moved_on
    before = objects(pair.standin, pair.standin_db)
    for schema in ("--schema=public", "--schema=*"):
        outcome = pair.plan(schema, "--clean-extra", "--force").expect(0)
        assert "main: 211 large objects are not compared (--large-objects)" in outcome.err
    pair.apply().expect(0)
    assert objects(pair.standin, pair.standin_db) == before
    assert "--no-delete-rows" in pair.plan("--large-objects", "--no-delete-rows", "--force").expect(programs.USAGE).err
    pair.main.psql("postgres", "CREATE ROLE lo_only_main")
    pair.on_main("ALTER LARGE OBJECT 1110 OWNER TO lo_only_main")
    assert "role lo_only_main does not exist; large object 1110 needs it" in pair.plan(*ALL, "--force").expect(programs.REFUSED).err
    pair.plan(*ALL, "--no-owner", "--force").expect(0)
    pair.apply().expect(0)
    pair.on_main("ALTER LARGE OBJECT 1110 OWNER TO postgres")
    pair.main.psql("postgres", "DROP ROLE lo_only_main")
    pair.plan(*ALL, "--force").expect(0)
    pair.apply().expect(0)
    assert_same_objects(pair)
