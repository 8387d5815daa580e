"""What a role may not do, and what the server does not let anybody do, is told before anything is changed, all of it at once."""

import pytest

from support import programs, ways

pytestmark = ways.not_by("fdw", "a mere role cannot reach main through postgres_fdw without a password; test_fdw.py has one")

ROLES = ("mere applier", "someone else")
CHANGE = "UPDATE t SET v = 'new' WHERE id = 3; DELETE FROM t WHERE id = 4; INSERT INTO t VALUES (100, 'x')"
SET_ROLE = "GRANT SET ON PARAMETER session_replication_role TO \"mere applier\""


@pytest.fixture
def told(pair):
    """A plan of rows alone; check and apply by a mere role must end with `code` and name each of `words`, nothing changed. With code 0, both databases must be equal."""
    for cluster in (pair.main, pair.standin):
        for role in ROLES:
            if not cluster.rows("postgres", "SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)):
                cluster.psql("postgres", 'CREATE ROLE "%s" LOGIN' % role)
    pair.standin.psql("postgres", 'GRANT CREATE ON DATABASE "%s" TO "mere applier"' % pair.standin_db)

    def tell(both, words, code=programs.CONNECTION, main=CHANGE, standin="", schemas=("public",), base_first=False, foreseen=True):
        pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 20) i; ALTER TABLE t OWNER TO \"mere applier\"; GRANT USAGE ON SCHEMA public TO PUBLIC;" + both)
        pair.on_main(main)
        if base_first:
            pair.on_standin(standin)
        pair.plan("--no-privileges", "--no-owner", *["--schema=" + schema for schema in schemas]).expect(0)
        if not base_first:
            pair.on_standin(standin)
        before = pair.standin_state()
        dsn = pair.standin.dsn(pair.standin_db, user="mere applier")
        if pair.way == "script" and code != 0:
            pytest.skip("not by script: it has no preflight, and ends with the server's first error")
        outcomes = [programs.apply("check", pair.file, "--standindsn", dsn, env=pair.env), pair.apply(dsn=dsn)]
        if code == 0:
            outcomes[1].expect(0)
            pair.assert_equal()
            return
        for outcome in outcomes if foreseen else outcomes[1:]:
            outcome.expect(code)
            missing = [word for word in words if word not in outcome.err]
            assert not missing, (missing, outcome)
        assert pair.standin_state() == before

    yield tell
    pair.standin.psql("postgres", 'REVOKE SET ON PARAMETER session_replication_role FROM "mere applier"; REVOKE "someone else" FROM "mere applier"; ALTER ROLE "mere applier" INHERIT')


OUTSIDE = "CREATE SCHEMA outside; CREATE TABLE outside.child (t int REFERENCES public.t ON DELETE CASCADE); ALTER SCHEMA outside OWNER TO \"someone else\"; ALTER TABLE outside.child OWNER TO \"someone else\";"
REFERS = ("CREATE SCHEMA outside; CREATE TABLE outside.parent (id int PRIMARY KEY); INSERT INTO outside.parent SELECT generate_series(1, 200); ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES outside.parent;"
          "ALTER SCHEMA outside OWNER TO \"someone else\"; ALTER TABLE outside.parent OWNER TO \"someone else\";")


def test_a_foreign_key_of_a_table_that_someone_else_owns(told):
    told(OUTSIDE, ["child_t_fkey", "outside.child", "does not own it"])


def test_rows_that_refer_to_a_table_of_someone_else_need_nothing(told):
    """The server checks that foreign key itself."""
    told(REFERS, [], code=0)


def test_only_what_could_act_is_dropped(told):
    """Rows that nothing refers to come, go and change: a foreign key of someone else's table need not be touched."""
    told(OUTSIDE, [], code=0, main="UPDATE t SET v = 'new' WHERE id = 3; INSERT INTO t VALUES (100, 'x')")


@pytest.mark.parametrize("both, word", [(OUTSIDE, "outside.child"), (REFERS, "outside.parent")])
def test_session_replication_role_takes_the_check_of_foreign_keys(told, both, word):
    told(both + SET_ROLE, [word, "SELECT"])


def test_session_replication_role_and_what_its_check_takes(told):
    told(OUTSIDE + REFERS.replace("CREATE SCHEMA outside;", "") + SET_ROLE + ";GRANT USAGE ON SCHEMA outside TO PUBLIC; GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA outside TO PUBLIC", [], code=0)


def test_triggers_and_row_security_of_a_table_that_someone_else_owns(told):
    told("""CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF TG_OP = ''DELETE'' THEN RETURN OLD; END IF; RETURN NEW; END'; CREATE TRIGGER "Acts always" BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE ALWAYS TRIGGER "Acts always";
        CREATE RULE replicas AS ON DELETE TO t DO INSTEAD NOTHING; ALTER TABLE t ENABLE REPLICA RULE replicas; ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t OWNER TO "someone else"; GRANT ALL ON t TO "mere applier"; """ + SET_ROLE,
         ["Acts always", "replicas", "row security"])


def test_a_schema_a_type_and_a_foreign_key_at_once(told):
    told("CREATE DOMAIN d AS text; CREATE SCHEMA shut; CREATE TABLE shut.u (id int PRIMARY KEY, v d); INSERT INTO shut.u VALUES (1, 'a'); ALTER TABLE shut.u OWNER TO \"mere applier\";" + OUTSIDE, ["child_t_fkey", "schema shut", "type public.d"],
         main=CHANGE + "; UPDATE shut.u SET v = 'b'", standin="REVOKE USAGE ON TYPE d FROM PUBLIC", schemas=("public", "shut"))


PUBLISHED = "CREATE TABLE n (a int, b text); INSERT INTO n SELECT i, 'b' FROM generate_series(1, 9) i; ALTER TABLE n OWNER TO \"mere applier\"; CREATE TABLE w (id int PRIMARY KEY, v int); INSERT INTO w VALUES (1, 1); ALTER TABLE w REPLICA IDENTITY NOTHING; ALTER TABLE w OWNER TO \"mere applier\";"
PUBLISHED_CHANGE = CHANGE + "; UPDATE n SET b = 'c' WHERE a = 3; UPDATE w SET v = 2"


@pytest.mark.parametrize("how", ["FOR ALL TABLES", "FOR TABLE n, w, t", "FOR TABLES IN SCHEMA public"])
def test_a_publication_without_a_replica_identity(told, how):
    """The server refuses changes of such rows. Main has moved on before there was a publication."""
    publication = "CREATE PUBLICATION \"the news\" %s" % how
    told(PUBLISHED, [], code=0, main=PUBLISHED_CHANGE + ";" + publication, standin=publication, base_first=True)


def test_a_publication_without_a_replica_identity_of_a_table_that_someone_else_owns(told):
    publication = "CREATE PUBLICATION news FOR TABLE n"
    told(PUBLISHED + SET_ROLE + "; ALTER TABLE n OWNER TO \"someone else\"; GRANT ALL ON n TO \"mere applier\"", ["public.n", "replica identity"], main=PUBLISHED_CHANGE + ";" + publication, standin=publication, base_first=True)


@pytest.fixture
def event_trigger(told):
    """An event trigger that refuses all DDL, made on the stand-in before the plan, as part of both."""
    return ("CREATE SEQUENCE s; ALTER SEQUENCE s OWNER TO \"mere applier\"; CREATE FUNCTION shout() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN IF current_setting(''test.quiet'', true) IS DISTINCT FROM ''on'' THEN RAISE EXCEPTION ''no DDL here''; END IF; END';"
            "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION act(); ALTER TABLE t ENABLE ALWAYS TRIGGER a; SET test.quiet = on; CREATE EVENT TRIGGER \"no DDL\" ON ddl_command_start EXECUTE FUNCTION shout();")


def test_an_event_trigger_is_silent_for_who_may_silence_it(told, event_trigger):
    told(event_trigger + SET_ROLE, [], code=0, main=CHANGE + "; SELECT nextval('s')")


def test_an_event_trigger_that_refuses(told, event_trigger):
    told(event_trigger, ["no DDL here"], code=programs.REFUSED, main=CHANGE + "; SELECT nextval('s')", foreseen=False)


def test_a_member_of_the_owning_role(told):
    told("ALTER TABLE t OWNER TO \"someone else\"; GRANT \"someone else\" TO \"mere applier\"", [], code=0)


def test_a_member_that_does_not_inherit(told):
    told("ALTER TABLE t OWNER TO \"someone else\"; GRANT \"someone else\" TO \"mere applier\"; ALTER ROLE \"mere applier\" NOINHERIT", ["public.t"])


@ways.not_by("client", "psql, which is one of two that apply here, cannot check such a plan")
def test_a_journal_that_the_role_may_not_read(told, pair):
    """It is told with all else; with --no-journal nobody looks for it, nor at its schema."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'); ALTER TABLE t OWNER TO \"mere applier\"; CREATE TABLE u (id int PRIMARY KEY)")
    pair.on_main("INSERT INTO t VALUES (2, 'b'); INSERT INTO u VALUES (1)")
    pair.plan().expect(0)
    programs.apply(pair.file, "--standindsn", pair.standin_dsn, "--yes").expect(0)
    dsn = pair.standin.dsn(pair.standin_db, user="mere applier")
    pair.on_main("INSERT INTO t VALUES (3, 'c'); INSERT INTO u VALUES (2)")
    pair.plan("--force").expect(0)
    before = pair.standin_state()
    for outcome in (programs.apply("check", pair.file, "--standindsn", dsn), programs.apply(pair.file, "--standindsn", dsn, "--yes")):
        assert "may not write to pgsyncer.journal (--no-journal does without)" in outcome.expect(programs.CONNECTION).err and "public.u" in outcome.err
    for command in ("status", "history"):
        assert "permission denied" in programs.apply(command, "--standindsn", dsn).expect(programs.CONNECTION).err
    assert pair.standin_state() == before
    journal = pair.standin.rows(pair.standin_db, "SELECT plan_id FROM pgsyncer.journal")
    for number, arguments in enumerate(((), ("--force-psql", "--psql=" + ways.PSQL))):
        pair.on_main("DELETE FROM u WHERE id > 1; INSERT INTO t VALUES (%d, 'new')" % (10 + number))
        pair.plan("--force").expect(0)
        programs.apply(pair.file, "--standindsn", dsn, "--yes", "--dry-run", *arguments).expect(0)
        programs.apply(pair.file, "--standindsn", dsn, "--yes", "--no-journal", *arguments).expect(0)
        programs.apply(pair.file, "--standindsn", dsn, "--yes", "--no-journal", *arguments).expect(0)  # every row is what it must be
        pair.assert_equal()
    assert pair.standin.rows(pair.standin_db, "SELECT plan_id FROM pgsyncer.journal") == journal
