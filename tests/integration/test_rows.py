"""Rows of every kind: any key or none, any type, any name, exactly."""

import pytest

from support import judge, plan_file, programs, ways

BIG = ("--chunk-size=20",)

@pytest.mark.parametrize("rows", [0, 1, 19, 20, 21, 40, 41])
def test_chunk_borders(pair, rows):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v int)")
    pair.on_main("INSERT INTO t SELECT i, i FROM generate_series(1, %d) i" % rows)
    pair.on_standin("INSERT INTO t SELECT i, -i FROM generate_series(%d, %d) i" % (rows, rows + 25))
    pair.synchronise(*BIG)


def test_rows_outside_of_mains_keys(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'x' FROM generate_series(1, 100) i")
    pair.on_standin("INSERT INTO t SELECT i, 'below' FROM generate_series(-500, 0) i; INSERT INTO t SELECT i, 'above' FROM generate_series(101, 700) i")
    # Large, in order and even: slices are found by a shift.
    pair.both("CREATE TABLE u (id bigint PRIMARY KEY, v text); INSERT INTO u SELECT i, repeat('x', 50) FROM generate_series(-6000, 6000) i")
    pair.on_standin("INSERT INTO u VALUES (-9223372036854775808, 'least'), (9223372036854775807, 'greatest'); UPDATE u SET v = 'y' WHERE id IN (-6000, -1, 0, 6000)")
    document = pair.synchronise(*BIG)
    assert document["counts"]["rows"] == {"insert": 0, "update": 4, "delete": 1103}


def test_whole_numbers_of_large_tables(pair):
    """Where some pairs of blocks show even numbers in order, nothing else is asked; the others are sampled. A row fills its block here."""
    keys = {"even": "i * 3", "crowded": "i + i / 100 * 1000000000", "shuffled": "i * 7919 % 4300", "one_far_away": "CASE i WHEN 4300 THEN 9000000000000000000 ELSE i - 2000 END"}
    for name, key in keys.items():
        pair.both("CREATE TABLE %s (id bigint PRIMARY KEY, v text) WITH (fillfactor = 10, autovacuum_enabled = false);"
                  "INSERT INTO %s SELECT %s, repeat('x', 450) FROM generate_series(1, 4300::int8) i" % (name, name, key))
        pair.on_main("UPDATE %s SET v = 'main' WHERE id IN (SELECT id FROM %s ORDER BY id OFFSET 1000 LIMIT 3)" % (name, name))
        pair.on_standin("INSERT INTO %s SELECT (SELECT max(id) FROM %s) + i, 'beyond' FROM generate_series(1, 200) i; DELETE FROM %s WHERE id IN (SELECT min(id) FROM %s)" % ((name,) * 4))
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 4, "update": 12, "delete": 800}
    slices = {table["name"]: table["chunking"]["slices"] for table in plan_file.manifest(pair.file)["tables"]}
    assert all(slices["even"] > slices[other] for other in keys if other != "even"), slices


def test_values_swapped_between_columns_and_rows(pair):
    """What a sum of weak hashes does not see: two rows swap a value, two columns swap theirs."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, d text); INSERT INTO t SELECT i, i, i + 1, 'x' || i, 'y' || i FROM generate_series(1, 300) i")
    pair.on_main("UPDATE t SET a = CASE id WHEN 10 THEN 11 ELSE 10 END WHERE id IN (10, 11); UPDATE t SET a = b, b = a WHERE id = 50;"
                 "UPDATE t SET c = d, d = c WHERE id = 60; UPDATE t SET c = CASE id WHEN 70 THEN 'x200' ELSE 'x70' END WHERE id IN (70, 200)")
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 0, "update": 6, "delete": 0}


def test_null_and_neighbours(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, a text, b text)")
    pair.on_main("INSERT INTO t VALUES (1, NULL, ''), (2, '', NULL), (3, 'a', 'b|'), (4, NULL, NULL), (5, 'NULL', '\\N'), (6, 'ab', ''), (7, E'a\\tb', 'c')")
    pair.on_standin("INSERT INTO t VALUES (1, '', NULL), (2, NULL, ''), (3, 'a|', 'b'), (4, '', ''), (5, NULL, NULL), (6, 'a', 'b'), (7, 'a', E'b\\tc')")
    # Main's column has no NULL, the stand-in's some.
    pair.on_main("CREATE TABLE u (id bigint PRIMARY KEY, a int NOT NULL, b int NOT NULL); INSERT INTO u VALUES (1, 0, 0), (2, 5, 6), (3, 7, 7), (4294967296, 8, 9)")
    pair.on_standin("CREATE TABLE u (id bigint PRIMARY KEY, a int, b int); INSERT INTO u VALUES (1, NULL, 0), (2, 6, 5), (3, 7, NULL), (4294967296, NULL, NULL)")
    assert pair.synchronise()["counts"]["rows"]["update"] == 11


def test_tables_without_a_key_are_multisets(pair):
    pair.both("""CREATE TABLE log (at timestamptz, what text, n float8); CREATE TABLE one (x json); CREATE TABLE nothing ();
        CREATE TABLE u (a int, b text, UNIQUE (a)); CREATE TABLE v (a int NOT NULL, b text, UNIQUE (a));
        INSERT INTO u VALUES (NULL, 'x'), (NULL, 'x'), (1, 'y'); INSERT INTO v SELECT i, 'v' FROM generate_series(1, 50) i""")
    pair.on_main("INSERT INTO log SELECT '2026-01-01', 'w' || i % 7, i % 3 FROM generate_series(1, 500) i; INSERT INTO one SELECT '{}' FROM generate_series(1, 5);"
                 "INSERT INTO nothing SELECT FROM generate_series(1, 7); UPDATE v SET b = 'main' WHERE a = 30; INSERT INTO u VALUES (NULL, 'x')")
    pair.on_standin("INSERT INTO log SELECT '2026-01-01', 'w' || i % 5, i % 4 FROM generate_series(1, 400) i; INSERT INTO one SELECT '{}' FROM generate_series(1, 8);"
                    "INSERT INTO one VALUES ('{ }'); INSERT INTO nothing SELECT FROM generate_series(1, 3); DELETE FROM v WHERE a < 5; UPDATE u SET b = 'z' WHERE a = 1")
    pair.synchronise()


@ways.not_by("fdw", "the plan has no rows")
def test_rows_without_a_key_in_the_order_of_the_table(pair):
    """More than are found at a time, by hash: they come as they lie, so that what is alike nearby is compressed together."""
    pair.both("CREATE TABLE t (a int, b text); INSERT INTO t SELECT i, 'x' FROM generate_series(1, 210000) i")
    pair.on_main("UPDATE t SET b = 'y'; INSERT INTO t SELECT a, b FROM t WHERE a < 10")
    pair.plan().expect(0)
    for kind, side, database in (("insert", pair.main, pair.main_db), ("delete", pair.standin, pair.standin_db)):
        found = b"".join(content for name, content in plan_file.contents(pair.file).items() if name.startswith("rows/") and "/%s" % kind in name)
        assert found.decode() == side.psql(database, "COPY (SELECT t.* FROM t JOIN (SELECT a, b, min(ctid) AS first FROM t GROUP BY a, b) f USING (a, b) ORDER BY first) TO STDOUT") + "\n"
    pair.apply().expect(0)
    assert judge.data_differences(pair.main, pair.main_db, pair.standin, pair.standin_db) == []


def test_fewer_empty_rows(pair):
    pair.both("CREATE TABLE nothing (); CREATE TABLE nulls (a int, b text)")
    pair.on_main("INSERT INTO nothing SELECT FROM generate_series(1, 2); INSERT INTO nulls SELECT FROM generate_series(1, 3)")
    pair.on_standin("INSERT INTO nothing SELECT FROM generate_series(1, 6); INSERT INTO nulls SELECT FROM generate_series(1, 5)")
    pair.synchronise()


def test_unique_values_move_between_rows(pair):
    pair.both("""CREATE TABLE t (id int PRIMARY KEY, u int UNIQUE, w text UNIQUE, x int, y int, UNIQUE (x, y));
        INSERT INTO t SELECT i, i, 'w' || i, i, -i FROM generate_series(1, 100) i; CREATE UNIQUE INDEX ON t (lower(w)) WHERE id > 5;
        CREATE TABLE ring (id int PRIMARY KEY, u int NOT NULL UNIQUE DEFERRABLE INITIALLY IMMEDIATE); INSERT INTO ring SELECT i, i FROM generate_series(1, 50) i;
        CREATE EXTENSION btree_gist; CREATE TABLE slot (id int PRIMARY KEY, room int, during int4range, EXCLUDE USING gist (room WITH =, during WITH &&));
        INSERT INTO slot SELECT i, i % 5, int4range(i * 10, i * 10 + 5) FROM generate_series(1, 50) i""")
    pair.on_main("""UPDATE t SET u = -u, w = '-' || w, x = x + 1000; UPDATE t SET u = 101 + u, w = 'w' || (101 + u), x = id % 100 + 1, y = -(id % 100 + 1);
        UPDATE ring SET u = u % 50 + 1; UPDATE slot SET room = room + 100; UPDATE slot SET room = (room - 99) % 5;
        DELETE FROM t WHERE id = 50; INSERT INTO t VALUES (500, 51, 'w51', -1, -1) ON CONFLICT DO NOTHING""")
    pair.synchronise()


def test_the_key_itself_moves(pair):
    """Rows trade places: in keys, in a key and a unique value at once, all keys by one."""
    pair.both("CREATE TABLE t (id int PRIMARY KEY, u text UNIQUE); INSERT INTO t SELECT i, 'u' || i FROM generate_series(1, 60) i;"
              "CREATE TABLE s (id int PRIMARY KEY, v text); INSERT INTO s SELECT i, 'v' || i FROM generate_series(1, 60) i")
    pair.on_main("UPDATE t SET id = id + 1000; UPDATE t SET id = 1061 - id; UPDATE s SET id = id + 1000; UPDATE s SET id = id - 999")
    pair.synchronise(*BIG)


def test_foreign_keys_cycles_and_self_references(pair):
    pair.both("""CREATE TABLE a (id int PRIMARY KEY, b int, boss int REFERENCES a); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b ON DELETE SET NULL; INSERT INTO a SELECT i, NULL, nullif(i / 2, 0) FROM generate_series(1, 50) i;
        INSERT INTO b SELECT i, i FROM generate_series(1, 50) i; UPDATE a SET b = 51 - id;
        CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE, v text); INSERT INTO c SELECT i, i, 'c' FROM generate_series(1, 50) i""")
    pair.on_main("""UPDATE a SET b = NULL, boss = NULL; DELETE FROM b WHERE id > 25; DELETE FROM c WHERE id % 2 = 0; DELETE FROM a WHERE id > 40 AND id NOT IN (SELECT a FROM c);
        INSERT INTO a VALUES (100, NULL, 5), (101, NULL, 100); INSERT INTO b VALUES (100, 101); UPDATE a SET b = 100 WHERE id < 10; UPDATE c SET a = 100 WHERE id = 7""")
    pair.on_standin("DELETE FROM a WHERE id = 3 AND NOT EXISTS (SELECT FROM a x WHERE x.boss = 3); UPDATE c SET v = 'there' WHERE id < 20; INSERT INTO c VALUES (777, 1, 'extra')")
    pair.synchronise()


def test_triggers_do_not_act_a_second_time(pair):
    pair.both("""CREATE TABLE t (id int PRIMARY KEY, v text, touched int DEFAULT 0); CREATE TABLE audit (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text);
        CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (what) VALUES (TG_OP || coalesce(NEW.id, OLD.id)); RETURN coalesce(NEW, OLD); END $$;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END $$;
        INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i;
        CREATE TRIGGER act AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION act();
        CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER every AFTER DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION act(); ALTER TABLE t DISABLE TRIGGER every""")
    pair.on_main("UPDATE t SET v = 'w' WHERE id < 20; DELETE FROM t WHERE id > 90; INSERT INTO t SELECT i, 'new' FROM generate_series(200, 220) i")
    pair.synchronise()


@pytest.mark.parametrize("mode", ["ALWAYS", "REPLICA"])
def test_triggers_that_fire_in_a_replica_too(pair, mode):
    """They must be kept silent, or the proof must see what they did: never a wrong row."""
    pair.both("""CREATE TABLE t (id int PRIMARY KEY, v text, touched int DEFAULT 0); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20) i;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE t ENABLE %s TRIGGER touch""" % mode)
    pair.on_main("UPDATE t SET v = 'w' WHERE id < 5; INSERT INTO t VALUES (100, 'new')")
    pair.synchronise()


def test_identity_generated_and_dropped_columns(pair):
    table = """CREATE TABLE t (gone1 int, id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, gone2 text, g int GENERATED ALWAYS AS (a * 2) STORED,
        n int GENERATED BY DEFAULT AS IDENTITY (START WITH 100), s serial, v text); ALTER TABLE t DROP COLUMN gone1, DROP COLUMN gone2;"""
    pair.on_main(table + "INSERT INTO t (a, v) SELECT i, 'v' || i FROM generate_series(1, 100) i; DELETE FROM t WHERE id % 9 = 0")
    pair.on_standin("CREATE TABLE t (v text, s int, a int, id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int GENERATED BY DEFAULT AS IDENTITY (START WITH 100),"
                    " g int GENERATED ALWAYS AS (a * 2) STORED, x int); ALTER TABLE t DROP COLUMN x; INSERT INTO t (a, v, s) SELECT i % 50, 'v' || i, i FROM generate_series(1, 80) i")
    pair.synchronise()


def test_rows_that_the_ddl_alone_makes_right_are_not_sent(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, n smallint, w varchar(10), gone text); INSERT INTO t SELECT i, i % 100, 'w' || i, 'x' FROM generate_series(1, 500) i")
    pair.on_main("ALTER TABLE t ADD added int DEFAULT 42, ADD empty text, ALTER n TYPE bigint, ALTER w TYPE text, DROP gone; UPDATE t SET added = 43 WHERE id = 9")
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 0, "update": 1, "delete": 0}


def test_partitions_on_both_sides(pair):
    pair.both("""CREATE TABLE p (id int, k text, v text, PRIMARY KEY (k, id)) PARTITION BY LIST (k); CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
        CREATE TABLE p_b PARTITION OF p FOR VALUES IN ('b') PARTITION BY RANGE (id); CREATE TABLE p_b_low PARTITION OF p_b FOR VALUES FROM (MINVALUE) TO (50);
        CREATE TABLE p_b_high PARTITION OF p_b FOR VALUES FROM (50) TO (MAXVALUE); CREATE TABLE p_rest PARTITION OF p DEFAULT;
        INSERT INTO p SELECT i, chr(97 + i % 4), 'v' FROM generate_series(1, 200) i""")
    pair.on_main("UPDATE p SET k = 'a' WHERE id % 7 = 1; UPDATE p SET id = id + 1000 WHERE id % 11 = 0; DELETE FROM p WHERE id % 13 = 2")
    pair.on_standin("UPDATE p SET v = 'w' WHERE k = 'c'; DELETE FROM p_b_high")
    pair.synchronise(*BIG)


def test_other_partitions_there(pair):
    pair.both("CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)")
    pair.on_main("CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (100); CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (100) TO (200);"
                 "INSERT INTO p SELECT i, 'v' FROM generate_series(0, 199) i")
    pair.on_standin("CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (50); CREATE TABLE p_3 PARTITION OF p FOR VALUES FROM (50) TO (200);"
                    "INSERT INTO p SELECT i, CASE WHEN i % 5 = 0 THEN 'x' ELSE 'v' END FROM generate_series(0, 150) i")
    pair.synchronise()


def test_inheritance_counts_each_table_once(pair):
    pair.both("CREATE TABLE a (id int PRIMARY KEY, v text); CREATE TABLE b (extra int, PRIMARY KEY (id)) INHERITS (a); INSERT INTO a VALUES (1, 'a'); INSERT INTO b VALUES (1, 'b', 2), (2, 'b', 3)")
    pair.on_main("UPDATE ONLY a SET v = 'main'; INSERT INTO b VALUES (3, 'c', 4); DELETE FROM b WHERE id = 2")
    pair.synchronise()


def test_names_with_everything_in_them(pair):
    names = ['with space', 'quo"te', "apo'strophe", "semi;colon", "new\nline", "dot.dot", "../../etc/passwd", "slash/name", "%s %d {0} $1", "Ünïcödé 李 🙂", "x" * 63, "UPPER", "select",
             "back\\slash", "\x1b[31mred", "-dash", "colon:name", "tab\tname"]
    ident = judge.quote_ident
    for number, name in enumerate(names):
        for side in (pair.on_main, pair.on_standin):
            side("CREATE TABLE %s (%s int PRIMARY KEY, %s text UNIQUE, CHECK (%s <> 'never'))" % (ident(name), ident("k " + name[:50]), ident(name[:60]), ident(name[:60])))
        pair.on_main("INSERT INTO %s SELECT i, 'main ' || i FROM generate_series(1, 30) i" % ident(name))
        pair.on_standin("INSERT INTO %s SELECT i, 'main ' || i FROM generate_series(%d, 40) i" % (ident(name), 2 + number % 5))
        pair.on_main("ALTER TABLE %s ADD %s int DEFAULT 3; COMMENT ON TABLE %s IS %s" % (ident(name), ident("new " + name[:50]), ident(name), "E'c\\nd'"))
    pair.on_main('CREATE SCHEMA "Sch ""x"" /.."; CREATE TABLE "Sch ""x"" /.."."T ""y""" ("A b" int PRIMARY KEY, "c;d" text); INSERT INTO "Sch ""x"" /.."."T ""y""" VALUES (1, \'x\')')
    pair.synchronise(*BIG)


def test_wide_and_large(pair):
    columns = ", ".join("c%d int" % i for i in range(1, 1000))
    pair.both("CREATE TABLE wide (id int PRIMARY KEY, %s); INSERT INTO wide (id, c1, c999) SELECT i, i, i FROM generate_series(1, 50) i;"
              "CREATE TABLE large (id int PRIMARY KEY, t text, b bytea)" % columns)
    pair.on_main("UPDATE wide SET c500 = 1 WHERE id = 7; INSERT INTO large SELECT i, repeat('ab\\n' || i, 600000), decode(repeat('00ff5c', 500000), 'hex') FROM generate_series(1, 3) i")
    pair.on_standin("INSERT INTO large VALUES (1, repeat('x', 2000000), ''), (9, 'gone', NULL)")
    pair.synchronise()


def test_sequences_of_every_state(pair):
    pair.both("CREATE SEQUENCE never; CREATE SEQUENCE same; SELECT nextval('same'); CREATE SEQUENCE ahead; CREATE SEQUENCE behind; CREATE SEQUENCE down INCREMENT -1; CREATE TABLE t (id serial PRIMARY KEY)")
    pair.on_main("SELECT setval('ahead', 50); SELECT setval('behind', 5, false); SELECT nextval('down'), nextval('down'); INSERT INTO t DEFAULT VALUES; CREATE SEQUENCE fresh; SELECT setval('fresh', 9)")
    pair.on_standin("SELECT nextval('behind') FROM generate_series(1, 70); SELECT nextval('never'); SELECT nextval('t_id_seq') FROM generate_series(1, 9)")
    pair.synchronise()


def test_tables_that_are_new_or_gone(pair):
    pair.on_main("CREATE TABLE fresh (id int PRIMARY KEY, v text); INSERT INTO fresh SELECT i, 'v' || i FROM generate_series(1, 5000) i; CREATE TABLE fresh_empty (id int); CREATE UNLOGGED TABLE u AS SELECT 1 AS x;"
                 "CREATE TABLE empty_there (id int PRIMARY KEY); INSERT INTO empty_there SELECT generate_series(1, 3000); CREATE TABLE empty_here (id int PRIMARY KEY)")
    pair.on_standin("CREATE TABLE gone (id int PRIMARY KEY); INSERT INTO gone VALUES (1); CREATE TABLE empty_there (id int PRIMARY KEY); CREATE TABLE empty_here (id int PRIMARY KEY);"
                    "INSERT INTO empty_here SELECT generate_series(1, 3000)")
    document = pair.synchronise("--chunk-size=500")
    strategies = {t["name"]: t["strategy"] for t in document["tables"]}
    assert strategies["fresh"] == strategies["empty_there"] and strategies["fresh"] in ("copy", "fdw")


def test_references_to_objects_are_kept_by_name(pair):
    """regclass and its kin hold oids, which differ between databases."""
    pair.on_standin("CREATE TABLE shifts_oids (); CREATE FUNCTION shifts() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    pair.both("CREATE TABLE r (id int PRIMARY KEY, c regclass, p regprocedure, t regtype); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE e AS ENUM ('x')")
    pair.both("INSERT INTO r VALUES (1, 'r', 'f(int)', 'e'), (2, 'r_pkey', NULL, NULL)")
    pair.on_main("INSERT INTO r VALUES (3, 'r', 'f(int)', 'e[]')")
    document = pair.synchronise()
    assert document["counts"]["rows"] == {"insert": 1, "update": 0, "delete": 0}


def test_row_security_hides_nothing(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 30) i")
    pair.both("ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    pair.on_main("UPDATE t SET v = 'w' WHERE id = 3")
    pair.synchronise()


NAMES_IN_USE = [*"abcdefghijklmnopqrstuvwxyz", "row", "kind", "image", "copies", "change", "total", "slice", "place", "copy", "block", "old", "new", "key", "chunk", "value", "rows",
                "sum", "count", "fingerprint", "ctid_", "pgsyncer_delete", "pgsyncer_rows", "pgsyncer_sum", "bounds", "lines", "excluded", "tableoid_", "sql", "hash"]


@pytest.mark.parametrize("changed", ["smallint", "bigint"])
@pytest.mark.parametrize("keyed", [True, False])
def test_columns_named_as_what_the_tool_may_use_itself(pair, keyed, changed):
    def columns(type):
        return ", ".join('"%s" %s' % (name, type if number % 2 else "text") for number, name in enumerate(NAMES_IN_USE))
    key = 'PRIMARY KEY ("%s", "%s")' % tuple(NAMES_IN_USE[19:21]) if keyed else "CHECK (true)"
    values = ", ".join("(i + %d) %%%% 100" % number if number % 2 else "'x' || i + %d" % number for number in range(len(NAMES_IN_USE)))
    for side, type in ((pair.on_main, "bigint"), (pair.on_standin, changed)):
        for table in ("t", "pgsyncer_insert"):
            side('CREATE TABLE "%s" (%s, %s); INSERT INTO "%s" SELECT %s FROM generate_series(1, 200) i' % (table, columns(type), key, table, values.replace("%%", "%")))
    pair.on_main("UPDATE t SET n = 5, s = 'y', d = 7 WHERE \"key\" = 'x40' OR a = 'x9'; DELETE FROM t WHERE a = 'x20'; DELETE FROM pgsyncer_insert WHERE a > 'x3'")
    pair.on_standin("DELETE FROM t WHERE a = 'x77'; UPDATE pgsyncer_insert SET \"row\" = NULL WHERE a = 'x11'")
    pair.synchronise()


EVERY_KIND = """
CREATE TABLE %(name)s (i2 smallint, i4 int, i8 bigint, o oid, b bool, t text, v varchar(9), c char(7), j json, jb jsonb, x bytea, u uuid, d date,
    ts timestamp, ts2 timestamp(2), tz timestamptz, tz0 timestamptz(0), n numeric, n2 numeric(12, 2), "g g" int GENERATED ALWAYS AS (i4 + 1) STORED);
"""
MANY_VALUES = """
INSERT INTO %(name)s SELECT i %% 60000 - 30000, (i::bigint * 429496 - 2147000000)::int, i::bigint * i * 9876543210 * (CASE WHEN i %% 2 = 0 THEN 1 ELSE -1 END), i::bigint * 429000, i %% 3 = 0,
    chr(i %% 1000 + 1) || E'\\\\N\\t\\n' || i, left(md5(i::text), i %% 10), left(md5(i::text), i %% 8), json_build_array(i, E'\\n"'), jsonb_build_object('k', i / 7.0),
    decode(md5(i::text), 'hex'), md5(i::text)::uuid, date '0001-01-01' + i * 365, timestamp '0001-01-01' + i * interval '364 days 3.000007 s', timestamp '1990-01-01' + i * interval '11.5 h',
    timestamptz '9999-12-31 23:59:59.999999Z' - i * interval '361 days 7.07 s', now() + i * interval '1 day', (CASE WHEN i %% 2 = 0 THEN 1 ELSE -1 END) * i::numeric ^ (i %% 9) / 10 ^ (i %% 12),
    i * 12345.67 FROM generate_series(1, 9990) i;
INSERT INTO %(name)s (i4) VALUES (NULL);
"""


def test_all_rows_of_a_table_whose_types_have_a_binary_form(pair):
    """Into a table that is there and into a new one; and where a value in between has no plain text."""
    pair.both(EVERY_KIND % {"name": "there"})
    for name in ("new", "odd"):
        pair.on_main(EVERY_KIND % {"name": name})
    for name in ("there", "new", "odd"):
        pair.on_main(MANY_VALUES % {"name": name})
    odd = [("ts", "'infinity'"), ("d", "'0044-03-15 BC'"), ("n", "'NaN'"), ("i8", "-9223372036854775808"), ("tz", "'20000-01-01 00:00:00Z'"), ("t", "repeat('long', 700000)")]
    for number, (column, value) in enumerate(odd):
        pair.on_main("CREATE TABLE odd%d (LIKE odd INCLUDING ALL); INSERT INTO odd%d SELECT * FROM odd LIMIT 100; INSERT INTO odd%d (%s) VALUES (%s); INSERT INTO odd%d SELECT * FROM odd LIMIT 300"
                     .replace("SELECT *", "SELECT i2, i4, i8, o, b, t, v, c, j, jb, x, u, d, ts, ts2, tz, tz0, n, n2") % (number, number, number, column, value, number))
    pair.synchronise()


def test_all_rows_that_the_new_table_refuses(pair):
    """Main's rows were there before its NOT VALID constraint: the server says which, in either format."""
    pair.on_main("CREATE TABLE t (id int, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 5000) i")
    pair.on_standin("CREATE TABLE t (id int, v text)")
    pair.plan("--no-sync-schema").expect(0)
    pair.on_standin("ALTER TABLE t ADD CHECK (id <> 4321)")
    pair.plan("--no-sync-schema", "--force").expect(0)
    before = pair.standin_state()
    assert "4321" in pair.apply().expect(programs.CONFLICT).err
    assert pair.standin_state() == before
