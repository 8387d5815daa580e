"""
Says whether databases of two server versions are equal, by things that are not our code: COPY of every table, what the
catalogs say in words that no version changed, and pg_dump where Debian's can read both.
"""

import io
import re
import subprocess
from contextlib import closing

from support import judge
from support.cluster import quote_ident

# Every version prints 15 digits of a float alike; all of its bits are compared by its binary form beside that.
PINNED = judge.PINNED.replace("extra_float_digits = 3", "extra_float_digits = 0")

# No expression is among them but those that no version words in a way of its own. OWN(x): x is a schema of the user's.
CATALOG = {
    "relations": """
        SELECT c.relkind, c.oid::regclass, c.relpersistence, c.relrowsecurity, c.relispartition,
               array(SELECT unnest(c.reloptions) ORDER BY 1), pg_get_expr(c.relpartbound, c.oid),
               CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, obj_description(c.oid, 'pg_class')
        FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I') AND OWN(c.relnamespace)""",
    "columns": """
        SELECT a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               (SELECT o.collname FROM pg_collation o, pg_type t WHERE o.oid = a.attcollation AND t.oid = a.atttypid AND t.typcollation <> o.oid), nullif(a.attstattarget, -1), a.attfdwoptions,
               a.attstorage, col_description(a.attrelid, a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped AND OWN(c.relnamespace)""",
    "defaults": """
        SELECT d.adrelid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
        JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE OWN(c.relnamespace)""",
    "constraints": """
        SELECT k.conrelid::regclass, k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated, pg_get_constraintdef(k.oid)
        FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND OWN(k.connamespace)
          AND (k.contype <> 'f' OR coalesce(to_jsonb(k) ->> 'conparentid', '0') = '0')""",
    # A constraint from 17 (domains) and 18 (columns) on; no ALTER changes the name of what is inherited.
    "not null": """
        SELECT k.conrelid::regclass, k.contypid::regtype, (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]), CASE WHEN k.coninhcount = 0 THEN k.conname END, k.convalidated,
               obj_description(k.oid, 'pg_constraint')
        FROM pg_constraint k WHERE k.contype = 'n' AND OWN(k.connamespace)""",
    "indexes": """
        SELECT c.oid::regclass, pg_get_indexdef(c.oid), i.indisvalid
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE OWN(c.relnamespace)""",
    "triggers": """
        SELECT c.oid::regclass, t.tgname, t.tgenabled, replace(pg_get_triggerdef(t.oid), 'EXECUTE PROCEDURE', 'EXECUTE FUNCTION')
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND NOT c.relispartition AND OWN(c.relnamespace)""",
    "functions": """
        SELECT p.oid::regprocedure, md5(p.prosrc), p.provolatile, p.proisstrict, p.prosecdef, p.proconfig, p.procost, p.prorows,
               p.proparallel, pg_get_function_result(p.oid)
        FROM pg_proc p WHERE OWN(p.pronamespace)
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype IN ('e', 'i'))""",
    "types": """
        SELECT t.oid::regtype, t.typtype, t.typnotnull, format_type(t.typbasetype, t.typtypmod),
               array(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
        FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c') AND OWN(t.typnamespace)""",
    "policies": """
        SELECT p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polwithcheck, p.polrelid)
        FROM pg_policy p""",
    "operators": """
        SELECT o.oid::regoperator, o.oprcode::regproc, o.oprcom::regoperator
        FROM pg_operator o WHERE OWN(o.oprnamespace)
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')""",
    "publications": """
        SELECT p.pubname, p.pubinsert, p.pubupdate, p.pubdelete, r.prrelid::regclass
        FROM pg_publication p LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid""",
    "statistics": "SELECT s.stxname, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s",
    "grants": """
        SELECT c.oid::regclass, CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable
        FROM pg_class c CROSS JOIN aclexplode(c.relacl) a WHERE a.grantee <> c.relowner AND OWN(c.relnamespace)""",
}

# What pg_dump repeats of the texts in since_10.sql, as newer servers word it and as older ones do.
REWORDED = {
    "(CURRENT_USER)::text": "CURRENT_USER",
    "((now() AT TIME ZONE 'UTC'::text))::date": "(timezone('UTC'::text, now()))::date",
    "POSITION(('a'::text) IN ('ba'::text))": "\"position\"('ba'::text, 'a'::text)",
    "SUBSTRING('abc'::text FROM 2 FOR 1)": "\"substring\"('abc'::text, 2, 1)",
    "TRIM(BOTH 'x'::text FROM 'xax'::text)": "btrim('xax'::text, 'x'::text)",
}

OWN = (r"\1 IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgsyncer'))")


def _catalog(server, db):
    found = {}
    with closing(server.connect(db)) as connection, connection.cursor() as cursor:
        cursor.execute("SET search_path = pg_catalog")
        for name, query in CATALOG.items():
            cursor.execute("SELECT row_to_json(x)::text FROM (%s) x" % re.sub(r"OWN\(([a-z.]+)\)", OWN, query))
            found[name] = sorted(row[0] for row in cursor.fetchall())
    return found


def _rows(server, db):
    """Per table: the sorted lines of COPY, and the binary form of its floats."""
    found = {}
    with closing(server.connect(db)) as connection, connection.cursor() as cursor:
        cursor.execute(PINNED)
        cursor.execute(judge.TABLES, (judge.JOURNAL,))
        for schema, table, columns in cursor.fetchall():
            name = "%s.%s" % (quote_ident(schema), quote_ident(table))
            cursor.execute("SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"
                           " AND a.atttypid = 'float8'::regtype", (name,))
            floats = ["encode(float8send(%s), 'hex')" % quote_ident(c) for (c,) in cursor.fetchall()]
            lines = _copy(cursor, "SELECT %s FROM ONLY %s" % (", ".join([quote_ident(c) for c in sorted(columns)] + floats), name))
            found[name] = sorted(lines)
    return found


def _copy(cursor, query):
    out = io.BytesIO()
    cursor.copy_expert("COPY (%s) TO STDOUT" % query, out)
    return out.getvalue().splitlines(keepends=True)


def _dump(server, db):
    """pg_dump's statements without those that say which server it was, sorted: the order of columns in them may differ."""
    out = subprocess.run(server.command("pg_dump", db, "--schema-only", "--exclude-schema=pgsyncer"), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    assert out.returncode == 0, out.stderr
    text = re.sub(r"(?m)^\\(un)?restrict .*$", "", out.stdout).replace("EXECUTE PROCEDURE", "EXECUTE FUNCTION")
    for new, old in REWORDED.items():
        text = text.replace(new, old)
    # Before 14 there are no multirange types; their default names say nothing.
    text = re.sub(r"(?m)^ *multirange_type_name = [\w.]+_multirange,?$", "", text).replace("subtype = numeric,", "subtype = numeric")
    # pg_database_owner, which owns the schema public from 15 on, is not there before 14.
    passed_over = ("SET ", "SELECT pg_catalog.set_config", "ALTER SCHEMA public OWNER TO")
    return sorted(" ".join(sorted(line.strip().rstrip(",") for line in statement.splitlines() if line.strip()))
                  for statement in judge.statements(text) if not statement.startswith(passed_over))


def state(server, db):
    """All that the database holds, for comparing it with itself."""
    return _rows(server, db), _catalog(server, db)


def differences(main, main_db, standin, standin_db):
    """What differs, as lines; none where the two are equal."""
    lines = []
    ours, theirs = _rows(main, main_db), _rows(standin, standin_db)
    for table in sorted(set(ours) | set(theirs)):
        if ours.get(table) != theirs.get(table):
            left, right = set(ours.get(table, ())), set(theirs.get(table, ()))
            lines.append("rows of %s: %s, %s" % (table, sorted(left - right)[:2], sorted(right - left)[:2]))
    ours, theirs = _catalog(main, main_db), _catalog(standin, standin_db)
    for name in CATALOG:
        if name == "not null" and main.version != standin.version:
            continue
        lines += ["%s: only main: %s" % (name, x) for x in ours[name] if x not in theirs[name]]
        lines += ["%s: only stand-in: %s" % (name, x) for x in theirs[name] if x not in ours[name]]
    if max(main.version, standin.version) <= 15:
        ours, theirs = _dump(main, main_db), _dump(standin, standin_db)
        lines += ["pg_dump: only main: %s" % x for x in ours if x not in theirs]
        lines += ["pg_dump: only stand-in: %s" % x for x in theirs if x not in ours]
    return lines
