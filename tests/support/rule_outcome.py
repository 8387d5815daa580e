"""
What becomes of pairs of databases of tests/support/rule_pairs.py: each side becomes the other, comes into being and
goes; and whether that is done as the rule table says, with tables and rows kept.
"""

import itertools
import re

from support import rule_pairs
from support.pair import Pair

_numbers = itertools.count(1)

TABLES = """
SELECT c.oid::regclass::text, c.oid::int8, pg_relation_filenode(c.oid)::int8
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname ~ '^n[0-9]+_'"""


class Databases:
    """Main and stand-in with both sides of some pairs, as often as they are needed."""

    def __init__(self, cluster, folder, pairs, assert_equal):
        self.assert_equal = assert_equal
        self.cluster, self.folder, self.pairs, self.made = cluster, folder, pairs, []
        self.warned = any("warned" in pair.flags for pair in pairs)

    def make(self, side):
        """A new database with that side of the pairs; side None: an empty one."""
        db = self.cluster.createdb("rules%d" % next(_numbers))
        self.made.append(db)
        if side is not None:
            self.cluster.psql(db, "\n".join(pair.script(side) for pair in self.pairs))
        return db

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for db in self.made:
            for (name,) in self.cluster.rows(db, "SELECT subname::text FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()"):
                self.cluster.rows(db, 'ALTER SUBSCRIPTION "%s" DISABLE' % name)
                self.cluster.rows(db, 'ALTER SUBSCRIPTION "%s" SET (slot_name = NONE)' % name)
                self.cluster.rows(db, 'DROP SUBSCRIPTION "%s"' % name)
            self.cluster.dropdb(db)

    def synchronise(self, main_db, standin_db):
        """The whole job; returns its plan, and the stand-in's tables before and after."""
        pair = Pair(self.cluster, self.cluster, main_db, standin_db, self.folder)
        before = {row[0]: row[1:] for row in self.cluster.rows(standin_db, TABLES)}
        pair.plan("--schema=*", "--clean-extra", "--force").expect(0)
        document = pair.show()
        pair.apply().expect(0)
        if not self.warned:
            self.assert_equal(pair)
        pair.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force", output=pair.folder / "second.pgplan").expect(0)
        return document, before, {row[0]: row[1:] for row in self.cluster.rows(standin_db, TABLES)}


class Outcome:
    """What became of some pairs in the same databases."""

    def __init__(self, cluster, folder, pairs, assert_equal=lambda pair: pair.assert_equal()):
        with Databases(cluster, folder, pairs, assert_equal) as databases:
            main, standin = databases.make("main"), databases.make("stand-in")
            catalogs = [rule_pairs.read_catalog(cluster.dsn(db)) for db in (main, standin)]
            self.differences = rule_pairs.catalog_differences(*catalogs)
            self.there = databases.synchronise(main, databases.make("stand-in"))
            self.back = databases.synchronise(standin, databases.make("main"))
            if not databases.warned and not any(pair.class_ == "subscription" for pair in pairs):
                for db in (main, standin):
                    created = databases.make(None)
                    databases.synchronise(db, created)
                    databases.synchronise(databases.make(None), created)


def belongs_to(pair, identity):
    return "alone" in pair.flags or re.search(r"(?<!\w)%s(_new)?(?!\w)" % pair.name, identity) is not None


def check_values(pair, differences):
    """Does the field have the values that the title says, on each side?"""
    named = {r.value for r in rule_pairs.rules() if (r.class_, r.field) == (pair.class_, pair.field)} - {"*"}
    for difference in differences:
        if pair.values is None or (difference.class_, difference.field) != (pair.class_, pair.field):
            continue
        for wanted, value in zip(pair.values, difference.values):
            shown = "NULL" if value is None else value
            assert wanted == shown or (wanted == "*" and shown not in named), "%s is %s, not %s" % (difference, shown, wanted)


def rule_for(pair, value):
    rules = [r for r in rule_pairs.rules() if (r.class_, r.field) == (pair.class_, pair.field)]
    return next((r for r in rules if r.value == ("NULL" if value is None else value)), None) or next(r for r in rules if r.value == "*")


def check_statements(pair, differences, document, side):
    """Is the difference carried out as the rule says?"""
    statements = [s for s in document["statements"] if belongs_to(pair, s["object"]) or belongs_to(pair, s["sql"])]
    dropped = {(s["class"], s["object"]) for s in statements if s["action"] == "drop"}
    mine = [d for d in differences if (d.class_, d.field) == (pair.class_, pair.field)]
    for difference in mine:
        rule = rule_for(pair, difference.values[0 if side == "main" else 1])
        if rule.how == "ignore" and not pair.also:
            assert not statements, "the rule says: ignore, the plan: %s" % [s["sql"] for s in statements]
        if "warned" in pair.flags:
            assert [w for w in document["warnings"] if belongs_to(pair, w)], "no warning: %s" % document["warnings"]
        rebuilt = (difference.class_, difference.identity) in dropped
        if rule.how == "parent" or "warned" in pair.flags:
            continue
        if rule.how == "rebuild" or {"rebuilt", "rebuilt there" if side == "main" else "rebuilt back"} & pair.flags:
            assert rebuilt, "is not rebuilt: %s" % [s["sql"] for s in statements]
        else:
            assert not rebuilt, "is rebuilt: %s" % [s["sql"] for s in statements]
    if pair.field == "renamed":
        assert not dropped, "is not renamed: %s" % [s["sql"] for s in statements]
    if "warned" in pair.flags and not mine:
        assert [w for w in document["warnings"] if belongs_to(pair, w)] or side != "main", "no warning: %s" % document["warnings"]
    elif not mine:
        assert any(d.class_ == pair.class_ for d in differences), "no %s is created" % pair.class_


def check_tables(pair, document, before, after):
    """No table of both sides is another one afterwards, or rewritten without need; and no row of theirs comes or goes."""
    replaced = (pair.class_, pair.field) in (("table", "kind"), ("table", "partition_key"))
    for name in before.keys() & after.keys():
        if belongs_to(pair, name) and not replaced:
            assert before[name][0] == after[name][0], "table %s was replaced" % name
            assert "rewritten" in pair.flags or before[name][1] == after[name][1], "table %s was rewritten" % name
    for table in document["tables"]:
        name = table["schema"] + "." + table["name"]
        if belongs_to(pair, name) and name in before.keys() & after.keys():
            assert "rows" in pair.flags or table["insert"] == table["delete"] == 0, "rows of %s come or go: %s" % (name, table)


def check(pair, outcome):
    differences = [d for d in outcome.differences if belongs_to(pair, d.identity)]
    assert {str(d) for d in differences} == pair.expected
    check_values(pair, differences)
    for side, (document, before, after) in (("main", outcome.there), ("stand-in", outcome.back)):
        check_statements(pair, differences, document, side)
        check_tables(pair, document, before, after)


