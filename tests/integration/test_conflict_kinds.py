"""What the stand-in's rows have become since the plan was made: each kind of conflict is named with its row, and nothing is changed."""

import pytest

from support import programs, ways

TABLES = """
CREATE TABLE plain (id int PRIMARY KEY, v text, w text UNIQUE); INSERT INTO plain SELECT i, 'v' || i, 'w' || i FROM generate_series(1, 50) i;
CREATE TABLE "Com posite" ("a b" text, n numeric, v jsonb, PRIMARY KEY (n, "a b")); INSERT INTO "Com posite" SELECT 'k' || i, i + 0.50, '{"x": 1}' FROM generate_series(1, 50) i;
CREATE TABLE bag (v text, n int); INSERT INTO bag SELECT 'v' || i % 10, i % 5 FROM generate_series(1, 50) i;
CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent SELECT generate_series(1, 9); CREATE TABLE child (id int PRIMARY KEY, p int REFERENCES parent); INSERT INTO child SELECT i, i FROM generate_series(1, 5) i;
CREATE TABLE filled (id int PRIMARY KEY, v text);
"""
# Inserts 100, updates 7, deletes 20; the text 'v1' once more, 'v2' once less.
MOVED_ON = """
INSERT INTO plain VALUES (100, 'new', 'w100'); UPDATE plain SET v = 'changed', w = 'w7b' WHERE id = 7; DELETE FROM plain WHERE id = 20;
INSERT INTO "Com posite" VALUES ('k100', 100.5, '[]'); UPDATE "Com posite" SET v = '{"x": 2}' WHERE "a b" = 'k7'; DELETE FROM "Com posite" WHERE "a b" = 'k20';
INSERT INTO bag VALUES ('v1', 1); DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE v = 'v2');
INSERT INTO child VALUES (100, 9); DELETE FROM parent WHERE id = 8;
INSERT INTO filled VALUES (1, 'a'), (2, 'b');
"""

# What the stand-in does in between, what undoes it, and what the message must name.
CONFLICTS = {
    "the row to be updated has changed": ("UPDATE plain SET v = 'else' WHERE id = 7", "UPDATE plain SET v = 'v7' WHERE id = 7", "DATA update (7)"),
    "the row to be updated has changed, one column to what it will be": ("UPDATE plain SET v = 'changed' WHERE id = 7", "UPDATE plain SET v = 'v7' WHERE id = 7", "DATA update (7)"),
    "the row to be deleted has changed": ("UPDATE plain SET v = NULL WHERE id = 20", "UPDATE plain SET v = 'v20' WHERE id = 20", "DATA delete (20)"),
    "the row to be updated is gone": ("DELETE FROM plain WHERE id = 7", "INSERT INTO plain VALUES (7, 'v7', 'w7')", "NOTFOUND update (7)"),
    "the row to be inserted is there": ("INSERT INTO plain VALUES (100, 'else', 'w100')", "DELETE FROM plain WHERE id = 100", "CONFLICT insert (100)"),
    "the row to be updated has another key": ("UPDATE plain SET id = 777 WHERE id = 7", "UPDATE plain SET id = 7 WHERE id = 777", "NOTFOUND update (7)"),
    "a new row has the unique value": ("INSERT INTO plain VALUES (200, 'else', 'w7b')", "DELETE FROM plain WHERE id = 200", "w7b"),
    "an old row has the unique value": ("UPDATE plain SET w = 'w100' WHERE id = 30", "UPDATE plain SET w = 'w30' WHERE id = 30", "w100"),
    "composite: the row to be updated has changed": ("""UPDATE "Com posite" SET v = '{"x": 1.0}' WHERE "a b" = 'k7'""", """UPDATE "Com posite" SET v = '{"x": 1}' WHERE "a b" = 'k7'""", "DATA update (7.50,k7)"),
    "composite: the key looks otherwise": ("""UPDATE "Com posite" SET n = 7.5 WHERE "a b" = 'k7'""", """UPDATE "Com posite" SET n = 7.50 WHERE "a b" = 'k7'""", "DATA update (7.5,k7)"),
    "composite: the row to be deleted has changed": ("""UPDATE "Com posite" SET v = NULL WHERE "a b" = 'k20'""", """UPDATE "Com posite" SET v = '{"x": 1}' WHERE "a b" = 'k20'""", "DATA delete (20.50,k20)"),
    "composite: the row to be updated is gone": ("""DELETE FROM "Com posite" WHERE "a b" = 'k7'""", """INSERT INTO "Com posite" VALUES ('k7', 7.50, '{"x": 1}')""", "NOTFOUND update (7.50,k7)"),
    "composite: the row to be inserted is there": ("""INSERT INTO "Com posite" VALUES ('k100', 100.5, '{}')""", """DELETE FROM "Com posite" WHERE "a b" = 'k100'""", "CONFLICT insert (100.5,k100)"),
    "no key: the copies to be deleted are gone": ("DELETE FROM bag WHERE v = 'v2'", "INSERT INTO bag SELECT 'v2', 2 FROM generate_series(1, 5)", "NOTFOUND delete (v2,2)"),
    "the row that is referred to is gone": ("DELETE FROM parent WHERE id = 9", "INSERT INTO parent VALUES (9)", "FOREIGN_KEY child_p_fkey of public.child"),
    "a new row refers to the one to be deleted": ("INSERT INTO child VALUES (50, 8)", "DELETE FROM child WHERE id = 50", "FOREIGN_KEY child_p_fkey of public.child"),
    "the empty table has a row": ("INSERT INTO filled VALUES (3, 'else')", "DELETE FROM filled", "CONFLICT insert (3)"),
}


@pytest.fixture
def planned(pair):
    pair.both(TABLES)
    pair.on_main(MOVED_ON)
    pair.plan("--schema=*", "--clean-extra").expect(0)
    return pair


@ways.not_by("updated", ways.ONE_COLUMN_MORE)
def test_each_kind_is_named_with_its_row(planned):
    before = planned.standin_state()
    wrong = []
    for name, (change, back, words) in CONFLICTS.items():
        planned.on_standin(change)
        found = planned.standin_state()
        outcome = planned.apply()
        if outcome.code != programs.CONFLICT or words not in outcome.err:
            wrong.append((name, words, outcome))
        assert planned.standin_state() == found, name
        planned.on_standin(back)
        assert planned.standin_state() == before, name
    assert wrong == []
    planned.apply().expect(0)
    planned.assert_equal()


@ways.not_by("updated", ways.ONE_COLUMN_MORE)
def test_what_is_as_main_has_it_already_is_no_conflict(planned):
    planned.on_standin("""INSERT INTO plain VALUES (100, 'new', 'w100'); UPDATE plain SET v = 'changed', w = 'w7b' WHERE id = 7; DELETE FROM plain WHERE id = 20;
        INSERT INTO "Com posite" VALUES ('k100', 100.5, '[]'); UPDATE "Com posite" SET v = '{"x": 2}' WHERE "a b" = 'k7'; DELETE FROM "Com posite" WHERE "a b" = 'k20'; DELETE FROM parent WHERE id = 8""")
    planned.apply().expect(0)
    planned.assert_equal()


def test_without_before_images_a_changed_row_is_made_mains(planned):
    planned.plan("--schema=*", "--clean-extra", "--no-before-images", "--force").expect(0)
    planned.on_standin("UPDATE plain SET v = 'else' WHERE id IN (7, 20)")
    planned.apply().expect(0)
    planned.assert_equal()


def test_ten_rows_are_named_and_the_others_counted(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 3000) i")
    pair.on_main("UPDATE t SET v = 'w' WHERE id <= 1000; DELETE FROM t WHERE id > 2000; INSERT INTO t SELECT i, 'x' FROM generate_series(5001, 6000) i")
    pair.plan("--schema=*", "--clean-extra").expect(0)
    pair.on_standin("DELETE FROM t WHERE id <= 10; UPDATE t SET v = 'y' WHERE id BETWEEN 11 AND 20 OR id > 2990; INSERT INTO t SELECT i, 'z' FROM generate_series(5001, 5100) i")
    outcome = pair.apply().expect(programs.CONFLICT)
    assert "130 rows are not as the plan saw them" in outcome.err and "and 120 more" in outcome.err
