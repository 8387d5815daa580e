"""Rows against what stands in their way: constraints, triggers, rules, row security. A schema per case, all in one pair of databases."""

import pytest

from support import judge, programs, ways

OWNER = "plain owner"

# In every schema: a trigger function that does what its argument says, and the table that it would write to.
# Main moves on with test.quiet set, so that only apply can make it act.
PRELUDE = """
CREATE TABLE audit (what text);
CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('test.quiet', true) = 'on' THEN RETURN coalesce(NEW, OLD); END IF;
    IF TG_ARGV[0] = 'audit' THEN EXECUTE format('INSERT INTO %I.audit VALUES (%L)', TG_TABLE_SCHEMA, TG_NAME || ' ' || TG_OP); END IF;
    IF TG_ARGV[0] = 'refuse' THEN RAISE EXCEPTION 'trigger % acted', TG_NAME; END IF;
    IF TG_ARGV[0] = 'change' AND TG_OP <> 'DELETE' THEN NEW.v := 'changed by a trigger'; END IF;
    IF TG_ARGV[0] = 'drop' THEN RETURN NULL; END IF;
    IF TG_ARGV[0] = 'delete' THEN EXECUTE format('DELETE FROM %I.other', TG_TABLE_SCHEMA); END IF;
    RETURN coalesce(NEW, OLD);
END $$;
"""
TABLE = "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 20) i;"
CHANGE = "UPDATE t SET v = 'new' WHERE id = 3; DELETE FROM t WHERE id = 4; INSERT INTO t VALUES (100, 'x');"
UNIQUE = "CREATE TABLE t (id int PRIMARY KEY, v int, w int); INSERT INTO t SELECT i, i, i * 2 FROM generate_series(1, 1000) i;"
PARENT = "CREATE TABLE parent (id int PRIMARY KEY, code int NOT NULL UNIQUE, v text); INSERT INTO parent SELECT i, i * 10, 'v' FROM generate_series(0, 20) i;"
SWAP_CODES = "UPDATE parent SET code = -code WHERE id IN (1, 2, 3); UPDATE parent SET code = CASE id WHEN 1 THEN 20 WHEN 2 THEN 30 ELSE 10 END WHERE id IN (1, 2, 3);"


def moved(column):
    """Main gives every row of t the value of the next one, and the last one that of the first."""
    return "UPDATE t SET {0} = {0} + 100000; UPDATE t SET {0} = {0} - 100001 WHERE id > 1; UPDATE t SET {0} = 1000 WHERE id = 1;".format(column)


def trigger(timing, what, level="ROW", more="", state=""):
    """A trigger on t for every event there is, in the given state."""
    words = "CREATE %sTRIGGER \"The trigger\" %s INSERT OR UPDATE OR DELETE ON t %s FOR EACH %s EXECUTE FUNCTION act('%s');" % (
        "CONSTRAINT " if more else "", timing, more, level, what)
    return TABLE + "CREATE TABLE other (id int); INSERT INTO other VALUES (1);" + words + ("ALTER TABLE t %s TRIGGER \"The trigger\";" % state if state else "")


# name: what both sides begin with, what main does then, what the stand-in does then
FOREIGN_KEYS = {
    "chain": ("""CREATE TABLE d (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, d int NOT NULL REFERENCES d); CREATE TABLE b (id int PRIMARY KEY, c int NOT NULL REFERENCES c);
        CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL REFERENCES b);
        INSERT INTO d SELECT generate_series(1, 9); INSERT INTO c SELECT i, i FROM generate_series(1, 9) i; INSERT INTO b SELECT i, i FROM generate_series(1, 9) i; INSERT INTO a SELECT i, i FROM generate_series(1, 9) i""",
              "DELETE FROM a WHERE id > 5; DELETE FROM b WHERE id > 5; DELETE FROM c WHERE id > 5; DELETE FROM d WHERE id > 5;"
              "INSERT INTO d VALUES (20); INSERT INTO c VALUES (20, 20); INSERT INTO b VALUES (20, 20); INSERT INTO a VALUES (20, 20); UPDATE a SET b = 20 WHERE id = 1"),
    "cycle": ("""CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED);
        BEGIN; INSERT INTO a SELECT i, i FROM generate_series(1, 9) i; INSERT INTO b SELECT i, i FROM generate_series(1, 9) i; COMMIT; ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE""",
              "BEGIN; SET CONSTRAINTS ALL DEFERRED; DELETE FROM a WHERE id = 1; DELETE FROM b WHERE id = 1; INSERT INTO a VALUES (10, 10); INSERT INTO b VALUES (10, 10); UPDATE a SET b = 10 - id WHERE id < 9; COMMIT"),
    "cycle that is not deferrable": (
        "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1, 1), (2, 2); UPDATE a SET b = id",
        "INSERT INTO a VALUES (3); INSERT INTO b VALUES (3, 3); UPDATE a SET b = 3; DELETE FROM b WHERE id < 3; DELETE FROM a WHERE id < 2"),
    "to itself": ("CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t ON DELETE CASCADE, name text UNIQUE); INSERT INTO t SELECT i, nullif(i / 2, 0), 'n' || i FROM generate_series(1, 63) i",
                  "DELETE FROM t WHERE id = 8; INSERT INTO t VALUES (200, 200, 'self'), (201, 202, 'x'), (202, 201, 'y'); UPDATE t SET up = 63 WHERE id = 1; UPDATE t SET name = name || '!' WHERE id IN (9, 10);"
                  "UPDATE t SET name = 'tmp' WHERE id = 2; UPDATE t SET name = 'n2' WHERE id = 3; UPDATE t SET name = 'n3' WHERE id = 2"),
    "composite, MATCH FULL and MATCH SIMPLE": (
        """CREATE TABLE parent (a int, b text, PRIMARY KEY (b, a)); INSERT INTO parent SELECT i, 'b' || i FROM generate_series(1, 9) i;
        CREATE TABLE child_full (id int PRIMARY KEY, a int, b text, FOREIGN KEY (a, b) REFERENCES parent (a, b) MATCH FULL); CREATE TABLE child_simple (id int PRIMARY KEY, b text, a int, FOREIGN KEY (b, a) REFERENCES parent (b, a));
        INSERT INTO child_full VALUES (1, 1, 'b1'), (2, NULL, NULL), (3, 3, 'b3'); INSERT INTO child_simple VALUES (1, 'b1', 1), (2, NULL, 77), (3, 'nowhere', NULL)""",
        "UPDATE child_full SET a = NULL, b = NULL WHERE id = 1; UPDATE child_full SET a = 4, b = 'b4' WHERE id = 2; DELETE FROM parent WHERE a = 9; INSERT INTO parent VALUES (9, 'other'); INSERT INTO child_full VALUES (4, 9, 'other');"
        "INSERT INTO child_simple VALUES (4, 'gone', NULL), (5, 'other', 9); UPDATE child_simple SET a = NULL WHERE id = 1"),
    "of other types": ("CREATE TABLE parent (id bigint PRIMARY KEY, name text UNIQUE); INSERT INTO parent SELECT i, 'n' || i FROM generate_series(1, 9) i; CREATE TABLE child (p smallint REFERENCES parent, n varchar(9) REFERENCES parent (name)); INSERT INTO child VALUES (1, 'n1'), (2, 'n2'), (2, 'n2')",
                       "UPDATE child SET p = 3 WHERE p = 1; DELETE FROM parent WHERE id = 1 AND false; INSERT INTO child VALUES (9, 'n9'), (9, 'n9')"),
    "actions on a parent whose unique values change places": (
        PARENT + """CREATE TABLE cascade_ (id int PRIMARY KEY, p int REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE); CREATE TABLE set_null (id int PRIMARY KEY, p int REFERENCES parent ON DELETE SET NULL ON UPDATE SET NULL);
        CREATE TABLE set_default (id int PRIMARY KEY, p int DEFAULT 0 REFERENCES parent ON DELETE SET DEFAULT ON UPDATE SET DEFAULT); CREATE TABLE restrict_ (id int PRIMARY KEY, p int REFERENCES parent ON DELETE RESTRICT ON UPDATE RESTRICT);
        INSERT INTO cascade_ SELECT i, i FROM generate_series(1, 9) i; INSERT INTO set_null SELECT i, i FROM generate_series(1, 9) i; INSERT INTO set_default SELECT i, i FROM generate_series(1, 9) i; INSERT INTO restrict_ SELECT i, i FROM generate_series(1, 9) i;""",
        SWAP_CODES),
    "actions on the unique values themselves": (
        PARENT + """CREATE TABLE cascade_ (id int PRIMARY KEY, code int REFERENCES parent (code) ON DELETE CASCADE ON UPDATE CASCADE); CREATE TABLE set_null (id int PRIMARY KEY, code int REFERENCES parent (code) ON DELETE SET NULL ON UPDATE SET NULL);
        CREATE TABLE set_default (id int PRIMARY KEY, code int DEFAULT 0 REFERENCES parent (code) ON DELETE SET DEFAULT ON UPDATE SET DEFAULT);
        INSERT INTO cascade_ SELECT i, i * 10 FROM generate_series(1, 9) i; INSERT INTO set_null SELECT i, i * 10 FROM generate_series(1, 9) i; INSERT INTO set_default SELECT i, i * 10 FROM generate_series(1, 9) i;""",
        "DELETE FROM parent WHERE id = 9; INSERT INTO parent VALUES (9, 90, 'again'); UPDATE parent SET code = 91 WHERE id = 8; UPDATE set_null SET code = 10 WHERE id = 8; " + SWAP_CODES),
    "ON DELETE SET NULL of one column": ("CREATE TABLE parent (a int, b int, PRIMARY KEY (a, b)); INSERT INTO parent VALUES (1, 1), (2, 2), (3, 3); CREATE TABLE child (id int PRIMARY KEY, a int NOT NULL, b int, FOREIGN KEY (a, b) REFERENCES parent ON DELETE SET NULL (b)); INSERT INTO child VALUES (1, 1, 1), (2, 2, 2)",
                                         "DELETE FROM parent WHERE a = 1; UPDATE child SET b = 3, a = 3 WHERE id = 2"),
    "NOT VALID, with rows that break it": (
        PARENT + "CREATE TABLE child (id int PRIMARY KEY, p int); INSERT INTO child VALUES (1, 1), (2, 777), (3, 778), (5, 5); CREATE TABLE still (id int PRIMARY KEY); CREATE TABLE late (id int PRIMARY KEY, s int); INSERT INTO late VALUES (1, 777), (2, 777);",
        "INSERT INTO late VALUES (3, 999); UPDATE late SET s = 888 WHERE id = 2; ALTER TABLE late ADD FOREIGN KEY (s) REFERENCES still NOT VALID; INSERT INTO child VALUES (4, 999); UPDATE child SET p = 888 WHERE id = 3; ALTER TABLE child ADD FOREIGN KEY (p) REFERENCES parent ON DELETE CASCADE NOT VALID; COMMENT ON CONSTRAINT child_p_fkey ON child IS 'later'; DELETE FROM parent WHERE id = 5; " + SWAP_CODES,
        "ALTER TABLE late ADD FOREIGN KEY (s) REFERENCES still NOT VALID; ALTER TABLE child ADD FOREIGN KEY (p) REFERENCES parent ON DELETE CASCADE NOT VALID; COMMENT ON CONSTRAINT child_p_fkey ON child IS 'later'"),
    "between partitioned tables": (
        """CREATE TABLE parent (k int, id int, v text, PRIMARY KEY (k, id)) PARTITION BY LIST (k); CREATE TABLE parent_1 PARTITION OF parent FOR VALUES IN (1); CREATE TABLE parent_2 PARTITION OF parent FOR VALUES IN (2) PARTITION BY RANGE (id);
        CREATE TABLE parent_2a PARTITION OF parent_2 FOR VALUES FROM (0) TO (10); CREATE TABLE parent_2b PARTITION OF parent_2 DEFAULT;
        CREATE TABLE child (id int, k int, p int, PRIMARY KEY (id), FOREIGN KEY (k, p) REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL) PARTITION BY RANGE (id); CREATE TABLE child_low PARTITION OF child FOR VALUES FROM (0) TO (10); CREATE TABLE child_rest PARTITION OF child DEFAULT;
        INSERT INTO parent SELECT k, i, 'v' FROM generate_series(1, 2) k, generate_series(1, 20) i; INSERT INTO child SELECT i, i % 2 + 1, i FROM generate_series(1, 20) i;""",
        "DELETE FROM parent WHERE (k, id) = (1, 4); INSERT INTO parent VALUES (1, 44, 'x'); INSERT INTO child VALUES (50, 1, 44); UPDATE child SET id = id + 100 WHERE id IN (5, 15); UPDATE parent SET v = 'w' WHERE id < 9; UPDATE child SET p = 20, k = 2 WHERE id = 3;"
        "INSERT INTO parent VALUES (2, 33, 'y'); UPDATE child SET p = 33, k = 2 WHERE id = 9; DELETE FROM parent WHERE (k, id) = (2, 7)"),
    "onto a partition, and from one": (
        """CREATE TABLE p (id int PRIMARY KEY, v text UNIQUE) ; CREATE TABLE q (k int, id int, PRIMARY KEY (k, id)) PARTITION BY LIST (k); CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1); CREATE TABLE q2 PARTITION OF q FOR VALUES IN (2);
        INSERT INTO p SELECT i, 'v' || i FROM generate_series(1, 9) i; INSERT INTO q SELECT k, i FROM generate_series(1, 2) k, generate_series(1, 9) i;
        CREATE TABLE onto (id int PRIMARY KEY, k int, q int, FOREIGN KEY (k, q) REFERENCES q1 ON DELETE CASCADE); INSERT INTO onto VALUES (1, 1, 1), (2, 1, 2); ALTER TABLE q2 ADD CONSTRAINT "From here" FOREIGN KEY (id) REFERENCES p ON DELETE CASCADE""",
        "DELETE FROM q WHERE id = 1; INSERT INTO q VALUES (1, 11); INSERT INTO onto VALUES (3, 1, 11); UPDATE p SET v = v || 'x' WHERE id = 5; UPDATE p SET v = 'v5' WHERE id = 6; DELETE FROM p WHERE id = 9; INSERT INTO p VALUES (30, 'v30'); INSERT INTO q VALUES (2, 30)"),
    "of inherited tables": ("CREATE TABLE base (id int PRIMARY KEY, v text); CREATE TABLE sub (extra int REFERENCES base ON DELETE CASCADE, PRIMARY KEY (id)) INHERITS (base); INSERT INTO base VALUES (1, 'a'), (2, 'b'), (3, 'c'); INSERT INTO sub VALUES (1, 'x', 2), (4, 'y', 3)",
                            "DELETE FROM ONLY base WHERE id = 3; UPDATE ONLY base SET v = 'q' WHERE id = 1; INSERT INTO base VALUES (7, 'z'); INSERT INTO sub VALUES (5, 'x', 7); UPDATE sub SET v = 's' WHERE id = 1"),
    "many onto one key, with hostile names": (
        """CREATE TABLE "Pa""rent, of 'all'" ("I d" int PRIMARY KEY, "a.b" text UNIQUE); INSERT INTO "Pa""rent, of 'all'" SELECT i, 'v' || i FROM generate_series(1, 9) i;
        CREATE TABLE "select" ("from" int PRIMARY KEY, "where" int CONSTRAINT "it's %s a ""key"" now" REFERENCES "Pa""rent, of 'all'" ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, "x" text CONSTRAINT "two" REFERENCES "Pa""rent, of 'all'" ("a.b") ON UPDATE CASCADE);
        COMMENT ON CONSTRAINT "it's %s a ""key"" now" ON "select" IS 'it''s "kept" \\ so'; INSERT INTO "select" SELECT i, i, 'v' || i FROM generate_series(1, 9) i""",
        """UPDATE "Pa""rent, of 'all'" SET "a.b" = 'tmp' WHERE "I d" = 1; UPDATE "Pa""rent, of 'all'" SET "a.b" = 'v1' WHERE "I d" = 2; DELETE FROM "Pa""rent, of 'all'" WHERE "I d" = 9 AND false; INSERT INTO "select" VALUES (10, 9, 'v9')"""),
}

UNIQUES = {
    "rotated": (UNIQUE + "CREATE UNIQUE INDEX ON t (v)", moved("v")),
    "a chain with an open end": (UNIQUE + "ALTER TABLE t ADD UNIQUE (v)", "UPDATE t SET v = v + 100000; UPDATE t SET v = v - 99999"),
    "over several unique indexes": (UNIQUE + "ALTER TABLE t ADD UNIQUE (v), ADD UNIQUE (w), ADD UNIQUE (v, w)", moved("v") + "UPDATE t SET w = -w; UPDATE t SET w = 2002 + w"),
    "only where a condition holds": (UNIQUE + "CREATE UNIQUE INDEX ON t (v) WHERE w > 500", "UPDATE t SET w = 5 WHERE id = 900; UPDATE t SET v = 900 WHERE id = 901; UPDATE t SET w = 1000 WHERE id = 1; UPDATE t SET v = 901 WHERE id = 1"),
    "of an expression": ("CREATE TABLE t (id int PRIMARY KEY, a text, b text); CREATE UNIQUE INDEX ON t (lower(a || b)); INSERT INTO t SELECT i, 'A' || i, 'B' || i FROM generate_series(1, 50) i",
                         "UPDATE t SET a = 'tmp' WHERE id = 1; UPDATE t SET a = 'a1', b = 'b1' WHERE id = 2; UPDATE t SET a = 'a2', b = 'B2' WHERE id = 1; UPDATE t SET a = lower(a) WHERE id = 9"),
    "NULLS NOT DISTINCT": ("CREATE TABLE t (id int PRIMARY KEY, v int, w text, UNIQUE NULLS NOT DISTINCT (v)); INSERT INTO t VALUES (1, NULL, 'a'), (2, 2, 'b'), (3, 3, 'c')", "UPDATE t SET v = 4 WHERE id = 1; UPDATE t SET v = NULL WHERE id = 3; UPDATE t SET v = 3 WHERE id = 2"),
    "primary keys swapped": ("CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL UNIQUE, w text); INSERT INTO t SELECT i, 'v' || i, 'w' || i FROM generate_series(1, 9) i", "UPDATE t SET id = -1 WHERE id = 1; UPDATE t SET id = 1 WHERE id = 2; UPDATE t SET id = 2 WHERE id = -1; UPDATE t SET id = 33 WHERE id = 3"),
    "composite primary keys swapped": ("CREATE TABLE t (a int, b text, v int, PRIMARY KEY (b, a)); INSERT INTO t SELECT i, 'b' || i % 3, i FROM generate_series(1, 30) i", "UPDATE t SET a = -a; UPDATE t SET a = 31 + a; UPDATE t SET b = 'x' WHERE a = 3"),
    "values of deleted and new rows": (UNIQUE + "ALTER TABLE t ADD UNIQUE (v)", "DELETE FROM t WHERE id = 5; UPDATE t SET v = 5 WHERE id = 6; INSERT INTO t VALUES (2000, 6, 1); UPDATE t SET v = 3000 WHERE id = 7; INSERT INTO t VALUES (-1, 7, 1)"),
    "a looser equality": ("CREATE TABLE t (id int PRIMARY KEY, v numeric UNIQUE); INSERT INTO t VALUES (1, 1.0), (2, 2.0), (3, 3)", "UPDATE t SET v = 1.00 WHERE id = 1; UPDATE t SET v = 9 WHERE id = 2; UPDATE t SET v = 2.00 WHERE id = 3; UPDATE t SET v = 3.000 WHERE id = 2"),
    "deferrable unique": (UNIQUE + "ALTER TABLE t ADD UNIQUE (v) DEFERRABLE, ADD UNIQUE (w) DEFERRABLE INITIALLY DEFERRED", "BEGIN; SET CONSTRAINTS ALL DEFERRED; UPDATE t SET v = 1001 - v, w = 2002 - w; COMMIT"),
    "deferrable primary key": ("CREATE TABLE t (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 200) i", "UPDATE t SET id = 201 - id; UPDATE t SET v = 'x' WHERE id = 7; DELETE FROM t WHERE id = 8"),
    "generated columns under a unique index": ("CREATE TABLE t (id int PRIMARY KEY, v int, w int, g int GENERATED ALWAYS AS (v % 100) STORED UNIQUE); INSERT INTO t (id, v) SELECT i, i FROM generate_series(1, 99) i",
                                               "UPDATE t SET v = 100 WHERE id = 1; UPDATE t SET v = 301 WHERE id = 2; UPDATE t SET v = 402 WHERE id = 1; UPDATE t SET w = 5 WHERE id = 9"),
    "generated column as the key": ("CREATE TABLE t (v int, w text, g int GENERATED ALWAYS AS (v * 2) STORED PRIMARY KEY); INSERT INTO t SELECT i, 'w' FROM generate_series(1, 99) i", "UPDATE t SET v = 100 + v WHERE v > 50; DELETE FROM t WHERE v = 3; UPDATE t SET w = 'x' WHERE v = 7"),
    "identity columns": ("CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int GENERATED BY DEFAULT AS IDENTITY UNIQUE, v text); INSERT INTO t (v) SELECT 'v' FROM generate_series(1, 20)", "UPDATE t SET n = n + 100; UPDATE t SET n = 121 - n; DELETE FROM t WHERE id = 3; INSERT INTO t (v) VALUES ('new'); UPDATE t SET v = 'x' WHERE id = 7"),
    "identity that is not the key": ("CREATE TABLE t (k text PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, v text); INSERT INTO t (k) SELECT 'k' || i FROM generate_series(1, 20) i", "DELETE FROM t WHERE k = 'k3'; INSERT INTO t (k) VALUES ('k3'), ('new'); UPDATE t SET v = 'x' WHERE k = 'k7'"),
    "ranges shifted and swapped": ("CREATE TABLE t (id int PRIMARY KEY, during int4range, v text, EXCLUDE USING gist (during WITH &&)); INSERT INTO t SELECT i, int4range(i * 10, i * 10 + 10), 'v' FROM generate_series(1, 50) i",
                                   "UPDATE t SET during = int4range(lower(during) + 100000, upper(during) + 100000); UPDATE t SET during = int4range(lower(during) - 100005, upper(during) - 100005); UPDATE t SET during = 'empty' WHERE id = 1; UPDATE t SET during = int4range(5, 15) WHERE id = 2; UPDATE t SET during = int4range(15, 25) WHERE id = 1;"
                                   "UPDATE t SET v = 'x' WHERE id = 9; DELETE FROM t WHERE id = 20; INSERT INTO t VALUES (99, int4range(195, 200), 'new')"),
    "ranges under a deferrable exclusion": ("CREATE TABLE t (id int PRIMARY KEY, during int4range, EXCLUDE USING gist (during WITH &&) WHERE (id > 2) DEFERRABLE INITIALLY DEFERRED); INSERT INTO t SELECT i, int4range(i * 10, i * 10 + 10) FROM generate_series(1, 50) i",
                                            "UPDATE t SET during = int4range(lower(during) - 5, upper(during) - 5); DELETE FROM t WHERE id = 20"),
    "over partitions": ("CREATE TABLE t (k int, id int, v int, PRIMARY KEY (k, id), UNIQUE (k, v)) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2); INSERT INTO t SELECT k, i, i FROM generate_series(1, 2) k, generate_series(1, 50) i",
                        "UPDATE t SET v = v + 100; UPDATE t SET v = 151 - v; DELETE FROM t WHERE (k, id) = (1, 7); UPDATE t SET k = 1 WHERE (k, id) = (2, 7)"),
    "unlogged": ("CREATE UNLOGGED TABLE t (id int PRIMARY KEY, v int UNIQUE); INSERT INTO t SELECT i, i FROM generate_series(1, 100) i", "UPDATE t SET v = -v; UPDATE t SET v = 101 + v; DELETE FROM t WHERE id = 3"),
    "replica identity of each kind": ("CREATE TABLE f (id int PRIMARY KEY, v int UNIQUE NOT NULL); ALTER TABLE f REPLICA IDENTITY FULL; CREATE TABLE n (id int, v text); ALTER TABLE n REPLICA IDENTITY NOTHING; CREATE TABLE i (id int, v int UNIQUE NOT NULL); ALTER TABLE i REPLICA IDENTITY USING INDEX i_v_key;"
                                      "INSERT INTO f SELECT i, i FROM generate_series(1, 9) i; INSERT INTO n SELECT i, i FROM generate_series(1, 9) i; INSERT INTO i SELECT i, i FROM generate_series(1, 9) i",
                                      "UPDATE f SET v = -v; UPDATE f SET v = 10 + v; DELETE FROM n WHERE id = 3; UPDATE n SET v = 'x' WHERE id = 4; UPDATE i SET v = -v; UPDATE i SET id = 9 + v"),
}

CHECKS = {
    "checks that hold": (TABLE + "ALTER TABLE t ADD CHECK (v <> ''), ADD CONSTRAINT \"not valid\" CHECK (v <> 'none') NOT VALID", CHANGE),
    "a check that is not valid, and rows that break it": (
        TABLE + "CREATE TABLE p (id int, v text) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT; INSERT INTO p VALUES (1, 'a'), (2, 'b'); CREATE TABLE sub () INHERITS (t); INSERT INTO sub VALUES (1, 'x')",
        "INSERT INTO t VALUES (50, 'bad'), (51, 'bad'); UPDATE t SET v = 'bad' WHERE id = 5; INSERT INTO sub VALUES (2, 'bad'); INSERT INTO p VALUES (3, 'bad'); ALTER TABLE t ADD CONSTRAINT \"Not yet\" CHECK (v <> 'bad') NOT VALID; COMMENT ON CONSTRAINT \"Not yet\" ON t IS 'it''s kept';"
        "ALTER TABLE t ADD CONSTRAINT here CHECK (v <> 'bad') NO INHERIT NOT VALID; ALTER TABLE p ADD CONSTRAINT here CHECK (v <> 'bad') NOT VALID; " + CHANGE,
        "ALTER TABLE t ADD CONSTRAINT \"Not yet\" CHECK (v <> 'bad') NOT VALID; COMMENT ON CONSTRAINT \"Not yet\" ON t IS 'it''s kept'; ALTER TABLE t ADD CONSTRAINT here CHECK (v <> 'bad') NO INHERIT NOT VALID; ALTER TABLE p ADD CONSTRAINT here CHECK (v <> 'bad') NOT VALID"),
    "a check that main has not": (TABLE, CHANGE + "INSERT INTO t VALUES (60, 'short')", "ALTER TABLE t ADD CHECK (v <> 'short')"),
    "a check that only main has": (TABLE, "UPDATE t SET v = 'fits' WHERE id = 9; ALTER TABLE t ADD CHECK (v <> 'v9')"),
    "domains": ("CREATE DOMAIN d AS text CHECK (VALUE <> 'bad') NOT NULL; CREATE TABLE arrays (id int PRIMARY KEY, a text[]); CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TABLE t (id positive PRIMARY KEY, v d, w positive[], x positive UNIQUE); INSERT INTO t SELECT i, 'v', ARRAY[i], i FROM generate_series(1, 9) i",
                "UPDATE t SET x = x + 100; UPDATE t SET x = 110 - x; UPDATE t SET v = 'w', w = '{}' WHERE id = 4; DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (77, 'x', NULL, NULL); INSERT INTO arrays VALUES (1, '{NULL,a}'), (2, '{\"NULL\"}')"),
    "a domain's check that main has not": ("CREATE DOMAIN d AS text; CREATE TABLE t (id int PRIMARY KEY, v d); INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (2, 'bad'); UPDATE t SET v = 'bad' WHERE id = 1", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> 'bad')"),
    "a domain's check that only main has": ("CREATE DOMAIN d AS text; CREATE TABLE t (id int PRIMARY KEY, v d); INSERT INTO t VALUES (1, 'bad'), (2, 'a')", "UPDATE t SET v = 'good' WHERE id = 1; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> 'bad')"),
    "NOT NULL that only one of them has": (TABLE + "CREATE TABLE u (id int PRIMARY KEY, v text); INSERT INTO u VALUES (1, NULL), (2, 'x')", "INSERT INTO t VALUES (70, NULL); UPDATE u SET v = 'y' WHERE id = 1; ALTER TABLE u ALTER v SET NOT NULL", "ALTER TABLE t ALTER v SET NOT NULL"),
}

TRIGGERS = {
    "%s %s %s" % (timing, what, state or "enabled"): (trigger(timing, what, state=state), CHANGE)
    for timing in ("BEFORE", "AFTER")
    for what in ("audit", "refuse", "change", "drop", "delete")
    for state in ("", "ENABLE ALWAYS", "ENABLE REPLICA", "DISABLE")
    if timing == "BEFORE" or what in ("audit", "refuse", "delete")
}
TRIGGERS.update({
    "constraint trigger": (trigger("AFTER", "refuse", more="DEFERRABLE INITIALLY DEFERRED"), CHANGE),
    "constraint trigger that is always enabled": (trigger("AFTER", "audit", more="DEFERRABLE INITIALLY DEFERRED", state="ENABLE ALWAYS"), CHANGE),
    "statement level": (trigger("BEFORE", "refuse", "STATEMENT", state="ENABLE ALWAYS") + "CREATE TRIGGER late AFTER TRUNCATE OR INSERT OR UPDATE OR DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION act('refuse')", CHANGE),
    "transition tables": (TABLE + "CREATE TRIGGER i AFTER INSERT ON t REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION act('audit'); CREATE TRIGGER u AFTER UPDATE ON t REFERENCING NEW TABLE AS n OLD TABLE AS o FOR EACH ROW EXECUTE FUNCTION act('audit');"
                          "CREATE TRIGGER d AFTER DELETE ON t REFERENCING OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION act('refuse'); ALTER TABLE t ENABLE ALWAYS TRIGGER u", CHANGE),
    "of one column, with a condition": (TABLE + "CREATE TRIGGER u BEFORE UPDATE OF v ON t FOR EACH ROW WHEN (NEW.v = 'new') EXECUTE FUNCTION act('refuse')", CHANGE),
    "on partitions": ("CREATE TABLE t (id int PRIMARY KEY, v text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); CREATE TABLE t2 PARTITION OF t DEFAULT; INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20) i; CREATE TRIGGER row AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION act('audit');"
                      "CREATE TRIGGER stmt BEFORE INSERT OR UPDATE OR DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION act('refuse'); CREATE TRIGGER own BEFORE INSERT OR UPDATE OR DELETE ON t2 FOR EACH ROW EXECUTE FUNCTION act('change'); ALTER TABLE t1 ENABLE ALWAYS TRIGGER row; ALTER TABLE t2 DISABLE TRIGGER row", CHANGE + "UPDATE t SET v = 'y' WHERE id = 15; UPDATE t SET id = 200 WHERE id = 5"),
    "on inherited tables": (TABLE + "CREATE TABLE sub () INHERITS (t); INSERT INTO sub VALUES (1, 'x'), (2, 'y'); CREATE TRIGGER above BEFORE INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION act('change'); CREATE TRIGGER below BEFORE INSERT OR UPDATE OR DELETE ON sub FOR EACH ROW EXECUTE FUNCTION act('drop')", CHANGE + "DELETE FROM sub WHERE id = 1; INSERT INTO sub VALUES (50, 'z')"),
    "on a view": (TABLE + "CREATE VIEW w AS SELECT * FROM t; CREATE TRIGGER i INSTEAD OF INSERT OR UPDATE OR DELETE ON w FOR EACH ROW EXECUTE FUNCTION act('refuse')", CHANGE),
    "with hostile names": ("""CREATE TABLE "T; %s" ("I""d" int PRIMARY KEY, v text); INSERT INTO "T; %s" VALUES (1, 'a'); CREATE TRIGGER "T""r;igger %I" BEFORE INSERT OR UPDATE OR DELETE ON "T; %s" FOR EACH ROW EXECUTE FUNCTION act('refuse'); ALTER TABLE "T; %s" ENABLE ALWAYS TRIGGER "T""r;igger %I";"""
                           """CREATE RULE "ru""le %L" AS ON INSERT TO "T; %s" DO INSTEAD NOTHING""", """ALTER TABLE "T; %s" DISABLE RULE "ru""le %L"; INSERT INTO "T; %s" VALUES (2, 'b'); ALTER TABLE "T; %s" ENABLE RULE "ru""le %L"; UPDATE "T; %s" SET v = 'c' WHERE "I""d" = 1"""),
})

def rules(what, more=""):
    """Main's rules are made after its rows have changed."""
    sql = "CREATE RULE i AS ON INSERT TO t {0}; CREATE RULE u AS ON UPDATE TO t {0}; CREATE RULE d AS ON DELETE TO t {0}; ".format(what) + more
    return TABLE, CHANGE + sql, sql


RULES = {
    "INSTEAD NOTHING": rules("DO INSTEAD NOTHING"),
    "ALSO": rules("DO ALSO INSERT INTO audit VALUES ('rule')"),
    "INSTEAD of it something else": rules("DO INSTEAD DELETE FROM t"),
    "with a condition, always and for replicas": rules("WHERE true DO INSTEAD NOTHING", "ALTER TABLE t ENABLE ALWAYS RULE i, ENABLE REPLICA RULE u, DISABLE RULE d"),
}

ROW_SECURITY = {
    "enabled": (TABLE + "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON t USING (id < 3)", CHANGE),
    "forced": (TABLE + "CREATE POLICY few ON t USING (id < 3) WITH CHECK (false); CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t ON DELETE CASCADE); INSERT INTO child VALUES (1, 1), (2, 19); ALTER TABLE child ENABLE ROW LEVEL SECURITY; ALTER TABLE child FORCE ROW LEVEL SECURITY",
               CHANGE + "INSERT INTO t VALUES (500, 'child''s'); INSERT INTO child VALUES (3, 500); UPDATE child SET t = 18 WHERE id = 2; ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY",
               "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY"),
    "forced, without a policy": (TABLE + "ALTER TABLE t FORCE ROW LEVEL SECURITY", CHANGE + "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE t ENABLE ROW LEVEL SECURITY"),
}

# What the applying role may find set.
SETTINGS = ("statement_timeout = '1ms'", "lock_timeout = '1ms'", "idle_in_transaction_session_timeout = '1ms'", "session_replication_role = replica", "default_transaction_read_only = on", "default_transaction_isolation = serializable",
            "row_security = on", "array_nulls = off", "transform_null_equals = on", "search_path = 'check: domains'", "DateStyle = 'German'", "check_function_bodies = on", "enable_hashjoin = off")

CASES = {"%s: %s" % (group, name): case
         for group, cases in (("foreign key", FOREIGN_KEYS), ("unique", UNIQUES), ("check", CHECKS), ("trigger", TRIGGERS), ("rule", RULES), ("row security", ROW_SECURITY))
         for name, case in cases.items()}


def script(name, sql, quiet=False):
    """Runs in the schema of the case, as the owner."""
    return '%sSET search_path = "%s";\n%s;\n' % ("SET test.quiet = on;\n" if quiet else "RESET test.quiet;\n", name, sql)


def make(pair, cases):
    """Both sides as the cases say, each in the schema of its name, all owned by a role that is no superuser."""
    for cluster, db in ((pair.main, pair.main_db), (pair.standin, pair.standin_db)):
        if not cluster.rows("postgres", "SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)):
            cluster.psql("postgres", 'CREATE ROLE "%s" LOGIN' % OWNER)
        cluster.psql("postgres", 'GRANT CREATE ON DATABASE "%s" TO "%s"' % (db, OWNER))
    pair.standin.psql("postgres", "".join('ALTER ROLE "%s" SET %s; ' % (OWNER, setting) for setting in SETTINGS))
    first = ["SET ROLE \"%s\";\n" % OWNER] + ['CREATE SCHEMA "%s";\n' % name + script(name, PRELUDE + case[0], quiet=True) for name, case in cases.items()]
    pair.both("".join(first))
    pair.on_main("SET row_security = off; " + "".join(script(name, case[1], quiet=True) for name, case in cases.items()))
    pair.on_standin("SET ROLE \"%s\";\n" % OWNER + "".join(script(name, case[2], quiet=True) for name, case in cases.items() if len(case) > 2))


@pytest.mark.parametrize("user", ["postgres", pytest.param(OWNER, marks=ways.not_by("fdw", "a mere role cannot reach main through postgres_fdw without a password"))])
def test_whatever_stands_in_the_way_the_rows_become_mains(pair, user):
    make(pair, CASES)
    pair.plan("--schema=*", "--clean-extra").expect(0)
    pair.apply("--verify=full", dsn=pair.standin.dsn(pair.standin_db, user=user)).expect(0)
    pair.assert_equal()
    programs.plan("--maindsn", pair.main_dsn, "--standindsn", pair.standin_dsn, "-o", pair.file, "--force", "--schema=*", "--clean-extra", "--detailed-exitcode").expect(0)
