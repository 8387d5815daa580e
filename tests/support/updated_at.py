"""
Tables for --use-updated-at, out of tables that were not made for it: every one gets a column that says when its rows changed, and main's
rows that the stand-in does not have are given a newer time. No trigger does it, so that nothing else changes.
"""

import psycopg2

SINCE = "2026-06-01 00:00:00+00"
OLD, NEW = "2026-01-01 00:00:00+00", "2026-10-01 00:00:00+00"

# Tables of the user's that can have a column more: no partition, no typed table, no child, nothing of an extension.
TABLES = """
SELECT c.oid::regclass::text
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'pgsyncer'
WHERE c.relkind IN ('r', 'p') AND c.reloftype = 0 AND NOT c.relispartition AND c.relnatts < 1500
  AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'updated_at')
ORDER BY 1"""

# Where rows are: the table, and the columns that its rows are told by.
MOVING = """
SELECT n.nspname, c.relname, c.oid::regclass::text, format_type(u.atttypid, NULL), array_agg(format('%I', a.attname) ORDER BY a.attname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_'
JOIN pg_attribute u ON u.attrelid = c.oid AND u.attname = 'updated_at' AND u.attgenerated = ''
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND u.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
GROUP BY n.nspname, c.relname, c.oid, u.atttypid"""

# Where a table, and what inherits from it, has the column from.
ROOTS = """
WITH RECURSIVE above AS (
    SELECT %s::regclass::oid AS oid
    UNION
    SELECT i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.oid
)
SELECT a.oid::regclass::text FROM above a WHERE NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = a.oid)"""

QUIET = "SET search_path = ''; SET session_replication_role = replica; SET row_security = off; SET extra_float_digits = 3; SET test.quiet = on;"


def add_columns(cluster, db):
    with_column = cluster.connect(db)
    with with_column.cursor() as cursor:
        cursor.execute(QUIET)
        cursor.execute("SET search_path = ''" + ";" + TABLES)
        for (table,) in cursor.fetchall():
            try:
                cursor.execute("ALTER TABLE %s ADD updated_at timestamptz DEFAULT '%s'" % (table, OLD))
            except psycopg2.errors.FeatureNotSupported:
                pass    # a column elsewhere has its row type
    with_column.close()


def texts(cluster, db, table, columns):
    return cluster.rows(db, QUIET + "SELECT ctid::text, ROW(%s)::text FROM ONLY %s" % (columns, table))


def is_moved(cluster, db, table, type, rows):
    """A constraint, a trigger, a rule or a publication may keep rows as they are."""
    try:
        cluster.rows(db, QUIET + "UPDATE ONLY %s SET updated_at = %%s::timestamptz::%s WHERE ctid = ANY (%%s::tid[])" % (table.replace("%", "%%"), type), (NEW, rows))
    except psycopg2.Error:
        return False
    return cluster.value(db, QUIET + "SELECT count(*) FROM ONLY %s WHERE updated_at = %%s::timestamptz::%s" % (table.replace("%", "%%"), type), (NEW,)) >= len(rows)


def move(main, main_db, standin, standin_db):
    """
    Gives main's rows that the stand-in lacks a newer time, as an application would have done on both sides. A table that does not take it
    loses the column again, and is compared in full.
    """
    there = {(schema, name): columns for schema, name, _, _, columns in standin.rows(standin_db, QUIET + MOVING)}
    for schema, name, table, type, columns in main.rows(main_db, QUIET + MOVING):
        if (schema, name) not in there:
            continue    # copied
        both = ", ".join(column for column in columns if column in there[schema, name])
        known = {text for _, text in texts(standin, standin_db, table, both)}
        moved = [ctid for ctid, text in texts(main, main_db, table, both) if text not in known]
        if moved and not is_moved(main, main_db, table, type, moved):
            for cluster, db in ((main, main_db), (standin, standin_db)):
                for (root,) in cluster.rows(db, QUIET + ROOTS, (table,)):
                    cluster.rows(db, QUIET + "ALTER TABLE %s DROP updated_at" % root)
            return move(main, main_db, standin, standin_db)
