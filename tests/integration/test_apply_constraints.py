"""What must be silent while rows change, what is checked in its place, and that everything is as it was afterwards."""

import pytest

from support import programs, ways

OWNER_BY_FDW = "a mere role cannot reach main through postgres_fdw without a password; test_fdw.py has one"
ALL = ("--schema=*", "--clean-extra")


def refused(pair, *codes, arguments=(), dsn=None):
    before = pair.standin_state()
    outcome = pair.apply(*arguments, dsn=dsn).expect(*codes)
    assert pair.standin_state() == before
    return outcome


@pytest.fixture
def owned(pair):
    """An owner's tables on both sides with everything that acts on rows, and a main that has moved on."""
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        if not cluster.rows("postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'mere_owner'"):
            cluster.psql("postgres", "CREATE ROLE mere_owner LOGIN")
        cluster.psql(db, "GRANT ALL ON SCHEMA public TO mere_owner; GRANT CREATE ON DATABASE \"%s\" TO mere_owner; SET ROLE mere_owner;" % db + """
            CREATE TABLE parent (id int PRIMARY KEY, code text NOT NULL UNIQUE);
            CREATE TABLE child (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE,
                parent int CONSTRAINT "the FK" REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE);
            COMMENT ON CONSTRAINT "the FK" ON child IS 'it''s kept';
            CREATE TABLE piece (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE SET NULL) PARTITION BY LIST (id);
            CREATE TABLE piece_1 PARTITION OF piece FOR VALUES IN (1, 2, 3);
            CREATE TABLE piece_rest PARTITION OF piece DEFAULT;
            CREATE TABLE node (id int PRIMARY KEY, next int REFERENCES node);
            CREATE TABLE hidden (id int PRIMARY KEY, v text);
            CREATE FUNCTION bark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trigger acted'; END $$;
            INSERT INTO parent SELECT i, 'c' || i FROM generate_series(1, 5) i;
            INSERT INTO child (email, parent) SELECT 'e' || i, i % 5 + 1 FROM generate_series(1, 20) i;
            INSERT INTO piece SELECT i, i FROM generate_series(1, 5) i;
            INSERT INTO node SELECT i, nullif(i - 1, 0) FROM generate_series(1, 5) i; UPDATE node SET next = 5 WHERE id = 1;
            INSERT INTO hidden VALUES (1, 'a'), (5, 'b');
            ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; ALTER TABLE hidden FORCE ROW LEVEL SECURITY; CREATE POLICY few ON hidden USING (id < 3);
            CREATE TABLE whole (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE whole_1 PARTITION OF whole DEFAULT; INSERT INTO whole VALUES (1), (5);
            CREATE TABLE new_key (id int PRIMARY KEY, whole int); INSERT INTO new_key VALUES (1, 1);
            CREATE TABLE of_whole (id int PRIMARY KEY, whole int REFERENCES whole ON DELETE CASCADE); INSERT INTO of_whole VALUES (1, 1), (2, 5);
            ALTER TABLE whole ENABLE ROW LEVEL SECURITY; ALTER TABLE whole FORCE ROW LEVEL SECURITY; CREATE POLICY few ON whole USING (id < 3);
            CREATE TRIGGER origin BEFORE INSERT OR UPDATE OR DELETE ON child FOR EACH ROW EXECUTE FUNCTION bark();
            CREATE TRIGGER "Always" BEFORE INSERT OR UPDATE OR DELETE ON child FOR EACH ROW EXECUTE FUNCTION bark();
            CREATE TRIGGER replica BEFORE INSERT OR UPDATE OR DELETE ON child FOR EACH ROW EXECUTE FUNCTION bark();
            CREATE TRIGGER off BEFORE INSERT OR UPDATE OR DELETE ON child FOR EACH ROW EXECUTE FUNCTION bark();
            CREATE TRIGGER each BEFORE INSERT OR UPDATE OR DELETE ON piece FOR EACH ROW EXECUTE FUNCTION bark();
            ALTER TABLE child ENABLE ALWAYS TRIGGER "Always"; ALTER TABLE child ENABLE REPLICA TRIGGER replica; ALTER TABLE child DISABLE TRIGGER off;
            CREATE RULE instead AS ON DELETE TO parent DO INSTEAD NOTHING;""")
    pair.on_main("""SET session_replication_role = replica; ALTER TABLE child DISABLE TRIGGER ALL; ALTER TABLE parent DISABLE RULE instead; ALTER TABLE piece_rest DISABLE TRIGGER ALL;
        DELETE FROM parent WHERE id = 5; INSERT INTO parent VALUES (6, 'c5'); UPDATE child SET parent = 6 WHERE parent = 5; UPDATE piece SET parent = 6 WHERE parent = 5;
        ALTER TABLE new_key ADD FOREIGN KEY (whole) REFERENCES whole; INSERT INTO whole VALUES (6); UPDATE of_whole SET whole = 6 WHERE whole = 5; DELETE FROM whole WHERE id = 5;
        UPDATE node SET next = 2 WHERE id = 1; DELETE FROM node WHERE id = 5; INSERT INTO node VALUES (6, 7), (7, 6);
        UPDATE hidden SET v = 'changed' WHERE id = 5; INSERT INTO hidden VALUES (9, 'new');
        ALTER TABLE child ENABLE TRIGGER ALL; ALTER TABLE child ENABLE ALWAYS TRIGGER "Always"; ALTER TABLE child ENABLE REPLICA TRIGGER replica; ALTER TABLE child DISABLE TRIGGER off;
        ALTER TABLE parent ENABLE RULE instead; ALTER TABLE piece_rest ENABLE TRIGGER ALL""")
    return pair


@pytest.mark.parametrize("user", ["postgres", pytest.param("mere_owner", marks=ways.not_by("fdw", OWNER_BY_FDW))])
@pytest.mark.parametrize("verify", ["touched", "full"])
def test_nothing_acts_a_second_time(owned, user, verify):
    owned.plan(*ALL).expect(0)
    owned.apply("--verify=" + verify, dsn=owned.standin.dsn(owned.standin_db, user=user)).expect(0)
    owned.assert_equal()
    assert owned.standin.value(owned.standin_db, "SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == 0


@ways.not_by("script", "it has no preflight, and ends with the server's first error")
def test_a_role_that_owns_nothing_is_told_everything_at_once(owned):
    owned.plan(*ALL).expect(0)
    owned.standin.psql("postgres", "DROP ROLE IF EXISTS mere_guest; CREATE ROLE mere_guest LOGIN")
    dsn = owned.standin.dsn(owned.standin_db, user="mere_guest")
    outcome = owned.apply(dsn=dsn).expect(programs.CONNECTION)
    for name in ("public.parent", "public.child", "public.hidden", "pgsyncer"):
        assert name in outcome.err, outcome


def test_a_table_outside_of_the_plan_refers_to_what_goes(pair):
    pair.both("CREATE TABLE parent (id int PRIMARY KEY, code int UNIQUE); INSERT INTO parent SELECT i, i * 10 FROM generate_series(1, 9) i")
    pair.on_main("DELETE FROM parent WHERE id = 7; UPDATE parent SET code = 81 WHERE id = 8")
    pair.plan("--clean-extra").expect(0)
    pair.on_standin("CREATE SCHEMA outside; CREATE TABLE outside.child (parent int REFERENCES public.parent, code int REFERENCES public.parent (code)); INSERT INTO outside.child VALUES (7, 10)")
    assert "child_parent_fkey of outside.child" in refused(pair, programs.CONFLICT).err
    pair.on_standin("UPDATE outside.child SET parent = 1, code = 80")
    assert "child_code_fkey of outside.child" in refused(pair, programs.CONFLICT).err
    pair.on_standin("UPDATE outside.child SET code = NULL")
    pair.apply().expect(0)


def test_rows_that_refer_to_what_a_table_outside_of_the_plan_lacks(pair):
    pair.both("CREATE SCHEMA outside; CREATE TABLE outside.parent (id int PRIMARY KEY); CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES outside.parent)")
    pair.on_main("INSERT INTO outside.parent VALUES (1); INSERT INTO child VALUES (1, 1), (2, NULL)")
    pair.plan("--clean-extra").expect(0)
    assert "FOREIGN_KEY" in refused(pair, programs.CONFLICT).err
    pair.on_standin("INSERT INTO outside.parent VALUES (1)")
    pair.apply().expect(0)


@pytest.mark.parametrize("constraint", [
    "UNIQUE (v) DEFERRABLE", "UNIQUE (v) DEFERRABLE INITIALLY DEFERRED", "EXCLUDE USING btree ((lower(v)) WITH =) WHERE (v <> '') DEFERRABLE", "UNIQUE NULLS NOT DISTINCT (v, w) DEFERRABLE",
])
def test_deferrable_constraints_are_checked(pair, constraint):
    """Their recheck is a trigger, and silent with the others."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text, w text, CONSTRAINT once %s)" % constraint)
    pair.both("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
    pair.on_main("BEGIN; SET CONSTRAINTS ALL DEFERRED; UPDATE t SET v = CASE id WHEN 1 THEN 'b' WHEN 2 THEN 'a' END WHERE id < 3; COMMIT;"
                 "INSERT INTO t VALUES (4, 'd')" if "EXCLUDE" not in constraint else
                 "UPDATE t SET v = 'x' WHERE id = 1; UPDATE t SET v = 'a' WHERE id = 2; UPDATE t SET v = 'b' WHERE id = 1; INSERT INTO t VALUES (4, 'd')")
    pair.on_standin("INSERT INTO t VALUES (100, 'd')")
    pair.plan("--schema=*", "--no-delete-rows").expect(0)
    assert "once of public.t" in refused(pair, programs.CONFLICT).err
    pair.plan(*ALL, "--force").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()


def test_moved_rows_keep_the_columns_that_only_the_standin_has(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text UNIQUE); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 6) i")
    pair.on_standin("ALTER TABLE t ADD note text NOT NULL DEFAULT 'none', ADD n int GENERATED ALWAYS AS IDENTITY, ADD \"Twice\" int GENERATED ALWAYS AS (id * 2) STORED; UPDATE t SET note = 'of ' || id; ALTER TABLE t ALTER note DROP DEFAULT")
    pair.on_main("BEGIN; ALTER TABLE t DROP CONSTRAINT t_v_key; UPDATE t SET v = 'v' || (id % 3 + 1) WHERE id < 4; ALTER TABLE t ADD UNIQUE (v); COMMIT; UPDATE t SET v = 'new' WHERE id = 5")
    pair.plan("--schema=*").expect(0)
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT id, v, note, n FROM t ORDER BY id") == [
        (1, "v2", "of 1", 1), (2, "v3", "of 2", 2), (3, "v1", "of 3", 3), (4, "v4", "of 4", 4), (5, "new", "of 5", 5), (6, "v6", "of 6", 6)]


@pytest.mark.parametrize("user", ["postgres", pytest.param("mere_owner", marks=ways.not_by("fdw", OWNER_BY_FDW))])
def test_a_foreign_key_that_main_itself_breaks(owned, user):
    """As a trigger that returns NULL keeps ON DELETE CASCADE from a row: no stand-in that checks the key can hold it."""
    owned.on_main("""SET session_replication_role = replica; ALTER TABLE child DISABLE TRIGGER ALL; DELETE FROM parent WHERE id = 6; UPDATE piece SET parent = 1 WHERE parent = 6; ALTER TABLE child ENABLE TRIGGER ALL;
        ALTER TABLE child ENABLE ALWAYS TRIGGER "Always"; ALTER TABLE child ENABLE REPLICA TRIGGER replica; ALTER TABLE child DISABLE TRIGGER off""")
    owned.plan(*ALL).expect(0)
    outcome = refused(owned, programs.CONFLICT, dsn=owned.standin.dsn(owned.standin_db, user=user))
    assert "the FK" in outcome.err and (owned.way == "script" or "main's own rows break" in " ".join(outcome.err.split()))


@ways.not_by("script", "psql exits with the server's error")
def test_indexes_that_do_not_take_what_goes(pair):
    """PostgreSQL builds an index of the rows too that the transaction deleted, and compares them with those that come."""
    pair.both("CREATE TYPE c AS (x xid); CREATE TABLE short (id int, t text); CREATE TABLE odd (id int PRIMARY KEY, c c); CREATE INDEX ON odd (c)")
    pair.on_main("CREATE INDEX by_t ON short (t); INSERT INTO odd VALUES (1, ROW('5'))")
    pair.on_standin("INSERT INTO short SELECT 1, string_agg(md5(i::text), '') FROM generate_series(1, 500) i")
    pair.plan(*ALL).expect(0)
    assert "delete it on the stand-in first" in refused(pair, programs.REFUSED).err
    pair.on_standin("TRUNCATE short, odd; INSERT INTO odd VALUES (2, ROW('7'))")
    pair.plan(*ALL, "--force").expect(0)
    assert "does not compare them" in refused(pair, programs.REFUSED).err
    pair.on_standin("TRUNCATE odd")
    pair.plan(*ALL, "--force").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()
