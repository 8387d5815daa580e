"""The whole job on the demo database: plan, review, apply, proof; judged by pg_dump and COPY."""

import hashlib
import json
import re
import subprocess

import pytest

from support import judge, plan_file, programs, ways
from support.cluster import Cluster

LAST_LINE = re.compile(r"Plan: \d+ objects? to create, \d+ to alter, \d+ to drop; rows \+\d+ ~\d+ -\d+; \d+ destructive steps?; [\d.]+ \w+ in .+$")
ALL = ("--schema=*", "--clean-extra")


def test_main_moved_on(shop_pair):
    shop_pair.move_on()
    shop_pair.stamp()
    main_before, standin_before = shop_pair.main_state(), shop_pair.standin_state()
    outcome = shop_pair.plan(*ALL).expect(0)
    assert LAST_LINE.match(outcome.last_line), outcome
    assert shop_pair.main_state() == main_before and shop_pair.standin_state() == standin_before
    shop_pair.apply().expect(0)
    shop_pair.assert_equal()
    assert shop_pair.main_state() == main_before


def test_the_whole_job_and_again(shop_pair):
    shop_pair.move_on()
    document = shop_pair.synchronise()
    assert document["counts"]["rows"]["insert"] > 0 and document["counts"]["rows"]["update"] > 0 and document["counts"]["rows"]["delete"] > 0
    assert document["counts"]["objects"]["create"] > 0 and document["counts"]["objects"]["alter"] > 0 and document["counts"]["objects"]["drop"] > 0


def test_and_back(shop_pair):
    """The other direction: the stand-in has moved on, main has stayed."""
    shop_pair.main, shop_pair.standin = shop_pair.standin, shop_pair.main
    shop_pair.main_db, shop_pair.standin_db = shop_pair.standin_db, shop_pair.main_db
    shop_pair.standin.psql(shop_pair.standin_db, file=programs.ROOT / "scripts/demo.d/move-on.sql")
    try:
        shop_pair.synchronise()
    finally:
        shop_pair.main, shop_pair.standin = shop_pair.standin, shop_pair.main
        shop_pair.main_db, shop_pair.standin_db = shop_pair.standin_db, shop_pair.main_db


def test_rows_only_in_many_chunks(shop_pair):
    shop_pair.on_main("""UPDATE stock.movement SET note = 'x' WHERE id % 50 = 3; DELETE FROM web.page_view WHERE id % 90 = 1;
        INSERT INTO stock.movement (warehouse, product, change, at) SELECT 'South', 1, 1, '2030-01-01' FROM generate_series(1, 40)""")
    shop_pair.on_standin("DELETE FROM stock.movement WHERE id BETWEEN 100 AND 150; UPDATE web.click SET x = x + 1 WHERE y = 3")
    document = shop_pair.synchronise("--chunk-size=10", "--workers=3")
    assert document["statements"] == []


def test_into_an_empty_standin(shop, built, main_cluster, databases):
    databases.main.dropdb(databases.main_db)
    databases.main.createdb(databases.main_db, template=shop)
    databases.move_on()
    databases.synchronise()


def test_from_an_empty_main(shop, built, databases):
    databases.standin.dropdb(databases.standin_db)
    databases.standin.createdb(databases.standin_db, template=shop)
    databases.synchronise()


def test_nothing_to_do(shop_pair):
    outcome = shop_pair.plan(*ALL, "--detailed-exitcode").expect(programs.DONE)
    assert LAST_LINE.match(outcome.last_line) and "rows +0 ~0 -0" in outcome.last_line
    shop_pair.apply().expect(0)
    shop_pair.assert_equal()


def test_two_empty_databases(pair):
    pair.plan(*ALL, "--detailed-exitcode").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()


def test_detailed_exitcode_says_that_there_is_something_to_apply(shop_pair):
    shop_pair.on_main("UPDATE public.setting SET value = '5' WHERE name = 'feature.1'")
    shop_pair.plan(*ALL, "--detailed-exitcode").expect(programs.CHANGES)
    shop_pair.plan(*ALL, "--force").expect(0)


def test_a_sequence_alone_is_something_to_apply(shop_pair):
    shop_pair.on_main("SELECT nextval('sales.invoice_number')")
    shop_pair.plan(*ALL, "--detailed-exitcode").expect(programs.CHANGES)
    shop_pair.apply().expect(0)
    shop_pair.assert_equal()


@pytest.mark.parametrize("epoch", ["0", "1700000000"])
def test_the_content_root_is_the_same_for_one_and_four_workers(shop_pair, epoch):
    shop_pair.move_on()
    files = []
    for workers in (1, 4, 4):
        files.append(shop_pair.folder / ("%d.pgplan" % len(files)))
        shop_pair.plan(*ALL, "--workers=%d" % workers, output=files[-1], env={"SOURCE_DATE_EPOCH": epoch}).expect(0)
    manifests = [plan_file.manifest(f) for f in files]
    assert plan_file.contents(files[0]) == plan_file.contents(files[1]) == plan_file.contents(files[2])
    assert manifests[0]["content_root"] == manifests[1]["content_root"] == manifests[2]["content_root"]
    assert len({m["plan_id"] for m in manifests}) == 3


def test_a_hot_standby_may_be_main(shop_pair):
    """Where recovery there takes away rows that the snapshot needs, plan says so and how to help it."""
    with shop_pair.main.standby(conf="max_standby_streaming_delay = 0") as standby:
        shop_pair.move_on()
        standby.wait_for_replay(shop_pair.main)
        outcome = programs.plan("--maindsn", standby.dsn(shop_pair.main_db), "--standindsn", shop_pair.standin_dsn, "-o", shop_pair.file, *ALL)
        outcome.expect(0)
        shop_pair.apply().expect(0)
        # A sequence's state is ahead on a standby, by the values that the primary has logged in advance: it is the standby that counts.
        judge.assert_equal(standby, shop_pair.main_db, shop_pair.standin, shop_pair.standin_db)

        holder = shop_pair.standin.connect(shop_pair.standin_db, autocommit=False)
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE sales.order_item IN ACCESS EXCLUSIVE MODE")
        command = ["--maindsn", standby.dsn(shop_pair.main_db), "--standindsn", shop_pair.standin_dsn, "-o", shop_pair.folder / "none.pgplan", *ALL]
        with programs.Running("pgsyncer-plan", command) as running:
            shop_pair.standin.wait_for_lock_wait(shop_pair.standin_db)
            shop_pair.on_main("CREATE TABLE public.brief AS SELECT generate_series(1, 1000) AS i; DELETE FROM sales.order_item WHERE order_id % 5 = 0; VACUUM sales.order_item")
            standby.wait_for_replay(shop_pair.main)
            holder.close()
            outcome = running.finish()
        outcome.expect(programs.CONNECTION)
        assert "recovery" in outcome.err and "hot_standby_feedback" in outcome.err
        assert not (shop_pair.folder / "none.pgplan").exists()

        # What is unlogged looks empty there: the stand-in's rows must not go because of that.
        shop_pair.both("CREATE UNLOGGED TABLE public.cache (id int PRIMARY KEY); INSERT INTO public.cache VALUES (1); CREATE UNLOGGED SEQUENCE public.lost")
        standby.wait_for_replay(shop_pair.main)
        outcome = programs.plan(*command).expect(programs.CONNECTION)
        for name in ("table public.cache", "sequence public.lost"):
            assert "cannot read %s: it is unlogged, and a standby has nothing of it" % name in outcome.err
        programs.plan(*command, "--exclude-table=public.cache", "--exclude-table=public.lost").expect(0)


def test_stock_tools_open_the_plan(shop_pair):
    shop_pair.move_on()
    shop_pair.plan(*ALL).expect(0)
    manifest = plan_file.manifest(shop_pair.file)
    assert plan_file.names(shop_pair.file) == ["manifest.json", "manifest.sha256"] + [e["name"] for e in manifest["entries"]]
    digest = hashlib.sha256(plan_file.stored(shop_pair.file, "manifest.json")).hexdigest()
    assert plan_file.stored(shop_pair.file, "manifest.sha256").decode() == digest + "  manifest.json\n"
    for entry in manifest["entries"]:
        data, raw = plan_file.stored(shop_pair.file, entry["name"]), plan_file.content(shop_pair.file, entry["name"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["size"], entry["sha256"])
        assert (len(raw), hashlib.sha256(raw).hexdigest()) == (entry["raw_size"], entry["raw_sha256"])
    assert subprocess.run(["tar", "tf", shop_pair.file], stdout=subprocess.PIPE, check=True, text=True).stdout.split("\n")[0] == "manifest.json"


@ways.not_by("fdw", "every table that differs has the strategy fdw")
def test_show_and_verify_need_no_database(shop_pair):
    shop_pair.move_on()
    shop_pair.plan(*ALL).expect(0)
    for program in ("pgsyncer-plan", "pgsyncer-apply"):
        programs.run(program, "verify", shop_pair.file).expect(0)
        text = programs.run(program, "show", shop_pair.file).expect(0).out
        assert "sales.review" in text
        document = json.loads(programs.run(program, "show", "--json", shop_pair.file).expect(0).out)
        assert document["format"]["major"] == 1
        assert re.fullmatch(r"[0-9a-f]{32}", document["plan_id"])
        assert document["created"].endswith("Z") and document["tool"].startswith("pgsyncer-plan ")
        assert document["main"]["dbname"] == shop_pair.main_db and document["standin"]["source"] == "live"
        assert {"system_identifier", "server_version", "snapshot", "lsn"} <= document["main"].keys()
        for statement in document["statements"]:
            assert {"id", "phase", "action", "class", "object", "sql", "risks"} <= statement.keys()
            assert statement["phase"] in ("pre-commit", "pre-data", "post-data")
            assert statement["action"] in ("create", "alter", "drop", "replace")
            assert "CASCADE" not in re.sub(r"ON (DELETE|UPDATE) CASCADE|CASCADED", "", statement["sql"])
        for table in document["tables"]:
            assert {"schema", "name", "key", "strategy", "insert", "update", "delete", "bytes"} <= table.keys()
        tables = {(t["schema"], t["name"]): t for t in document["tables"]}
        assert tables["sales", "order_item"]["key"] == ["order_id", "line"]
        assert tables["web", "click"]["strategy"] in ("multiset", "copy")
        assert sum(t["insert"] for t in document["tables"]) == document["counts"]["rows"]["insert"]
        assert any("destructive" in s["risks"] for s in document["statements"] if s["object"].startswith("web.cart"))


@ways.not_by("fdw", "client", "psql cannot run such a plan")
def test_psql_can_run_the_script_in_place_of_apply(shop_pair):
    shop_pair.move_on()
    shop_pair.plan(*ALL).expect(0)
    script = shop_pair.folder / "plan.sql"
    script.write_text(programs.plan("show", "--sql", shop_pair.file).expect(0).out)
    shop_pair.standin.psql(shop_pair.standin_db, file=script)
    shop_pair.assert_equal()


def test_dry_run_changes_nothing(shop_pair):
    shop_pair.move_on()
    shop_pair.plan(*ALL).expect(0)
    before = shop_pair.standin_state()
    shop_pair.apply("--dry-run").expect(0)
    after = shop_pair.standin_state()
    assert after[1:] == before[1:]      # new enum labels are a declared phase of their own, but not in a dry run
    assert after == before
    shop_pair.apply().expect(0)
    shop_pair.assert_equal()


@pytest.mark.parametrize("scope", ["touched", "full", "none"])
def test_every_scope_of_the_proof(shop_pair, scope):
    shop_pair.move_on()
    shop_pair.plan(*ALL).expect(0)
    shop_pair.apply("--verify=" + scope).expect(0)
    shop_pair.assert_equal()


def test_definitions_without_rows(shop_pair):
    shop_pair.on_main("ALTER TABLE sales.customer ADD vip int DEFAULT 3; UPDATE sales.customer SET vip = 4; DELETE FROM public.setting; CREATE TABLE web.fresh AS SELECT 1 AS id")
    rows = shop_pair.standin.value(shop_pair.standin_db, "SELECT count(*) FROM public.setting")
    shop_pair.plan(*ALL, "--sync-data=false").expect(0)
    shop_pair.apply().expect(0)
    assert judge.schema_differences(shop_pair.main, shop_pair.main_db, shop_pair.standin, shop_pair.standin_db) == []
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT count(*) FROM public.setting") == rows
    assert shop_pair.standin.rows(shop_pair.standin_db, "SELECT DISTINCT vip FROM sales.customer") == [(3,)]
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT count(*) FROM web.fresh") == 0


@pytest.mark.parametrize("option", ["--sync-schema=false", "--no-sync-schema"])
def test_rows_without_definitions(shop_pair, option):
    shop_pair.on_main("CREATE INDEX extra ON public.setting (changed); COMMENT ON TABLE public.setting IS 'x'; UPDATE public.setting SET value = '1' WHERE name < 'feature.2'")
    before = judge.normalise(judge.dump_schema(shop_pair.standin, shop_pair.standin_db))
    shop_pair.plan(*ALL, option).expect(0)
    shop_pair.apply().expect(0)
    assert judge.data_differences(shop_pair.main, shop_pair.main_db, shop_pair.standin, shop_pair.standin_db) == []
    assert judge.normalise(judge.dump_schema(shop_pair.standin, shop_pair.standin_db)) == before


def test_public_alone_is_the_default(shop_pair):
    shop_pair.on_main("UPDATE public.setting SET value = '7' WHERE name = 'feature.1'; UPDATE stock.level SET quantity = quantity + 1; CREATE TABLE web.other ()")
    shop_pair.plan().expect(0)
    assert {t["schema"] for t in shop_pair.show()["tables"]} == {"public"}
    shop_pair.apply().expect(0)
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT value FROM public.setting WHERE name = 'feature.1'") == 7
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT to_regclass('web.other')") is None
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT sum(quantity) FROM stock.level") < shop_pair.main.value(
        shop_pair.main_db, "SELECT sum(quantity) FROM stock.level")


def test_schema_patterns_are_psql_style(shop_pair):
    shop_pair.on_main("UPDATE web.click SET x = 1; UPDATE public.setting SET secret = NULL; UPDATE \"HR & Staff\".\"Employee List\" SET salary = 1")
    shop_pair.plan("--schema=w*", '--schema="HR & Staff"').expect(0)
    assert {t["schema"] for t in shop_pair.show()["tables"]} == {"web", "HR & Staff"}


def test_what_main_lacks_stays_without_clean_extra(shop_pair):
    shop_pair.on_standin("CREATE TABLE public.extra (id int PRIMARY KEY); INSERT INTO public.extra VALUES (1); CREATE VIEW web.extra AS SELECT 1 AS one;"
                         "ALTER TABLE public.setting ADD extra int DEFAULT 5; CREATE INDEX extra_index ON web.click (x); INSERT INTO public.setting VALUES ('extra row', '1')")
    shop_pair.on_main("UPDATE public.setting SET value = '0' WHERE name = 'feature.3'; INSERT INTO public.setting VALUES ('fresh', '2')")
    shop_pair.plan("--schema=*").expect(0)
    shop_pair.apply().expect(0)
    db = shop_pair.standin_db
    assert shop_pair.standin.rows(db, "SELECT * FROM public.extra") == [(1,)]
    assert shop_pair.standin.rows(db, "SELECT * FROM web.extra") == [(1,)]
    assert shop_pair.standin.value(db, "SELECT to_regclass('web.extra_index')::text") == "web.extra_index"
    assert shop_pair.standin.rows(db, "SELECT count(*), min(extra) FROM public.setting") == [(41, 5)]
    columns = "name, value, secret, changed"
    query = "SELECT %s FROM public.setting ORDER BY name" % columns
    assert shop_pair.standin.rows(db, query) == shop_pair.main.rows(shop_pair.main_db, query)


def test_rows_that_main_lacks_can_stay(shop_pair):
    shop_pair.on_standin("INSERT INTO public.setting VALUES ('extra row', '1')")
    shop_pair.on_main("UPDATE public.setting SET value = '0' WHERE name = 'feature.3'")
    shop_pair.plan(*ALL, "--no-delete-rows").expect(0)
    assert shop_pair.show()["counts"]["rows"] == {"insert": 0, "update": 1, "delete": 0}
    shop_pair.apply().expect(0)
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT value FROM public.setting WHERE name = 'extra row'") == 1
    assert shop_pair.standin.value(shop_pair.standin_db, "SELECT value FROM public.setting WHERE name = 'feature.3'") == 0


def test_owners_privileges_and_comments_can_stay(shop_pair):
    shop_pair.on_main("ALTER TABLE public.setting OWNER TO shop_clerk; GRANT SELECT ON public.setting TO shop_reader; COMMENT ON TABLE public.setting IS 'x';"
                      "CREATE TABLE public.fresh (id int PRIMARY KEY); ALTER TABLE public.fresh OWNER TO shop_clerk; COMMENT ON TABLE public.fresh IS 'y'; GRANT ALL ON public.fresh TO shop_reader")
    shop_pair.plan(*ALL, "--no-owner", "--no-privileges", "--no-comments").expect(0)
    shop_pair.apply().expect(0)
    left = judge.schema_differences(shop_pair.main, shop_pair.main_db, shop_pair.standin, shop_pair.standin_db)
    assert left and all(re.search(r"OWNER TO|GRANT|REVOKE|COMMENT ON", line) for line in left), left


def test_the_journal_is_optional_and_knows_the_plan(shop_pair):
    exists = "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgsyncer'"
    shop_pair.on_main("UPDATE public.setting SET value = '0'")
    shop_pair.plan(*ALL).expect(0)
    shop_pair.apply("--no-journal").expect(0)
    assert shop_pair.standin.value(shop_pair.standin_db, exists) == 0
    shop_pair.on_main("UPDATE public.setting SET value = '1'")
    shop_pair.plan(*ALL, "--force").expect(0)
    plan_id = shop_pair.show()["plan_id"]
    shop_pair.apply().expect(0)
    assert shop_pair.standin.value(shop_pair.standin_db, exists) == 1
    assert plan_id in programs.apply("status", "--standindsn", shop_pair.standin_dsn).expect(0).out
    assert plan_id in programs.apply("history", "--standindsn", shop_pair.standin_dsn).expect(0).out
    shop_pair.assert_equal()


def test_an_applied_plan_is_refused_after_another_one(shop_pair):
    shop_pair.on_main("UPDATE public.setting SET value = '0'")
    shop_pair.plan(*ALL).expect(0)
    shop_pair.apply().expect(0)
    shop_pair.on_main("UPDATE public.setting SET value = '1'")
    shop_pair.plan(*ALL, output=shop_pair.folder / "next.pgplan").expect(0)
    shop_pair.apply(file=shop_pair.folder / "next.pgplan").expect(0)
    shop_pair.apply().expect(programs.ALREADY)
    shop_pair.assert_equal()


def test_the_plan_is_one_moment_of_main(shop_pair):
    """Main is written to while the plan reads it: what comes after the snapshot is in no table of the plan, or in all."""
    writer = shop_pair.main.connect(shop_pair.main_db, autocommit=False)
    with writer.cursor() as cursor:
        cursor.execute("LOCK TABLE web.click IN ACCESS EXCLUSIVE MODE")
        with programs.Running("pgsyncer-plan", ["--maindsn", shop_pair.main_dsn, "--standindsn", shop_pair.standin_dsn, "-o", shop_pair.file, *ALL]) as running:
            shop_pair.main.wait_for_lock_wait(shop_pair.main_db)
            cursor.execute("INSERT INTO web.click (x) VALUES (-77); INSERT INTO public.setting VALUES ('late', '1'); INSERT INTO sales.newsletter_queue DEFAULT VALUES")
            writer.commit()
            running.finish().expect(0)
    writer.close()
    shop_pair.apply().expect(0)
    late = [shop_pair.standin.value(shop_pair.standin_db, q) for q in (
        "SELECT count(*) FROM web.click WHERE x = -77", "SELECT count(*) FROM public.setting WHERE name = 'late'", "SELECT count(*) FROM sales.newsletter_queue")]
    assert late in ([0, 0, 0], [1, 1, 1])


def test_receipt_says_what_was_done(shop_pair):
    shop_pair.on_main("UPDATE public.setting SET value = '0' WHERE name < 'feature.2'")
    shop_pair.plan(*ALL).expect(0)
    receipt = shop_pair.folder / "receipt.json"
    shop_pair.apply("--receipt", receipt).expect(0)
    assert json.loads(receipt.read_text())["plan_id"] == shop_pair.show()["plan_id"]


def test_other_locale_and_collation_of_the_standin(built, main_cluster, shop, tmp_path):
    """The two servers sort text differently: ICU as the database's default there, C here."""
    from support.pair import Pair
    with Cluster("icu", initdb=["--locale-provider=icu", "--icu-locale=en-US"]) as other:
        other.copy_roles(main_cluster)
        other.createdb("shop_icu")
        main_cluster.createdb("shop_c", template=shop)
        pair = Pair(main_cluster, other, "shop_c", "shop_icu", tmp_path)
        try:
            pair.plan(*ALL).expect(0)
            pair.apply().expect(0)
            pair.assert_equal()
            pair.move_on()
            pair.plan(*ALL, "--force", "--chunk-size=20").expect(0)
            pair.apply().expect(0)
            pair.assert_equal()
        finally:
            main_cluster.dropdb("shop_c")


def test_without_a_superuser(shop_pair):
    """A reader of main and an owner of the stand-in are enough."""
    shop_pair.main.psql(shop_pair.main_db, "DROP ROLE IF EXISTS plain_reader; CREATE ROLE plain_reader LOGIN; GRANT pg_read_all_data TO plain_reader")
    shop_pair.standin.psql(shop_pair.standin_db, "DROP ROLE IF EXISTS plain_owner; CREATE ROLE plain_owner LOGIN; GRANT shop_clerk, shop_reader TO plain_owner")
    body = """CREATE SCHEMA plain AUTHORIZATION %s; SET ROLE %s; SET search_path = plain;
        CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a, n int UNIQUE, t text);
        CREATE TABLE b (a int REFERENCES a ON DELETE CASCADE, no int GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (a, no));
        CREATE FUNCTION bark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trigger acted a second time'; END $$;
        INSERT INTO a SELECT i, nullif(i / 2, 0), i, 't' || i FROM generate_series(1, 200) i; INSERT INTO b (a) SELECT i FROM generate_series(1, 200) i;
        CREATE TRIGGER bark BEFORE INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION bark();
        RESET ROLE;"""
    shop_pair.main.psql(shop_pair.main_db, "CREATE ROLE plain_owner LOGIN") if not shop_pair.main.rows(
        "postgres", "SELECT FROM pg_roles WHERE rolname = 'plain_owner'") else None
    for cluster, db in ((shop_pair.main, shop_pair.main_db), (shop_pair.standin, shop_pair.standin_db)):
        cluster.psql(db, body % ("plain_owner", "plain_owner"))
        cluster.psql("postgres", "GRANT CREATE ON DATABASE %s TO plain_owner" % db)
    shop_pair.on_main("""SET session_replication_role = replica; SET search_path = plain;
        UPDATE a SET n = CASE n WHEN 3 THEN 4 ELSE 3 END + 100000 WHERE n IN (3, 4); UPDATE a SET n = n - 100000 WHERE n > 100000;
        DELETE FROM b WHERE a > 190; DELETE FROM a WHERE id > 190; INSERT INTO a SELECT i, 1, i, 'new' FROM generate_series(300, 320) i;
        UPDATE a SET t = 'moved' WHERE id % 7 = 0; ALTER TABLE a ADD extra int DEFAULT 7; CREATE TABLE c (id serial PRIMARY KEY); INSERT INTO c DEFAULT VALUES;
        ALTER TABLE c OWNER TO plain_owner""")
    outcome = programs.plan("--maindsn", shop_pair.main.dsn(shop_pair.main_db, user="plain_reader"), "--standindsn",
                            shop_pair.standin.dsn(shop_pair.standin_db, user="plain_owner"), "--schema=plain", "--clean-extra", "-o", shop_pair.file)
    outcome.expect(0)
    shop_pair.apply(dsn=shop_pair.standin.dsn(shop_pair.standin_db, user="plain_owner")).expect(0)
    found = judge.differences(shop_pair.main, shop_pair.main_db, shop_pair.standin, shop_pair.standin_db)
    assert [line for line in found if "plain." in line] == []
