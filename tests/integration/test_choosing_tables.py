"""--table and --exclude-table: what is chosen is made equal, and nothing else is touched."""

import re

import pytest

from support import judge, programs

BASE = """
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL, m mood DEFAULT 'ok');
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int REFERENCES customers, total numeric);
CREATE TABLE orders_old (id int PRIMARY KEY, total numeric);
CREATE TABLE "Odd ""Name"" .x" (id int PRIMARY KEY, v text);
CREATE TABLE app.orders (id int PRIMARY KEY, v text);
CREATE TABLE app.secret (id int PRIMARY KEY, v text);
CREATE SEQUENCE free_sequence;
CREATE VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY 1;
CREATE MATERIALIZED VIEW of_old AS SELECT sum(total) AS total FROM orders_old;
CREATE TABLE events (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
INSERT INTO customers (name) SELECT 'c' || i FROM generate_series(1, 20) i;
INSERT INTO orders (customer, total) SELECT i, i FROM generate_series(1, 20) i;
INSERT INTO orders_old SELECT i, i FROM generate_series(1, 20) i;
INSERT INTO "Odd ""Name"" .x" SELECT i, 'v' FROM generate_series(1, 20) i;
INSERT INTO app.orders SELECT i, 'v' FROM generate_series(1, 20) i;
INSERT INTO app.secret SELECT i, 'v' FROM generate_series(1, 20) i;
INSERT INTO events SELECT i, date '2026-01-01' + i FROM generate_series(1, 50) i;
REFRESH MATERIALIZED VIEW of_old;
"""

# Every table differs in its rows, every one of them in something of its definition, and so does all else.
MOVED_ON = """
UPDATE customers SET name = 'n' || id WHERE id % 7 = 0;
INSERT INTO customers (name) VALUES ('new');
UPDATE orders SET total = total + 0.5 WHERE id % 5 = 0;
INSERT INTO orders (customer, total) VALUES (3, 3);
DELETE FROM orders_old WHERE id = 4;
UPDATE "Odd ""Name"" .x" SET v = 'w' WHERE id = 4;
UPDATE app.orders SET v = 'w' WHERE id = 4;
UPDATE app.secret SET v = 'w' WHERE id = 4;
DELETE FROM events WHERE id % 10 = 0;
SELECT nextval('free_sequence') FROM generate_series(1, 9);
ALTER TABLE orders ADD note text DEFAULT 'none', ADD CONSTRAINT positive CHECK (total >= 0);
CREATE INDEX by_customer ON orders (customer);
CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE POLICY p ON orders USING (true);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON orders TO PUBLIC;
COMMENT ON COLUMN orders.total IS 'in euros';
ALTER TABLE customers ADD city text;
ALTER TABLE app.orders ADD w int;
ALTER TABLE app.secret ADD w int;
ALTER TABLE orders_old ADD w int;
CREATE VIEW more AS SELECT 1 AS one;
CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TYPE mood ADD VALUE 'great';
REFRESH MATERIALIZED VIEW of_old;
"""
ONLY_THERE = "CREATE TABLE only_there (id int); CREATE TABLE orders_extra (id int); CREATE FUNCTION only_there() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE SEQUENCE only_there_too; ALTER TABLE orders ADD gone int"


def names(document):
    return ["%s.%s" % (t["schema"], t["name"]) for t in document["tables"]]


def touched(document):
    """The tables, or else the objects, that the statements are about."""
    found = set()
    for statement in document["statements"]:
        found.add(re.sub(r"^(?:table|column|sequence|view) ", "", statement["object"]))
    return found


def dump(cluster, db, tables):
    """pg_dump -t of both, as its documentation says: definitions and rows of these tables only."""
    return judge.normalise(programs.subprocess.run(cluster.command("pg_dump", db, "--inserts", *["--table=" + t for t in tables]), check=True, text=True,
                                                   stdout=programs.subprocess.PIPE).stdout)


def assert_same_dump(pair, tables):
    main, standin = dump(pair.main, pair.main_db, tables), dump(pair.standin, pair.standin_db, tables)
    assert main == standin, "only main: %s\nonly the stand-in: %s" % (main - standin, standin - main)


@pytest.fixture
def moved_on(pair):
    pair.both(BASE)
    pair.on_main(MOVED_ON)
    pair.on_standin(ONLY_THERE)
    return pair


@pytest.mark.parametrize("source", ["catalog", "pgdump"])
def test_only_what_is_chosen_changes(moved_on, source):
    pair = moved_on
    others = ["public.customers", "public.orders_old", 'app.secret', "app.orders", "public.only_there", "public.free_sequence", "public.totals"]
    before = dump(pair.standin, pair.standin_db, others)

    pair.plan("--table=orders", '--table="Odd ""Name"" .x"', "--clean-extra", "--schema-source=" + source).expect(0)
    document = pair.show()
    assert names(document) == ['public.Odd "Name" .x', "public.orders"]
    assert document["options"]["tables"] == ["orders", '"Odd ""Name"" .x"'] and document["options"]["excluded_tables"] == []
    assert [s["name"] for s in document["sequences"]] == ["orders_id_seq"] if "sequences" in document else True
    pair.apply("--verify=full").expect(0)
    assert_same_dump(pair, ["public.orders", 'public."Odd ""Name"" .x"'])
    assert dump(pair.standin, pair.standin_db, others) == before
    pair.plan("--table=orders", '--table="Odd ""Name"" .x"', "--clean-extra", "--detailed-exitcode", "--force").expect(0)

    # Now by schema, whatever --schema says, by wild card, with a sequence of its own, and less what is excluded.
    pair.plan("--table=app.*", "--exclude-table=app.s*", "--table=free*", "--clean-extra", "--force", "--schema-source=" + source).expect(0)
    assert names(pair.show()) == ["app.orders"]
    pair.apply().expect(0)
    assert_same_dump(pair, ["app.orders", "public.free_sequence"])
    assert pair.standin.value(pair.standin_db, "SELECT last_value FROM free_sequence") == 9
    others = ["public.customers", "public.orders_old", 'app.secret', "public.only_there", "public.totals"]
    assert dump(pair.standin, pair.standin_db, others).items() <= before.items()

    # --clean-extra drops what matches, and only that.
    pair.plan("--table=orders_*", "--table=of_old", "--clean-extra", "--force").expect(0)
    assert touched(pair.show()) >= {"public.orders_extra"}
    pair.apply().expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT to_regclass('orders_extra') IS NULL AND to_regclass('only_there') IS NOT NULL AND to_regproc('only_there') IS NOT NULL")
    assert_same_dump(pair, ["public.orders_old"])

    # What is excluded stays, with its sequence; all else becomes equal.
    pair.plan("--schema=*", "--exclude-table=customers", "--exclude-table=*.secret", "--clean-extra", "--force", "--schema-source=" + source).expect(0)
    document = pair.show()
    assert "public.customers" not in names(document) and "app.secret" not in names(document)
    pair.apply("--verify=full").expect(0)
    left = judge.differences(pair.main, pair.main_db, pair.standin, pair.standin_db)
    assert left and [line for line in left if not re.search(r"customers|secret", line)] == []


def test_patterns_that_match_nothing(moved_on):
    pair = moved_on
    outcome = pair.plan("--table=orders", "--table=ordes", "--exclude-table=app.nothing", "--exclude-table=only_there").expect(programs.REFUSED)
    assert "--table ordes\n" in outcome.err and "--exclude-table app.nothing" in outcome.err and "only_there" not in outcome.err
    assert not pair.file.exists()
    pair.plan("--table=a.b.c").expect(programs.USAGE)
    pair.plan("--table=").expect(programs.USAGE)
    assert "--table secret" in pair.plan("--table=secret").expect(programs.REFUSED).err  # it is in app, and public is chosen
    pair.plan("--schema=app", "--table=secret").expect(0)
    assert names(pair.show()) == ["app.secret"]
    outcome = pair.plan("--schema=app", "--schema=\"App\"", "--schema=*", "--force").expect(programs.REFUSED)
    assert 'no schema of main or of the stand-in matches\ndetail: --schema "App"\n' in outcome.err


def test_what_chosen_tables_need_and_the_stand_in_lacks_is_named(moved_on):
    pair = moved_on
    pair.on_main("CREATE TABLE parent (id int PRIMARY KEY); CREATE TYPE fresh AS ENUM ('a'); CREATE SCHEMA newer; CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
                 "CREATE TABLE child (id int PRIMARY KEY REFERENCES parent, f fresh); CREATE TRIGGER act BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION act();"
                 "CREATE TABLE newer.t (id int); CREATE VIEW over AS SELECT * FROM parent; CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM ('2026-03-01') TO ('2026-04-01')")
    outcome = pair.plan("--table=child", "--table=newer.t", "--table=over").expect(programs.REFUSED)
    for line in ("public.parent", "type public.fresh", "schema newer", "function public.act()"):
        assert line in outcome.err, str(outcome)
    assert not pair.file.exists()
    # What is chosen by other names is there.
    pair.plan("--table=parent", "--table=over").expect(0)
    pair.apply().expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT to_regclass('over') IS NOT NULL AND to_regclass('child') IS NULL")


def test_what_is_not_chosen_keeps_what_is_from_going(moved_on):
    pair = moved_on
    pair.on_standin("ALTER TABLE orders_extra ADD PRIMARY KEY (id); CREATE TABLE hangs_on (id int REFERENCES orders_extra); CREATE VIEW reads AS SELECT gone FROM orders")
    outcome = pair.plan("--table=orders*", "--clean-extra").expect(programs.REFUSED)
    assert "hangs_on" in outcome.err and "public.reads" in outcome.err
    outcome = pair.plan("--schema=*", "--exclude-table=hangs_on", "--exclude-table=reads", "--clean-extra").expect(programs.REFUSED)
    assert "hangs_on" in outcome.err and "public.reads" in outcome.err
    # A sequence that is left out by its own name would go with its table.
    pair.on_standin("DROP TABLE hangs_on; DROP VIEW reads; CREATE TABLE orders_serial (id serial)")
    assert "orders_serial_id_seq" in pair.plan("--table=orders_s*", "--exclude-table=*_id_seq", "--clean-extra").expect(programs.REFUSED).err


def test_partitions_are_tables_of_their_own(moved_on):
    pair = moved_on
    pair.on_main("CREATE TABLE a_key (a int) PARTITION BY LIST ((coalesce((NULL::events).id, a)))")    # which depends on the table, too
    outcome = pair.plan("--table=events").expect(0)
    assert "public.events has 2 partition(s) that are not chosen, such as public.events_1" in outcome.err
    assert names(pair.show()) == []
    pair.plan("--table=events_2", "--force").expect(0)
    pair.apply().expect(0)
    count = "SELECT (SELECT count(*) FROM events_1), (SELECT count(*) FROM events_2)"
    assert pair.standin.rows(pair.standin_db, count) == [(30, pair.main.rows(pair.main_db, count)[0][1])]
    # A partition that only the stand-in has: emptied where its table is chosen, else left alone.
    pair.on_standin("CREATE TABLE events_9 PARTITION OF events FOR VALUES FROM ('2026-09-01') TO ('2026-10-01'); INSERT INTO events VALUES (1, '2026-09-01')")
    pair.plan("--table=events_*", "--force").expect(0)
    assert names(pair.show()) == ["public.events_1", "public.events_2"]
    outcome = pair.plan("--table=events*", "--force").expect(0)
    assert "not chosen" not in outcome.err
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT * FROM events ORDER BY id") == pair.main.rows(pair.main_db, "SELECT * FROM events ORDER BY id")


def test_apply_looks_at_what_was_chosen_and_no_further(moved_on):
    pair = moved_on
    pair.plan("--table=orders").expect(0)
    pair.on_standin("ALTER TABLE customers ADD elsewhere int; CREATE TABLE another (id int); UPDATE app.orders SET v = 'moved'; DROP MATERIALIZED VIEW of_old; DROP TABLE orders_old")
    pair.apply("--dry-run").expect(0)
    pair.on_standin("ALTER TABLE orders ADD here int")
    outcome = pair.apply().expect(programs.BASE_STATE)
    assert "public.orders.here" in outcome.err and "customers" not in outcome.err
    pair.on_standin("ALTER TABLE orders DROP here; ALTER SEQUENCE orders_id_seq INCREMENT 2")
    assert "orders" in pair.apply().expect(programs.BASE_STATE).err
    pair.on_standin("ALTER SEQUENCE orders_id_seq INCREMENT 1")
    pair.apply("--verify=full").expect(0)
    # Rows that refer to what is not there are refused as ever.
    pair.on_main("INSERT INTO customers (name) VALUES ('x'); INSERT INTO orders (customer) SELECT max(id) FROM customers")
    pair.plan("--table=orders", "--force").expect(0)
    assert "FOREIGN_KEY" in pair.apply().expect(programs.CONFLICT).err
    pair.plan("--table=orders", "--table=customers", "--force").expect(0)
    pair.apply().expect(0)


def test_a_renamed_table_is_chosen_by_both_names(moved_on):
    pair = moved_on
    pair.on_main("ALTER TABLE orders_old RENAME TO orders_past")
    assert "orders_old" in pair.plan("--table=orders_past", "--rename=orders_old=orders_past").expect(programs.REFUSED).err
    pair.plan("--table=orders_past", "--table=orders_old", "--rename=orders_old=orders_past").expect(0)
    assert pair.show()["counts"]["rows"] == {"insert": 0, "update": 0, "delete": 1}
    pair.apply().expect(programs.REFUSED, 0)


def test_what_a_chosen_table_inherits_from_one_that_is_not(moved_on):
    pair = moved_on
    pair.both("CREATE TABLE parent (id int, v text, CHECK (id > 0)); CREATE TABLE child (own int) INHERITS (parent)")
    pair.on_main("ALTER TABLE events ADD w int; ALTER TABLE events ADD CONSTRAINT late CHECK (id < 1000); CREATE INDEX ON events (at); ALTER TABLE parent ADD w int; ALTER TABLE child ADD x int")
    pair.on_standin("ALTER TABLE parent ADD gone int")
    outcome = pair.plan("--table=events_2", "--table=child", "--clean-extra").expect(programs.REFUSED)
    for line in ("column public.events_2.w is to change, which it inherits from table public.events", "constraint public.events_2.late", "index public.events_2_at_idx",
                 "column public.child.w is to change, which it inherits from table public.parent", "column public.child.gone"):
        assert line in outcome.err, str(outcome)
    pair.plan("--table=events*", "--table=child", "--table=parent", "--clean-extra").expect(0)
    pair.apply().expect(0)
    assert_same_dump(pair, ["public.events*", "public.child", "public.parent"])
