"""
Says whether two databases are equal, by things that are not our code: pg_dump --schema-only, COPY of every table, and
what the sequences say. The journal (schema pgsyncer) is left out. As a command: tests/judge MAIN_DSN STANDIN_DSN.
"""

import hashlib
import os
import re
import subprocess
from collections import Counter

import psycopg2

from support.cluster import BIN, quote_ident

JOURNAL = "pgsyncer"
PINNED = ("SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 3;"
          " SET bytea_output = 'hex'; SET lc_monetary = 'C'; SET search_path = pg_catalog; SET row_security = off;")

TABLES = """
SELECT n.nspname, c.relname,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', %s)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2"""

SEQUENCES = """
SELECT n.nspname, c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', %s)
ORDER BY 1, 2"""

TOKEN = re.compile(r"""
    --[^\n]*                                    # comment
  | /\*.*?\*/
  | [eE]'(?:[^'\\]|\\.|'')*'                    # strings
  | '(?:[^']|'')*'
  | "(?:[^"]|"")*"                              # identifiers
  | \$(?P<tag>(?:[A-Za-z_\x80-\U0010ffff][\w]*)?)\$.*?\$(?P=tag)\$
  | \w+
  | .
""", re.VERBOSE | re.DOTALL)


class Dsn:
    """A database somewhere, for those who have a DSN and no Cluster; takes the place of one below."""

    def connect(self, dsn):
        connection = psycopg2.connect(dsn)
        connection.autocommit = True
        connection.set_client_encoding("UTF8")
        return connection

    def command(self, program, dsn, *args):
        return [os.path.join(BIN, program), "-d", dsn, *args]


def statements(dump):
    """Splits SQL text into statements, without comments; knows quotes, dollar quotes and BEGIN ATOMIC bodies."""
    found, parts, depth, previous = [], [], 0, ""
    for match in TOKEN.finditer(dump):
        token = match.group()
        if token.startswith("--") or token.startswith("/*"):
            continue
        if token == ";" and depth == 0:
            found.append("".join(parts).strip())
            parts = []
            continue
        word = token.upper()
        if (word == "ATOMIC" and previous == "BEGIN") or (word == "CASE" and depth > 0):
            depth += 1
        elif word == "END" and depth > 0:
            depth -= 1
        if not token.isspace():
            previous = word
        parts.append(token)
    rest = "".join(parts).strip()
    return found + [rest] if rest else found


def split_list(text):
    """The items of a list at top level, by commas."""
    items, parts, depth = [], [], 0
    for match in TOKEN.finditer(text):
        token = match.group()
        depth += (token in "([") - (token in ")]")
        if token == "," and depth == 0:
            items.append("".join(parts).strip())
            parts = []
        else:
            parts.append(token)
    return items + ["".join(parts).strip()]


def normalise_statement(statement):
    """In CREATE TABLE, sorts what stands between the first parentheses: the order of columns is no difference; nor in CREATE STATISTICS."""
    statistics = re.match(r"(CREATE STATISTICS .* ON )(.*)( FROM .*)", statement, re.DOTALL)
    if statistics:
        return statistics[1] + ", ".join(sorted(split_list(statistics[2]))) + statistics[3]
    if not re.match(r"CREATE (UNLOGGED |FOREIGN )?TABLE ", statement):
        return statement
    depth, start = 0, None
    for match in TOKEN.finditer(statement):
        if match.group() == "(":
            if depth == 0:
                start = match.end()
            depth += 1
        elif match.group() == ")":
            depth -= 1
            if depth == 0:
                items = sorted(split_list(statement[start:match.start()]))
                return statement[:start] + "\n    " + ",\n    ".join(items) + "\n" + statement[match.start():]
    return statement


def normalise(dump):
    """A dump as a multiset of statements."""
    lines = [line for line in dump.splitlines() if not re.match(r"\\(un)?restrict ", line)]
    kept = (normalise_statement(s) for s in statements("\n".join(lines)))
    return Counter(s for s in kept if s and not re.match(r"(SET |SELECT pg_catalog\.set_config\()", s))


def dump_schema(cluster, db):
    p = subprocess.run(cluster.command("pg_dump", db, "--schema-only", "--encoding=UTF8", "-N", JOURNAL), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if p.returncode != 0:
        raise AssertionError("pg_dump of %s failed: %s" % (db, p.stderr))
    return p.stdout


def contents(cluster, db):
    """What pg_dump has an entry of, as a set of (name, type, schema)."""
    return set(re.findall(r"^-- Name: (.*); Type: (.*); Schema: (.*); Owner: ", dump_schema(cluster, db), re.M))


def schema_differences(main, main_db, standin, standin_db):
    a, b = normalise(dump_schema(main, main_db)), normalise(dump_schema(standin, standin_db))
    return (["only main has: %s" % s for s in sorted((a - b).elements())] +
            ["only the stand-in has: %s" % s for s in sorted((b - a).elements())])


class _Digest:
    """A file for COPY that keeps a hash and a count of lines, and the lines themselves when asked to."""

    def __init__(self, keep=False):
        self.hash, self.rows = hashlib.sha256(), 0
        self.lines = bytearray() if keep else None

    def write(self, data):
        self.hash.update(data)
        self.rows += data.count(b"\n")
        if self.lines is not None:
            self.lines += data


def _session(cluster, db):
    connection = cluster.connect(db)
    with connection.cursor() as cursor:
        cursor.execute(PINNED)
    return connection


def _query(connection, sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def copy_digest(connection, schema, table, columns, keep=False):
    """The rows of one table as COPY text in the order of their text, hashed. `columns` fixes the order of columns."""
    names = ", ".join(map(quote_ident, columns))
    order = ' ORDER BY ROW(%s)::text COLLATE "C"' % names if columns else ""
    digest = _Digest(keep)
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY (SELECT %s FROM ONLY %s.%s%s) TO STDOUT" % (names, quote_ident(schema), quote_ident(table), order), digest)
    return digest


def _rows(connection, schema, table, columns):
    """The rows of one table as a multiset of lines of COPY."""
    return Counter(bytes(copy_digest(connection, schema, table, columns, keep=True).lines).decode().split("\n")[:-1])


def _row_differences(a, b, schema, table, columns, limit=3):
    left, right = _rows(a, schema, table, columns), _rows(b, schema, table, columns)
    shown = ["only in main: %s" % line[:300] for line in sorted((left - right).elements())[:limit]]
    shown += ["only in the stand-in: %s" % line[:300] for line in sorted((right - left).elements())[:limit]]
    return "%d only in main, %d only in the stand-in\n      %s" % ((left - right).total(), (right - left).total(), "\n      ".join(shown))


def data_differences(main, main_db, standin, standin_db, extra=False):
    """With `extra`, tables, columns and sequences that only the stand-in has are no difference."""
    found = []
    a, b = _session(main, main_db), _session(standin, standin_db)
    try:
        left = {(s, t): c for s, t, c in _query(a, TABLES, (JOURNAL,))}
        right = {(s, t): c for s, t, c in _query(b, TABLES, (JOURNAL,))}
        for name in sorted(left.keys() - right.keys() if extra else left.keys() ^ right.keys()):
            found.append("table %s.%s: only %s has it" % (*name, "main" if name in left else "the stand-in"))
        for name in sorted(left.keys() & right.keys()):
            columns = left[name]
            if set(columns) - set(right[name]) if extra else set(columns) != set(right[name]):
                found.append("table %s.%s: columns %s and %s" % (*name, columns, right[name]))
                continue
            x, y = copy_digest(a, *name, columns), copy_digest(b, *name, columns)
            if x.hash.digest() != y.hash.digest():
                found.append("table %s.%s: %d rows and %d rows; %s" % (*name, x.rows, y.rows, _row_differences(a, b, *name, columns)))
        found += _sequence_differences(a, b, extra)
    finally:
        a.close()
        b.close()
    return found


def _sequence_differences(a, b, extra):
    states = []
    for connection in (a, b):
        state = {}
        for schema, name in _query(connection, SEQUENCES, (JOURNAL,)):
            state[schema, name] = _query(connection, "SELECT last_value, is_called FROM %s.%s" % (quote_ident(schema), quote_ident(name)))[0]
        states.append(state)
    left, right = states
    return ["sequence %s.%s: %s and %s" % (*name, left.get(name), right.get(name))
            for name in sorted(left.keys() if extra else left.keys() | right.keys()) if left.get(name) != right.get(name)]


def differences(main, main_db, standin, standin_db):
    """Everything in which the two databases differ, as readable lines; empty when they are equal."""
    return schema_differences(main, main_db, standin, standin_db) + data_differences(main, main_db, standin, standin_db)


def assert_equal(main, main_db, standin, standin_db):
    found = differences(main, main_db, standin, standin_db)
    assert not found, "%d differences:\n  %s" % (len(found), "\n  ".join(found[:20]))


def rows(cluster, db):
    """Every table's rows as a multiset of lines of COPY, by (schema, table)."""
    connection = _session(cluster, db)
    try:
        return {(s, t): _rows(connection, s, t, sorted(c)) for s, t, c in _query(connection, TABLES, (JOURNAL,))}
    finally:
        connection.close()


def state(cluster, db):
    """A database's whole state as a comparable value: the normalised dump, every table's hash, the sequences."""
    connection = _session(cluster, db)
    try:
        tables = {(s, t): copy_digest(connection, s, t, sorted(c)).hash.hexdigest() for s, t, c in _query(connection, TABLES, (JOURNAL,))}
        sequences = {n: _query(connection, "SELECT last_value, is_called FROM %s.%s" % (quote_ident(n[0]), quote_ident(n[1])))[0]
                     for n in _query(connection, SEQUENCES, (JOURNAL,))}
        return normalise(dump_schema(cluster, db)), tables, sequences
    finally:
        connection.close()
