"""Rows that are large, among small ones: with and without a key, new, changed and gone; the order of rows and changes is kept."""

import pytest

from support import programs, ways

TABLES = """
CREATE TABLE keyed (id int PRIMARY KEY, v text, b bytea, j jsonb, x xml, a text[]);
CREATE TABLE "no Key" (v text, n int);
CREATE TABLE filled (id int PRIMARY KEY, v text, b bytea);
ALTER TABLE keyed ALTER v SET STORAGE EXTERNAL, ALTER x SET STORAGE EXTERNAL; ALTER TABLE "no Key" ALTER v SET STORAGE EXTERNAL; ALTER TABLE filled ALTER v SET STORAGE EXTERNAL;
"""
# Some of 130 kB, stored as they are or compressed to little; most of them small; some hold all that COPY must escape.
ROWS = r"""
INSERT INTO keyed SELECT i, CASE WHEN i % 20 = 0 THEN repeat(md5(i::text), 4096) WHEN i % 7 = 0 THEN repeat(E'\\ \t \n \r \b ' || i, 9000) ELSE 'v' || i END,
    CASE i % 10 WHEN 3 THEN decode(repeat(md5(i::text), 4096), 'hex') END, CASE i % 10 WHEN 5 THEN jsonb_build_object('a', repeat(md5(i::text), 4096)) END,
    CASE i % 10 WHEN 7 THEN xmlelement(name e, repeat('<' || i, 9000)) END, CASE i % 10 WHEN 9 THEN array_fill('x' || i, ARRAY[9000]) END FROM generate_series(%(first)d, %(last)d) i;
INSERT INTO "no Key" SELECT CASE WHEN i % 5 = 0 THEN repeat(md5(i::text), 4096) ELSE 'v' END, i FROM generate_series(%(first)d, %(last)d) i, generate_series(1, 2);
"""
CHANGES = """
UPDATE keyed SET v = v || '!' WHERE id % 3 = 0; UPDATE keyed SET b = NULL, j = '{}' WHERE id % 10 IN (3, 5) AND id % 3 = 1; DELETE FROM keyed WHERE id % 4 = 1;
UPDATE "no Key" SET v = v || 'x' WHERE n % 10 = 0; DELETE FROM "no Key" WHERE n % 15 = 5;
INSERT INTO filled SELECT i, CASE WHEN i % 5 = 0 THEN repeat(md5(i::text), 4096) ELSE 'v' END, decode(repeat(md5(i::text), CASE i WHEN 3 THEN 4096 ELSE 1 END), 'hex') FROM generate_series(1, 20) i;
"""


@pytest.mark.parametrize("arguments", [(), ("--no-before-images",)])
def test_large_rows_among_small_ones(pair, arguments):
    pair.both(TABLES + ROWS.replace("%(first)d", "1").replace("%(last)d", "40"))
    pair.on_main(CHANGES + ROWS.replace("%(first)d", "101").replace("%(last)d", "120"))
    pair.synchronise(*arguments)


def test_many_columns_with_values_out_of_line(pair):
    names = ["c%d" % i for i in range(1, 1600)]
    pair.both("CREATE TABLE t (id int PRIMARY KEY, %s)" % ", ".join(n + " text" for n in names) + "; ALTER TABLE t " + ", ".join("ALTER %s SET STORAGE EXTERNAL" % n for n in names[:300]))
    row = "INSERT INTO t (id, %s) SELECT i, %s FROM generate_series(%%d, %%d) i" % (", ".join(names[:300]), ", ".join("repeat('%d ', 600)" % i for i in range(300)))
    pair.both(row % (1, 6))
    pair.on_main("UPDATE t SET c5 = 'x', c1599 = 'y' WHERE id = 2; DELETE FROM t WHERE id = 3; " + row % (11, 13))
    pair.synchronise()


def test_a_value_that_is_too_long_for_a_text(pair):
    """1,090,519,040 bits are 136 MB, and a text of 1.09 GB, which no server makes: neither COPY nor pg_dump can read it."""
    pair.on_main("CREATE TABLE longest (id int PRIMARY KEY, v varbit); INSERT INTO longest SELECT 1, %s" % " || ".join(["repeat('0', 1)::bit(83886080)::varbit"] * 13))
    refused = pair.plan().expect(programs.REFUSED)
    assert "rows of public.longest" in refused.err and "--exclude-table" in refused.err
    pair.plan("--exclude-table=longest").expect(0)


@ways.not_by("fdw", "what the stand-in's server fetches does not come by here")
@pytest.mark.parametrize("encoding", ["SQL_ASCII"])
def test_bytes_that_are_no_text(pair):
    pair.on_main("CREATE TABLE raw (id int PRIMARY KEY, v text); INSERT INTO raw VALUES (1, E'\\xfe')")
    refused = pair.plan().expect(programs.REFUSED)
    assert "rows of public.raw" in refused.err and "text in UTF8" in refused.err
