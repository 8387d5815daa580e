"""The phases of apply: new enum labels before the transaction, the dry run, the receipt, the journal."""

import json

from support import programs, ways

ALL = ("--schema=*", "--clean-extra")


def with_new_label(pair):
    pair.both("CREATE TYPE colour AS ENUM ('red', 'blue'); CREATE TABLE t (id int PRIMARY KEY, c colour); INSERT INTO t VALUES (1, 'red')")
    pair.on_main("ALTER TYPE colour ADD VALUE 'green' BEFORE 'blue'")
    pair.on_main("INSERT INTO t VALUES (2, 'green')")
    pair.plan(*ALL).expect(0)
    assert [s["phase"] for s in pair.show()["statements"]] == ["pre-commit"]


def test_the_precommit_phase_may_have_run_before(pair):
    """A first attempt gets no lock, but its labels stay; the second one finds the base with them."""
    with_new_label(pair)
    holder = pair.standin.connect(pair.standin_db, autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT * FROM t; LOCK TABLE t IN ROW EXCLUSIVE MODE")
        pair.apply("--lock-timeout=100ms").expect(programs.CONNECTION)
    holder.rollback()
    holder.close()
    assert pair.standin.value(pair.standin_db, "SELECT enum_range(NULL::colour)::text") == "{red,green,blue}"
    pair.apply().expect(0)
    pair.assert_equal()


def test_labels_alone(pair):
    pair.both("CREATE TYPE colour AS ENUM ('red', 'blue')")
    pair.on_main("ALTER TYPE colour ADD VALUE 'green' BEFORE 'blue'")
    pair.plan(*ALL, "--sync-data=false").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()
    pair.apply().expect(programs.ALREADY)


def test_a_dry_run_leaves_no_labels(pair):
    with_new_label(pair)
    outcome = pair.apply("--dry-run").expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT enum_range(NULL::colour)::text") == "{red,blue}"
    assert "committed" in outcome.err
    pair.apply().expect(0)
    pair.assert_equal()


def test_a_dry_run_says_what_it_saw(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE kept (id int PRIMARY KEY)")
    pair.on_main("INSERT INTO t SELECT i, 'v' FROM generate_series(1, 1000) i; ALTER TABLE kept ADD n int")
    pair.plan(*ALL).expect(0)
    before = pair.standin_state()
    receipt = pair.folder / "receipt.json"
    outcome = pair.apply("--dry-run", "--receipt", receipt).expect(0)
    assert "lock: ACCESS EXCLUSIVE on public.kept" in outcome.out
    assert outcome.last_line.startswith("Dry run, rolled back: ") and "rows +1000 ~0 -0" in outcome.last_line
    document = json.loads(receipt.read_text())
    assert document["outcome"] == "dry run, rolled back"
    assert document["counts"]["rows"] == {"insert": 1000, "update": 0, "delete": 0}
    assert document["wal_bytes"] > 1000
    assert pair.standin_state() == before
    assert pair.standin.value(pair.standin_db, "SELECT to_regnamespace('pgsyncer')") is None


def test_the_receipt_and_the_journal_say_the_same(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i")
    pair.on_main("DELETE FROM t WHERE id <= 3; UPDATE t SET v = 'w' WHERE id > 90; INSERT INTO t VALUES (101, 'x'); CREATE VIEW w AS SELECT 1 AS one")
    pair.plan(*ALL).expect(0)
    receipt = pair.folder / "receipt.json"
    outcome = pair.apply("--receipt", receipt).expect(0)
    assert outcome.last_line.startswith("Applied: 1 object created, 0 altered, 0 dropped; rows +1 ~10 -3; proved 1 table")
    document = json.loads(receipt.read_text())
    assert document["proof"]["schema"] and document["proof"]["tables"] == 1
    assert document["counts"]["rows"] == {"insert": 1, "update": 10, "delete": 3}
    assert pair.standin.rows(pair.standin_db, "SELECT plan_id, content_root, transaction_id::text, objects_created, rows_inserted, rows_updated, rows_deleted FROM pgsyncer.journal") == [
        (document["plan_id"], document["content_root"], document["transaction_id"], 1, 1, 10, 3)]


def test_a_receipt_that_cannot_be_written(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY)")
    pair.on_main("INSERT INTO t VALUES (1)")
    pair.plan(*ALL).expect(0)
    outcome = pair.apply("--receipt", pair.folder / "nowhere" / "receipt.json").expect(programs.USAGE)
    assert "receipt" in outcome.err
    assert pair.standin.value(pair.standin_db, "SELECT count(*) FROM t") == 0


@ways.not_by("fdw", "client", "psql runs no such plan")
def test_what_sequences_gave_is_rolled_back(pair):
    """Rows take the defaults of columns that only the stand-in has, and a new column is filled by its default; neither a dry run nor a failure leaves a trace of it."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'); CREATE SEQUENCE \"S'q\"\"1\"; CREATE SEQUENCE cached CACHE 7; CREATE TABLE n (a int)")
    pair.on_main("INSERT INTO t VALUES (2, 'b'), (3, 'c'); ALTER TABLE n ADD b bigint DEFAULT nextval('\"S''q\"\"1\"') NOT NULL")
    pair.on_standin("CREATE SEQUENCE own; CREATE DOMAIN d AS int DEFAULT nextval('own'); CREATE DOMAIN dd AS d; CREATE SEQUENCE others; ALTER TABLE t ADD a int DEFAULT nextval('cached'), ADD b dd, ADD i int GENERATED ALWAYS AS IDENTITY, ADD c int NOT NULL DEFAULT nextval('others') CHECK (c < 3);"
                    "INSERT INTO n VALUES (1), (2); SELECT nextval('others'), nextval('cached')")
    sequences = "SELECT schemaname, sequencename, last_value FROM pg_sequences"
    for options in (["--schema=*"], ["--schema=*", "--sync-data=false", "--force"]):
        pair.plan(*options).expect(0)
        before = pair.standin.rows(pair.standin_db, sequences)
        for arguments in ((), ("--force-psql",)):
            outcome = programs.apply(pair.file, "--standindsn", pair.standin_dsn, "--dry-run", *arguments)
            assert outcome.code == (programs.CONFLICT if len(options) == 1 else 0), outcome
            assert pair.standin.rows(pair.standin_db, sequences) == before
    pair.on_standin("ALTER TABLE t DROP CONSTRAINT t_c_check")
    pair.plan("--schema=*", "--force").expect(0)
    assert "SHARE ROW EXCLUSIVE on public.own" in programs.apply(pair.file, "--standindsn", pair.standin_dsn, "--dry-run").expect(0).out
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT a, b, i, c FROM t ORDER BY id") == [(1, 1, 1, 1), (8, 2, 2, 3), (9, 3, 3, 4)]
