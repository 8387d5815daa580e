"""Rows of every type: two rows that differ in one value, however little, are told apart, and only such rows are sent."""

import io
from collections import Counter

import pytest

from support import judge
from support.pair import Pair
from support.type_values import FILLER, OBJECTS, VALUES, WITHOUT_INPUT, literal

# Every type of the database that can be a column's, but for the arrays that belong to another type, and the rows of tables.
STORABLE = """
    SELECT format_type(t.oid, NULL) FROM pg_type t
    WHERE t.typtype IN ('b', 'c', 'd', 'e', 'm', 'r') AND t.typisdefined AND t.typnamespace <> 'information_schema'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
      AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')"""

EVERY_EXTENSION = """
    DO $$ DECLARE e text; BEGIN
        FOR e IN SELECT name FROM pg_available_extensions WHERE installed_version IS NULL ORDER BY 1 LOOP
            BEGIN EXECUTE format('CREATE EXTENSION %I CASCADE', e); EXCEPTION WHEN OTHERS THEN RAISE WARNING '%: %', e, SQLERRM; END;
        END LOOP; END $$"""


def base_of(type):
    """The type without its collation and its length."""
    return type.split(" COLLATE ")[0]


def test_every_type_has_its_values(databases):
    """Of the server, of every extension that is installed with it, and of each kind that users make."""
    main, db = databases.main, databases.main_db
    main.psql(db, OBJECTS + EVERY_EXTENSION)
    known = {name for name, in main.rows(db, "SELECT format_type(n::regtype, NULL) FROM unnest(%s::text[]) n", ([base_of(t) for t in (*VALUES, *WITHOUT_INPUT)],))}
    missing = {name for name, in main.rows(db, STORABLE)} - known
    assert not missing, sorted(missing)


class Case:
    """The tables of one type: `pairs` holds each value against each other one, alone, in an array and in a composite type."""

    def __init__(self, number, type, values):
        self.number, self.type, self.values = number, type, [None, *values]

    def table(self, name):
        return "%s_%03d" % (name, self.number)

    @property
    def has_array(self):
        return not self.type.endswith("[]")

    def tables_sql(self):
        """What both sides have."""
        base, collation = base_of(self.type), self.type[len(base_of(self.type)):]
        lines = ["CREATE TABLE %s (i int PRIMARY KEY, v %s)" % (self.table("value"), self.type),
                 "INSERT INTO %s VALUES %s" % (self.table("value"), ", ".join("(%d, %s)" % (i, literal(v, base)) for i, v in enumerate(self.values))),
                 "CREATE TYPE %s AS (v %s)" % (self.table("holder"), self.type),
                 "CREATE TABLE %s (shape int, i int, j int, v %s, a %s[]%s, c %s, PRIMARY KEY (shape, i, j))"
                 % (self.table("pairs"), self.type, base.removesuffix("[]"), collation, self.table("holder")),
                 "CREATE TABLE %s (v %s, c %s)" % (self.table("bag"), self.type, self.table("holder")),
                 "CREATE TABLE %s (i int PRIMARY KEY, v %s)" % (self.table("empty"), self.type)]
        return ";\n".join(lines) + ";\n"

    def rows_sql(self, side):
        """The rows of one side: "a" or "b" is the one of the two values that it holds."""
        pairs = self.table("pairs")
        source = "FROM %s a, %s b" % (self.table("value"), self.table("value"))
        lines = ["INSERT INTO %s SELECT 0, a.i, b.i, %s.v, NULL, NULL %s" % (pairs, side, source),
                 "INSERT INTO %s SELECT 2, a.i, b.i, NULL, NULL, ROW(%s.v)::%s %s" % (pairs, side, self.table("holder"), source)]
        if self.has_array:
            lines.append("INSERT INTO %s SELECT 1, a.i, b.i, NULL, ARRAY[%s.v], NULL %s" % (pairs, side, source))
        copies = "i % 3" if side == "a" else "(i + 1) * 2 % 5"
        lines.append("INSERT INTO %s SELECT v, ROW(v)::%s FROM %s, generate_series(1, %s)" % (self.table("bag"), self.table("holder"), self.table("value"), copies))
        return ";\n".join(lines) + ";\n"

    def fills_sql(self):
        """Only main has these: rows for the table that is empty there, and a table that is not there."""
        return "INSERT INTO %s SELECT * FROM %s;\nCREATE TABLE %s AS TABLE %s;\n" % (self.table("empty"), self.table("value"), self.table("fresh"), self.table("value"))

    def expected(self, texts):
        """The rows that must be sent of (pairs, bag), from the values' texts as COPY writes them."""
        different = sum(a != b for a in texts for b in texts) * (3 if self.has_array else 2)
        here, there = Counter(), Counter()
        for i, text in enumerate(texts):
            here[text] += i % 3
            there[text] += (i + 1) * 2 % 5
        return {self.table("pairs"): (0, different, 0), self.table("bag"): ((here - there).total(), 0, (there - here).total()),
                self.table("empty"): (len(texts), 0, 0), self.table("fresh"): (len(texts), 0, 0), self.table("value"): (0, 0, 0)}


CASES = [Case(number, type, values) for number, (type, values) in enumerate(VALUES.items())]


def texts_of(cluster, db):
    """By case, the text of each value."""
    connection = cluster.connect(db)
    found = []
    with connection.cursor() as cursor:
        cursor.execute(judge.PINNED)
        for case in CASES:
            out = io.StringIO()
            cursor.copy_expert("COPY (SELECT v FROM public.%s ORDER BY i) TO STDOUT" % case.table("value"), out)
            found.append(out.getvalue().splitlines())
    connection.close()
    return found


@pytest.fixture(scope="module")
def made(built, main_cluster, standin_cluster, tmp_path_factory):
    """Both databases with the tables of every type; the oids of what users made differ."""
    made = Pair(main_cluster, standin_cluster, "types_main", "types_standin", tmp_path_factory.mktemp("types"))
    main_cluster.createdb(made.main_db)
    standin_cluster.createdb(made.standin_db)
    made.on_standin(FILLER)
    made.both(OBJECTS + "".join(case.tables_sql() for case in CASES))
    made.on_main("".join(case.rows_sql("a") + case.fills_sql() for case in CASES))
    made.on_standin("".join(case.rows_sql("b") for case in CASES))
    made.both("CREATE TABLE without_input (id int PRIMARY KEY, %s)" % ", ".join("c%d %s" % (i, type) for i, type in enumerate(WITHOUT_INPUT)))
    made.on_main("INSERT INTO without_input (id) VALUES (1), (2)")
    made.on_standin("INSERT INTO without_input (id) VALUES (2), (3)")
    yield made
    main_cluster.dropdb(made.main_db)
    standin_cluster.dropdb(made.standin_db)


@pytest.fixture
def types(made, tmp_path):
    """The same, with a stand-in of its own."""
    db = made.standin.createdb("types_copy", template=made.standin_db)
    yield Pair(made.main, made.standin, made.main_db, db, tmp_path)
    made.standin.dropdb(db)


@pytest.mark.parametrize("hash", ["server", "client"])
def test_every_value_against_every_other(types, hash):
    """Each pair of values in both directions, NULL among them; equal texts are no difference."""
    how = ("--schema=*", "--clean-extra", "--hash=" + hash)
    if hash == "client":
        types.way = "apply"  # psql could not prove it
    types.plan(*how).expect(0)
    found = {t["name"]: (t["insert"], t["update"], t["delete"]) for t in types.show()["tables"]}
    wrong = ["%s: %s: expected %s, found %s" % (case.type, table, rows, found[table])
             for case, texts in zip(CASES, texts_of(types.main, types.main_db)) for table, rows in case.expected(texts).items() if found[table] != rows]
    assert not wrong, "\n".join(wrong)
    types.apply().expect(0)
    names = dict(types.main.rows(types.main_db, "SELECT relname::text, format_type(atttypid, atttypmod) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid WHERE attname = 'v'"))
    left = ["%s: %s" % (next((type for name, type in names.items() if name in line), ""), line) for line in judge.differences(types.main, types.main_db, types.standin, types.standin_db)]
    assert not left, "\n".join(left)
    types.plan(*how, "--force", "--detailed-exitcode").expect(0)
