"""--use-updated-at: rows of main that are newer than a time, and the keys of all."""

import pytest

from support import programs

SINCE = "2026-06-01 00:00:00"
WAY = ("--schema=*", "--clean-extra", "--use-updated-at", "--last-sync-time=" + SINCE, "--force")

# Each has id, v, updated_at; of 6,000 rows, the timestamps are from January on, a row an hour, so that some 2,400 are newer than SINCE.
TABLES = {
    "by_number": "id bigint PRIMARY KEY, v text, updated_at timestamptz NOT NULL",
    "by_uuid": "id uuid PRIMARY KEY, v text, updated_at timestamp",
    "by_text": "id text PRIMARY KEY, v text, updated_at timestamptz",
    "by_date": "id int PRIMARY KEY, v text, updated_at date",
    "by_domain": "id int PRIMARY KEY, v text, updated_at moment",
    "unique only": "id int NOT NULL UNIQUE, v text UNIQUE, updated_at timestamptz(0)",
    "two columns": "a int DEFAULT 7, id text, v text, updated_at timestamptz, PRIMARY KEY (a, id)",
}
KEYS = {"by_uuid": "md5((%s)::text)::uuid", "by_text": "'Key ' || %s", "two columns": "'Ä' || %s"}


def key(name, n):
    return KEYS.get(name, "%s") % n


def fill(pair):
    statements = ["CREATE DOMAIN moment AS timestamptz"]
    for name, columns in TABLES.items():
        statements.append('CREATE TABLE "%s" (%s)' % (name, columns))
        statements.append('INSERT INTO "%s" (id, v, updated_at) SELECT %s, \'v\' || i, timestamptz \'2026-01-01 00:00:00+00\' + i * interval \'1 hour\' FROM generate_series(1, 6000) i'
                          % (name, key(name, "i")))
    statements.append("CREATE TABLE parted (id int PRIMARY KEY, v text, updated_at timestamptz) PARTITION BY RANGE (id);"
                      "CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (2500); CREATE TABLE parted_rest PARTITION OF parted DEFAULT")
    statements.append("INSERT INTO parted SELECT i, 'v' || i, '2026-01-01' FROM generate_series(1, 6000) i")
    pair.both(";".join(statements))
    pair.on_main('CREATE INDEX ON by_number (updated_at); CREATE INDEX ON by_uuid (updated_at, v); CREATE INDEX ON by_text USING brin (updated_at)')
    pair.on_standin('CREATE INDEX ON by_number (updated_at); CREATE INDEX ON by_uuid (updated_at, v); CREATE INDEX ON by_text USING brin (updated_at)')


@pytest.fixture
def filled(pair):
    fill(pair)
    return pair


def rows(document, name):
    return next((t["insert"], t["update"], t["delete"]) for t in document["tables"] if t["name"] == name)


@pytest.mark.parametrize("vacuum, workers", [(True, 5), (False, 1)], ids=["index only", "heap"])
def test_every_key_and_type_of_time(filled, vacuum, workers):
    if vacuum:
        filled.main.psql(filled.main_db, "CHECKPOINT; VACUUM ANALYZE")
        filled.standin.psql(filled.standin_db, "CHECKPOINT; VACUUM ANALYZE")
    for name in [*TABLES, "parted"]:
        k = {n: key(name, n) for n in (100, 200, 300, 400, 5000, 5001, 12000)}
        filled.on_main("""
            UPDATE "{t}" SET v = 'newer', updated_at = '2026-10-01' WHERE id = {k[100]};
            UPDATE "{t}" SET v = 'no time', updated_at = NULL WHERE id = {k[200]} AND '{t}' <> 'by_number';
            UPDATE "{t}" SET v = 'also', updated_at = '2026-06-02' WHERE id = {k[5001]};
            DELETE FROM "{t}" WHERE id IN ({k[300]}, {k[5000]});
            INSERT INTO "{t}" (id, v, updated_at) VALUES ({k[12000]}, 'old, but new here', '2026-01-01')""".format(t=name, k=k))
        filled.on_standin('DELETE FROM "%s" WHERE id = %s' % (name, k[400]))
    outcome = filled.plan(*WAY, "--workers=%d" % workers).expect(0)
    document = filled.show()
    for name in TABLES:
        assert next(t for t in document["tables"] if t["name"] == name)["strategy"] in ("updated-at", "fdw")
        assert rows(document, name) == (2, 2 + (name != "by_number"), 2), name
    assert SINCE in outcome.err
    filled.apply("--verify=full").expect(0)
    filled.assert_equal()
    filled.plan(*WAY, "--detailed-exitcode").expect(0)


def test_a_change_without_a_new_time_is_not_seen_and_full_proof_finds_it(filled):
    filled.on_main("UPDATE by_number SET v = 'silent' WHERE id = 50; UPDATE by_number SET v = 'newer', updated_at = '2026-10-01' WHERE id = 51; UPDATE by_text SET v = 'silent' WHERE id = 'Key 7'")
    filled.plan(*WAY).expect(0)
    assert rows(filled.show(), "by_number") == (0, 1, 0)
    before = filled.standin_state()
    outcome = filled.apply("--verify=full").expect(programs.VERIFICATION)
    assert "by_number" in outcome.err and "by_text" in outcome.err and "--use-updated-at" in outcome.err
    assert filled.standin_state() == before

    filled.apply().expect(0)
    assert filled.standin.value(filled.standin_db, "SELECT string_agg(v, ' ' ORDER BY id) FROM by_number WHERE id IN (50, 51)") == "v50 newer"
    filled.plan("--schema=*", "--clean-extra", "--force").expect(0)
    filled.apply().expect(0)
    filled.assert_equal()


def test_the_standin_changed_since(filled):
    filled.on_main("UPDATE by_number SET v = 'newer', updated_at = '2026-10-01' WHERE id = 51")
    filled.plan(*WAY).expect(0)
    filled.on_standin("UPDATE by_number SET v = 'somebody' WHERE id = 51")
    before = filled.standin_state()
    filled.apply().expect(programs.BASE_STATE, programs.CONFLICT)
    assert filled.standin_state() == before


def test_only_newer_rows_are_read(pair):
    pair.both("CREATE TABLE big (id int PRIMARY KEY, v text, updated_at timestamptz NOT NULL); CREATE INDEX ON big (updated_at);"
                "INSERT INTO big SELECT i, repeat('x', 100), '2026-01-01' FROM generate_series(1, 40000) i")
    pair.on_main("UPDATE big SET v = 'newer', updated_at = '2026-10-01' WHERE id % 10000 = 7")
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        cluster.psql(db, "CHECKPOINT; VACUUM ANALYZE big; SELECT pg_stat_reset()")  # what is not flushed is not all visible
    pair.plan(*WAY, "--no-full-fingerprints").expect(0)
    assert rows(pair.show(), "big") == (0, 4, 0)
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        read = int(cluster.value(db, "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'big'"))
        assert read < 4000, read  # a slice's worth for each
    pair.apply("--verify=full").expect(programs.REFUSED)
    pair.apply().expect(0)
    pair.assert_equal()


def test_tables_that_cannot_be_compared_so(pair):
    pair.both("CREATE TABLE plain (id int PRIMARY KEY, v text); INSERT INTO plain VALUES (1, 'a'), (2, 'b');"
              "CREATE TABLE numbered (id int PRIMARY KEY, v text, updated_at int); INSERT INTO numbered VALUES (1, 'a', 5);"
              "CREATE TABLE keyless (v text, updated_at timestamptz); INSERT INTO keyless VALUES ('a', '2020-01-01'), ('b', NULL);"
              "CREATE TABLE widened (id int PRIMARY KEY, updated_at timestamptz); INSERT INTO widened VALUES (1, '2020-01-01');"
              "CREATE TABLE fresh (id int PRIMARY KEY, updated_at timestamptz);"
              "CREATE TABLE indexed (id int PRIMARY KEY, v text, updated_at timestamptz); CREATE INDEX ON indexed (updated_at); INSERT INTO indexed VALUES (1, 'a', now());"
              'CREATE TABLE "With ""Quotes" (id int PRIMARY KEY, updated_at timestamptz); INSERT INTO "With ""Quotes" VALUES (1, now())')
    pair.on_main("UPDATE plain SET v = 'c' WHERE id = 2; UPDATE numbered SET v = 'c'; UPDATE keyless SET v = 'c' WHERE v = 'a'; ALTER TABLE widened ADD w int; UPDATE widened SET w = 5;"
                 "INSERT INTO fresh VALUES (1, '2020-01-01')")
    outcome = pair.plan(*WAY).expect(0)
    for said in ("public.plain: no column updated_at", "public.numbered: column updated_at is of type integer", "public.keyless: no key", "public.widened: the plan changes its columns",
                 'CREATE INDEX ON public."With ""Quotes" (updated_at);'):
        assert said in outcome.err and any(said in w for w in pair.show()["warnings"]), said
    assert "ON public.indexed" not in outcome.err and "fresh" not in outcome.err
    pair.apply("--verify=full").expect(0)
    pair.assert_equal()


def test_another_column(pair):
    pair.both('CREATE TABLE t (id int PRIMARY KEY, v text, "Changed At" timestamptz); INSERT INTO t SELECT i, \'v\', \'2026-01-01\' FROM generate_series(1, 100) i')
    pair.on_main("UPDATE t SET v = 'silent' WHERE id = 1; UPDATE t SET v = 'newer', \"Changed At\" = '2026-10-01' WHERE id = 2")
    pair.plan(*WAY, "--updated-at-column=Changed At").expect(0)
    assert rows(pair.show(), "t") == (0, 1, 0)
    assert pair.show()["options"]["updated_at_column"] == "Changed At"
    # Under other names, that of the column of times too.
    pair.on_main("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME v TO w; ALTER TABLE u RENAME \"Changed At\" TO updated_at; UPDATE u SET w = 'v' WHERE id = 1; UPDATE u SET id = 200 WHERE id = 3")
    renames = ["--rename=" + name for name in ("t=u", "t.v=u.w", 't."Changed At"=u.updated_at')]
    pair.plan(*WAY, *renames).expect(0)
    assert rows(pair.show(), "u") == (1, 1, 1)
    pair.apply("--verify=full").expect(0)
    pair.assert_equal()


def test_time_is_taken_in_the_time_zone_of_mains_session(pair):
    pair.both("CREATE TABLE zoned (id int PRIMARY KEY, v text, updated_at timestamptz); CREATE TABLE local (id int PRIMARY KEY, v text, updated_at timestamp);"
              "INSERT INTO zoned SELECT i, 'v', '2020-01-01' FROM generate_series(1, 4) i; INSERT INTO local SELECT i, 'v', '2020-01-01' FROM generate_series(1, 4) i")
    pair.on_main("ALTER DATABASE \"%s\" SET timezone = 'America/New_York'" % pair.main_db)
    # Midnight in New York is 4 o'clock UTC in June.
    pair.on_main("UPDATE zoned SET v = 'changed', updated_at = '2026-06-01 03:59:59+00' WHERE id = 1; UPDATE zoned SET v = 'changed', updated_at = '2026-06-01 04:00:00+00' WHERE id = 2;"
                 "UPDATE local SET v = 'changed', updated_at = '2026-05-31 23:59:59' WHERE id = 1; UPDATE local SET v = 'changed', updated_at = '2026-06-01 00:00:00' WHERE id = 2")
    outcome = pair.plan(*WAY).expect(0)
    assert "2026-06-01 00:00:00-04 (America/New_York)" in outcome.err
    document = pair.show()
    assert document["options"]["last_sync_time"] == "2026-06-01 00:00:00-04" and document["options"]["time_zone"] == "America/New_York"
    assert rows(document, "zoned") == (0, 1, 0) and rows(document, "local") == (0, 1, 0)
    assert "2026-06-01 00:00:00-04 (America/New_York)" in programs.plan("show", pair.file).expect(0).out
    pair.plan("--schema=*", "--use-updated-at", "--last-sync-time=2026-06-01 03:00:00+00", "--force").expect(0)
    assert rows(pair.show(), "zoned") == (0, 2, 0)
    assert pair.show()["options"]["last_sync_time"] == "2026-05-31 23:00:00-04"


def test_rows_that_main_lacks_can_stay(filled):
    filled.on_main("UPDATE by_number SET v = 'newer', updated_at = '2026-10-01' WHERE id = 10")
    filled.on_standin("INSERT INTO by_number VALUES (-5, 'kept', '2020-01-01'), (11, 'kept too', '2020-01-01') ON CONFLICT DO NOTHING")
    filled.plan(*WAY, "--no-delete-rows").expect(0)
    assert rows(filled.show(), "by_number") == (0, 1, 0)
    filled.apply("--verify=full").expect(programs.REFUSED)
    filled.apply().expect(0)
    assert filled.standin.value(filled.standin_db, "SELECT string_agg(v, ' ' ORDER BY id) FROM by_number WHERE id IN (-5, 10)") == "kept newer"


def test_without_a_time_all_rows_are_compared(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text, updated_at timestamptz); INSERT INTO t SELECT i, 'v', '2026-01-01' FROM generate_series(1, 100) i")
    pair.on_main("UPDATE t SET v = 'changed' WHERE id = 5")
    assert "all rows are compared" in pair.plan("--use-updated-at").expect(0).err
    assert rows(pair.show(), "t") == (0, 1, 0)


@pytest.mark.parametrize("options, said", [
    (("--use-updated-at", "--last-sync-time=yesterdayish"), "yesterdayish"),
    (("--use-updated-at", "--last-sync-time=2026-13-01"), "2026-13-01"),
    (("--last-sync-time=2026-01-01",), "--use-updated-at"),
    (("--updated-at-column=x",), "--use-updated-at"),
    (("--no-full-fingerprints",), "--use-updated-at"),
    (("--use-updated-at", "--last-sync-time=2026-01-01", "--no-sync-data"), "--no-sync-data"),
])
def test_wrong_use(pair, options, said):
    outcome = pair.plan(*options).expect(programs.USAGE)
    assert said in outcome.err and not pair.file.exists()
