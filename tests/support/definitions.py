"""Indexes and constraints of every kind, and whether the catalog reader has of each what the server itself prints."""

import subprocess

from support import programs

SHOW_CATALOG = programs.BIN.parent / "tests/tools/show_catalog"

# Names that servers quote, and such that they do not; words that are keys in some versions only.
NAMES = ["plain", "Upper", "with space", 'qu"ote', "_under", "a1", "1a", "dol$lar", "select", "between", "abort", "value", "char", "merge", "overlay",
         "json", "json_scalar", "normalize", "period", "é", "point|bar", "x" * 63]

SCHEMA = """
CREATE SCHEMA "Odd one";
CREATE DOMAIN code AS text COLLATE "C";
CREATE DOMAIN positive AS int CONSTRAINT positive_value CHECK (VALUE > 0) CONSTRAINT positive_once CHECK (VALUE > 0);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b text);
CREATE TABLE kinds (gone int, i int, b bigint, o oid, t text, c text COLLATE "C", v varchar(20), p char(4), d code, m mood, n numeric(10,2), ts timestamptz,
    iv interval, u uuid, a int[], r int4range, j jsonb, net inet, vec tsvector, nm name, bits bit varying(3), fixed bit(3), pos positive, comp pair, at date, by bytea,
    CONSTRAINT kinds_pk PRIMARY KEY (i, b));
ALTER TABLE kinds DROP gone;
CREATE INDEX ON kinds (i);
CREATE INDEX ON kinds (b, i, t);
CREATE UNIQUE INDEX ON kinds (u);
CREATE INDEX ON kinds (t, c, v, p, d);
CREATE INDEX ON kinds (m); CREATE INDEX ON kinds (n); CREATE INDEX ON kinds (ts); CREATE INDEX ON kinds (iv); CREATE INDEX ON kinds (a); CREATE INDEX ON kinds (r);
CREATE INDEX ON kinds (net); CREATE INDEX ON kinds (nm); CREATE INDEX ON kinds (bits); CREATE INDEX ON kinds (fixed); CREATE INDEX ON kinds (pos); CREATE INDEX ON kinds (at);
CREATE INDEX ON kinds (by); CREATE INDEX ON kinds (comp);
CREATE INDEX ON kinds (o); CREATE INDEX ON kinds (i oid_ops);
CREATE INDEX ON kinds (t bpchar_ops); CREATE INDEX ON kinds (v bpchar_ops);
CREATE INDEX ON kinds (bits bit_ops); CREATE INDEX ON kinds (fixed varbit_ops);
CREATE INDEX ON kinds (t text_pattern_ops); CREATE INDEX ON kinds (v varchar_pattern_ops); CREATE INDEX ON kinds (v varchar_ops); CREATE INDEX ON kinds (i, t text_pattern_ops);
CREATE INDEX ON kinds (t COLLATE "C"); CREATE INDEX ON kinds (c COLLATE "default"); CREATE INDEX ON kinds (c COLLATE "C"); CREATE INDEX ON kinds (d COLLATE "POSIX", i);
CREATE INDEX ON kinds (i DESC); CREATE INDEX ON kinds (i NULLS FIRST); CREATE INDEX ON kinds (i DESC NULLS LAST, b); CREATE INDEX ON kinds (b, i DESC);
CREATE INDEX ON kinds (lower(t)); CREATE INDEX ON kinds (i, (b + 1)); CREATE INDEX ON kinds (i) WHERE b > 3;
CREATE INDEX ON kinds (i) WITH (fillfactor = 70); CREATE INDEX fast ON kinds USING gin (a) WITH (fastupdate = off);
CREATE INDEX ON kinds USING hash (t); CREATE INDEX ON kinds USING hash (i); CREATE INDEX ON kinds USING brin (ts); CREATE INDEX ON kinds USING brin (ts) WITH (pages_per_range = 4);
CREATE INDEX ON kinds USING gin (a); CREATE INDEX ON kinds USING gin (j); CREATE INDEX ON kinds USING gin (j jsonb_path_ops); CREATE INDEX ON kinds USING gin (vec);
CREATE INDEX ON kinds USING gist (r); CREATE INDEX ON kinds USING gist (net inet_ops); CREATE INDEX ON kinds USING spgist (r); CREATE INDEX ON kinds USING gist (vec);
CREATE INDEX ON kinds ((kinds IS NOT NULL));
CREATE INDEX invalid ON kinds (i, n); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'invalid'::regclass;
ALTER TABLE kinds RENAME t TO "Text"; ALTER TABLE kinds RENAME n TO number;
ALTER TABLE kinds
    ADD CONSTRAINT few CHECK (i < 9), ADD CONSTRAINT few_too CHECK (i < 9), ADD CONSTRAINT third CHECK (b < 9),
    ADD CONSTRAINT no_heirs CHECK (i < 9) NO INHERIT, ADD CONSTRAINT later CHECK (i < 9) NOT VALID, ADD CONSTRAINT always CHECK (1 < 2),
    ADD CONSTRAINT whole CHECK (kinds IS NOT NULL), ADD CONSTRAINT of_this CHECK (tableoid > 0), ADD CONSTRAINT two CHECK (i < b),
    ADD CONSTRAINT inner_field CHECK ((comp).a > 1), ADD CONSTRAINT moody CHECK (m <> 'sad'),
    ADD CONSTRAINT kinds_u UNIQUE ("Text"), ADD CONSTRAINT kinds_uu UNIQUE (number, u) WITH (fillfactor = 60),
    ADD CONSTRAINT kinds_late UNIQUE (u) DEFERRABLE, ADD CONSTRAINT kinds_later UNIQUE (b) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT kinds_no_overlap EXCLUDE USING gist (r WITH &&) WHERE (i > 3);
CREATE TABLE same (gone int, i int, b bigint, "Text" text);
ALTER TABLE same DROP gone;
ALTER TABLE same ADD CONSTRAINT same_few CHECK (i < 9), ADD CONSTRAINT same_both CHECK (i < b), ADD CONSTRAINT same_heirs CHECK (i < 9) NO INHERIT,
    ADD CONSTRAINT same_whole CHECK (same IS NOT NULL);
CREATE TABLE renamed (gone int, i int, b bigint);
ALTER TABLE renamed ADD CONSTRAINT renamed_few CHECK (i < 9), ADD CONSTRAINT renamed_both CHECK (i < b);
ALTER TABLE renamed RENAME i TO "I"; ALTER TABLE renamed RENAME b TO i;
CREATE TABLE heir (more int) INHERITS (renamed);
CREATE TABLE "Odd one"."tab ""le" (i int CONSTRAINT odd_pk PRIMARY KEY, b text CONSTRAINT odd_refers REFERENCES kinds ("Text") MATCH FULL) WITH (fillfactor = 50);
CREATE INDEX "In dex" ON "Odd one"."tab ""le" (b);
CREATE MATERIALIZED VIEW seen AS SELECT i, "Text" FROM kinds;
CREATE INDEX ON seen (i, "Text"); CREATE UNIQUE INDEX ON seen (i);
CREATE TABLE divided (i int, b int) PARTITION BY RANGE (i);
CREATE TABLE part PARTITION OF divided FOR VALUES FROM (1) TO (9);
CREATE INDEX ON part (b);
CREATE TABLE words (%s);
CREATE INDEX every_word ON words (%s);
"""

# What came with a version.
SINCE = {
    11: """CREATE INDEX measured ON kinds (i, (b * 2)); ALTER INDEX measured ALTER COLUMN 2 SET STATISTICS 77;
           CREATE INDEX ON divided (b); CREATE INDEX only_this ON ONLY divided (i, b); CREATE UNIQUE INDEX ON divided (i);
           CREATE INDEX ON kinds (i) INCLUDE (b, "Text"); CREATE UNIQUE INDEX ON kinds (b) INCLUDE (i);
           ALTER TABLE divided ADD CONSTRAINT divided_pk PRIMARY KEY (i);
           ALTER TABLE same ADD CONSTRAINT same_pk PRIMARY KEY (i) INCLUDE (b), ADD CONSTRAINT same_u UNIQUE (b) INCLUDE ("Text");""",
    13: "CREATE INDEX ON kinds USING gist (vec tsvector_ops (siglen = 100));",
    15: """CREATE UNIQUE INDEX ON kinds (u, i) NULLS NOT DISTINCT; ALTER TABLE kinds ADD CONSTRAINT kinds_one_null UNIQUE NULLS NOT DISTINCT (number);""",
    18: """ALTER TABLE same ADD CONSTRAINT unenforced CHECK (i < 9) NOT ENFORCED; CREATE EXTENSION IF NOT EXISTS btree_gist;
           CREATE TABLE temporal (i int, during daterange, CONSTRAINT temporal_pk PRIMARY KEY (i, during WITHOUT OVERLAPS));""",
}

CITEXT = "CREATE EXTENSION citext SCHEMA public; CREATE TABLE cased (c citext); CREATE INDEX ON cased (c); CREATE INDEX ON cased (c text_ops);"

INDEXES = """SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'Odd one'))
               AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"""
CONSTRAINTS = """SELECT k.conname || ' of ' || k.conrelid || ' ' || k.contypid, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
                 WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.connamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'Odd one'))"""


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def schema(version):
    """The statements, one after the other."""
    columns = ", ".join("%s int" % quoted(name) for name in NAMES)
    sql = SCHEMA % (columns, ", ".join(quoted(name) for name in NAMES))
    for number, name in enumerate(NAMES):
        sql += "CREATE INDEX %s ON words (%s);\n" % (quoted("i_" + name[:60]), quoted(name))
        sql += "ALTER TABLE words ADD CONSTRAINT word_%d CHECK (%s > 0);\n" % (number, quoted(name))
        sql += "CREATE TABLE %s (a int, CONSTRAINT t_%d UNIQUE (a)); CREATE INDEX ON %s (a);\n" % (quoted("t " + name[:60]), number, quoted("t " + name[:60]))
        sql += 'CREATE TABLE "Odd one".%s (a int); CREATE INDEX ON "Odd one".%s (a);\n' % (quoted(name), quoted(name))
    return sql + "".join(text for since, text in SINCE.items() if version >= since)


def shown(cluster, db):
    """(definitions of indexes, {name of a constraint: its definitions}), as the reader has them."""
    run = subprocess.run([SHOW_CATALOG, cluster.dsn(db), "*"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    indexes, constraints = [], []
    for line in run.stdout.splitlines():
        if not line.startswith(" "):
            key = line
        elif line.startswith("    definition = ") and key.startswith("index "):
            indexes.append(line[len("    definition = "):])
        elif line.startswith("    structure = ") and key.startswith("index ") and " WITH (" not in indexes[-1]:
            assert line[len("    structure = "):] == indexes[-1]
        elif line.startswith("    definition = ") and key.startswith("constraint "):
            constraints.append((key.rsplit(".", 1)[1], line[len("    definition = "):]))
    return sorted(indexes), sorted(constraints)


def check(cluster, db, version, citext=False):
    cluster.psql(db, schema(version) + (CITEXT if citext else ""))
    rows = lambda sql: cluster.rows(db, "SET search_path = ''; " + sql)  # noqa: E731
    indexes, constraints = shown(cluster, db)
    assert indexes == sorted(row[0] for row in rows(INDEXES))
    assert constraints == sorted((row[1], row[2]) for row in rows(CONSTRAINTS))
    assert len(indexes) > 100 and len(constraints) > 60
