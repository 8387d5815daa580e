"""
The rule table of plan/schema/rules/rules.c, as tests/tools/show_rules prints it, and the pairs of databases that test it,
tests/schema_rules/*.sql. Such a file is SQL for psql:

    -- What comes first is for every pair of the file.
    --- table.persistence = unlogged, permanent
    --- also: index.options
    CREATE TABLE t (id int);            -- what both databases have
    --- main
    ALTER TABLE t SET UNLOGGED;         -- what only the first one does
    --- stand-in
    …                                   -- what only the second one does

The title is a class and a field, maybe with the field's values on both sides (NULL; * is any that no rule names), or a
class and `created` (only the first one has such an object) or `renamed`; words behind a colon tell pairs of the same
title apart. Every pair has a schema of its own, which is the only one in search_path; `:name` is its name, for objects
that live in no schema, and `:new` another one. Lines that begin with `---` before the SQL:

    also: CLASS.FIELD, CLASS    what else differs: fields, or classes with objects that one side lacks
    rebuilt                     the object goes and comes back; `rebuilt there`, `rebuilt back`: in one direction only
    rewritten                   PostgreSQL rewrites the table
    rows                        rows come or go
    alone                       needs databases of its own
    warned                      PostgreSQL cannot do it; the plan's warnings name the object, which stays as it is
    since: 18 / until: 17       which servers can hold it
"""

import functools
import re
import subprocess
from pathlib import Path

from support import programs

PAIRS = Path(__file__).resolve().parents[1] / "schema_rules"
TOOLS = programs.BIN.parent / "tests" / "tools"
WITHOUT_FIELD = ("created", "renamed")


class Rule:
    """One line of the rule table. A class's own line has no field."""

    def __init__(self, line):
        self.class_, self.field, self.value, self.how, self.versions, self.what = line.split("\t")

    def __str__(self):
        return "%s.%s" % (self.class_, self.field) + ("" if self.value == "*" else " = " + self.value)


class Pair:
    """Two databases that differ in one field, or in one object."""

    def __init__(self, title, file):
        self.title, self.file = title, file
        match = re.fullmatch(r"([a-z ]+)\.(\w+)(?: = ([^:]*))?(?:: .*)?", title)
        if match is None:
            raise ValueError("%s: no title of a pair: %s" % (file, title))
        self.class_, self.field = match.group(1), match.group(2)
        self.values = tuple(v.strip() for v in match.group(3).split(",")) if match.group(3) else None
        self.also, self.flags, self.since, self.until = set(), set(), 10, 99
        self.both, self.main, self.standin = [], [], []

    def add_option(self, line):
        word, _, value = line.partition(":")
        if word == "also":
            self.also |= {item.strip() for item in value.split(",")}
        elif word in ("since", "until"):
            setattr(self, word, int(value))
        elif line in ("rebuilt", "rebuilt there", "rebuilt back", "rewritten", "rows", "alone", "warned"):
            self.flags |= {"warned", "alone"} if line == "warned" else {line}
        else:
            raise ValueError("%s: %s: no option of a pair: %s" % (self.file, self.title, line))

    @property
    def expected(self):
        """What the two catalogs must differ in, and nothing else."""
        return self.also | {self.class_ if self.field in WITHOUT_FIELD else "%s.%s" % (self.class_, self.field)}

    def script(self, side):
        """SQL for psql that makes this side of the pair."""
        return "\n".join(["\\set name %s\n\\set new %s_new" % (self.name, self.name), "CREATE SCHEMA :name; SET search_path = :name;", *self.both,
                          *(self.main if side == "main" else self.standin), "RESET ALL; RESET SESSION AUTHORIZATION;", ""])


def read_pairs(path):
    preamble, pairs, part = [], [], None
    for line in path.read_text().splitlines():
        if not line.startswith("--- "):
            (preamble if part is None else part).append(line)
        elif line in ("--- main", "--- stand-in"):
            part = pairs[-1].main if line == "--- main" else pairs[-1].standin
        elif re.match(r"--- [a-z ]+\.\w+", line):
            pairs.append(Pair(line[4:], path.name))
            part = pairs[-1].both
        else:
            pairs[-1].add_option(line[4:])
    for pair in pairs:
        pair.both = preamble + pair.both
    return pairs


def all_pairs():
    """By title; each with a name that is no prefix or suffix of another's."""
    found = {}
    for path in sorted(PAIRS.glob("*.sql")):
        for pair in read_pairs(path):
            if pair.title in found:
                raise ValueError("%s: two pairs of the title %s" % (path.name, pair.title))
            pair.name = "n%d_%s_%s" % (len(found) + 1, pair.class_.replace(" ", "_"), pair.field)
            found[pair.title] = pair
    return found


@functools.lru_cache(maxsize=None)
def _shown():
    return subprocess.run([TOOLS / "show_rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@functools.lru_cache(maxsize=None)
def rules():
    return [Rule(line) for line in _shown().stdout.splitlines()]


def _takes(rule, pair, named):
    """Does the pair meet the rule on one of its sides? `named`: the values that rules of the field name."""
    if pair.values is None:
        return rule.value == "*" and not named
    return any(v == rule.value or (rule.value == "*" and v not in named) for v in pair.values)


def uncovered(pairs):
    """What is wrong with the list: rules without a pair, pairs without a rule, and what show_rules says; as lines."""
    lines = _shown().stderr.splitlines()
    fields = {(r.class_, r.field) for r in rules()}
    for rule in rules():
        if rule.how in ("never", "no rule"):
            if rule.how == "no rule":
                lines.append("no rule for %s" % rule)
            continue
        mine = [p for p in pairs if p.class_ == rule.class_]
        if rule.field == "":
            if not any(p.field == "created" for p in mine):
                lines.append("no pair for class %s: --- %s.created" % (rule.class_, rule.class_))
        elif rule.how == "follows":
            if not any(p.field == rule.what and "%s.%s" % (rule.class_, rule.field) in p.also for p in mine):
                lines.append("no pair of %s.%s has also: %s.%s" % (rule.class_, rule.what, rule.class_, rule.field))
        else:
            named = {r.value for r in rules() if (r.class_, r.field) == (rule.class_, rule.field)} - {"*"}
            if not any(p.field == rule.field and _takes(rule, p, named) for p in mine):
                lines.append("no pair for rule %s%s" % (rule, " = * (none that other rules name)" if named and rule.value == "*" else ""))
    for pair in pairs:
        if pair.field not in WITHOUT_FIELD and (pair.class_, pair.field) not in fields:
            lines.append("%s: no rule for the pair %s" % (pair.file, pair.title))
        elif pair.class_ not in {r.class_ for r in rules()}:
            lines.append("%s: no class of the pair %s" % (pair.file, pair.title))
    return lines


class Object:
    """An object as tests/tools/show_catalog prints it."""

    def __init__(self, class_, identity):
        self.class_, self.identity, self.parent, self.fields = class_, identity, None, {}


def read_catalog(dsn):
    """Every object of the database by its class and identity."""
    shown = subprocess.run([TOOLS / "show_catalog", dsn], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=programs.SCRUBBED)
    assert shown.returncode == 0, shown.stderr
    longest = sorted({rule.class_ for rule in rules()}, key=len, reverse=True)

    def split(text):
        class_ = next(c for c in longest if text.startswith(c + " "))
        return class_, text[len(class_) + 1:]

    found, last = {}, None
    for line in shown.stdout.splitlines():
        if line.startswith("warning: "):
            raise AssertionError(line)
        if not line.startswith("    "):
            last = Object(*split(line))
            found[last.class_, last.identity] = last
        elif line.startswith("    parent: "):
            last.parent = split(line[12:])
        elif not re.match(r"    (needs|needs outside|needed by outside): ", line):
            name, _, value = line[4:].partition(" = ")
            last.fields[name] = value
    return found


class Difference:
    """One field of an object of both, or (field None) an object that one side lacks: then side says which has it."""

    def __init__(self, object_, field=None, values=None, side=None):
        self.class_, self.identity, self.field, self.values, self.side = object_.class_, object_.identity, field, values, side

    def __str__(self):
        return self.class_ + ("." + self.field if self.field is not None else "")


def catalog_differences(main, standin):
    """Of two catalogs as read_catalog() has them. What belongs to an object that one side lacks is not listed."""
    found = []
    for ours, theirs, side in ((main, standin, "main"), (standin, main, "standin")):
        for key, object_ in ours.items():
            if key not in theirs and not (object_.parent in ours and object_.parent not in theirs):
                found.append(Difference(object_, side=side))
    for key in main.keys() & standin.keys():
        ours, theirs = main[key].fields, standin[key].fields
        for field in ours.keys() | theirs.keys():
            if ours.get(field) != theirs.get(field):
                found.append(Difference(main[key], field, (ours.get(field), theirs.get(field))))
    return found
