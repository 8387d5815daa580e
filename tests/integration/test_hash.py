"""Who computes fingerprints, and that they miss nothing."""

import re

import pytest

from support import plan_file, programs

@pytest.fixture
def way():
    """psql could not prove rows that are fingerprinted here."""
    return "apply"


# Columns whose values swap, in their types' hard values: what is equal, what is nothing, what is alike in parts.
SWAPPED = {
    "int4": "0, 1, -1, 65536, NULL", "int8": "0, 1, -1, 4294967296, 4294967297, NULL", "text": "'', NULL, 'a', 'b', 'a|', 'b|', ' ', 'NULL'", "varchar(9)": "'', NULL, 'a', 'a '",
    "float8": "'0', '-0', 'NaN', NULL, 1, 'Infinity'", "float4": "'0', '-0', 'NaN', NULL, 1", "numeric": "0, 0.0, 1, 1.0, -1, 'NaN', NULL, 10000, 1e30", "bool": "true, false, NULL",
    "bytea": "'', '\\x00', NULL", "interval": "'1 day', '24:00', '1 mon', '30 days', NULL", "jsonb": "'{}', '1', '1.0', 'null', NULL", "timestamptz": "'infinity', '-infinity', '2000-01-01Z', NULL",
    "date": "'infinity', '2000-01-01', '2000-01-02', NULL", "char(3)": "'', 'a', NULL", "int4[]": "'{}', '{NULL}', '{0}', '[0:0]={0}', NULL", "uuid": "'00000000-0000-0000-0000-000000000000', NULL",
}


def row_expression(pair):
    """What the product computes of a row, out of the script that it prints for psql."""
    script = programs.plan("show", "--sql", pair.file).expect(0).out
    expression, = set(re.findall(r"count\(\*\), sum\((.*?)\)\nFROM ONLY public\.t AS t", script, re.DOTALL))
    return expression


def test_no_swap_is_missed(pair):
    """10,000 times, two rows swap a column's values: the sum of their fingerprints changes whenever a text does, also where it is hashed as one that has no NULL."""
    columns = ", ".join("c%d %s" % (i, type) for i, type in enumerate(SWAPPED))
    pair.both("CREATE TABLE t (id int PRIMARY KEY, %s)" % columns)
    first = ", ".join(values.split(", ")[0] for values in SWAPPED.values())
    pair.on_main("INSERT INTO t VALUES (1, %s)" % first)
    pair.on_standin("INSERT INTO t VALUES (2, %s)" % first)
    pair.plan("--hash=server").expect(0)
    fingerprints = [row_expression(pair)]
    pair.both("ALTER TABLE t %s" % ", ".join("ALTER c%d SET NOT NULL" % i for i in range(len(SWAPPED))))
    pair.plan("--hash=server", "--force").expect(0)
    fingerprints.append(row_expression(pair))
    assert len(set(fingerprints)) == 2
    lists = "".join("INSERT INTO v%d VALUES %s;" % (i, ", ".join("(%d, %s)" % (n, v) for n, v in enumerate(values.split(", ")))) for i, values in enumerate(SWAPPED.values()))
    pick = ", ".join("(SELECT v FROM v%d ORDER BY random(), i LIMIT 1)" % i for i in range(len(SWAPPED)))
    swapped = lambda column: ", ".join("%s.c%d" % ("b" if i == column else "a", i) for i in range(len(SWAPPED)))
    pair.on_main("SELECT setseed(0.5);" + "".join("CREATE TABLE v%d (n int, v %s);" % (i, type) for i, type in enumerate(SWAPPED)) + lists +
                 "CREATE TABLE before AS TABLE t WITH NO DATA; INSERT INTO before SELECT i, %s FROM generate_series(1, 20000) i;"
                 "CREATE TABLE after AS TABLE t WITH NO DATA;" % pick +
                 "".join("INSERT INTO after SELECT a.id, %s FROM before a JOIN before b ON b.id = CASE WHEN a.id %% 2 = 0 THEN a.id - 1 ELSE a.id + 1 END WHERE (a.id + 1) / 2 %% %d = %d;"
                         % (swapped(i), len(SWAPPED), i) for i in range(len(SWAPPED))))
    for fingerprint in fingerprints:
        found = pair.main.rows(pair.main_db, """SET extra_float_digits = 3;
            WITH l AS (SELECT (id + 1) / 2 AS n, sum(%s) AS f, array_agg(t::text ORDER BY id) AS texts FROM before t GROUP BY 1),
                 r AS (SELECT (id + 1) / 2 AS n, sum(%s) AS f, array_agg(t::text ORDER BY id) AS texts FROM after t GROUP BY 1)
            SELECT count(*), count(*) FILTER (WHERE l.texts <> r.texts), count(*) FILTER (WHERE (l.texts <> r.texts) <> (l.f <> r.f)) FROM l JOIN r USING (n)""" % (fingerprint, fingerprint))
        (pairs, different, missed), = found
        assert pairs == 10000 and different > 5000 and missed == 0, found


def test_which_it_is_is_said(pair):
    pair.both("CREATE TABLE t (id int PRIMARY KEY)")
    pair.on_main("INSERT INTO t VALUES (1)")
    for arguments, asked, algorithm, said in (((), "auto", "column-hashes-2", "by the servers"), (("--hash=server",), "server", "column-hashes-2", "by the servers"),
                                              (("--hash", "client"), "client", "copy-xxh3-1", "here")):
        outcome = pair.plan("--force", *arguments).expect(0)
        assert "fingerprints of rows: computed %s (%s)" % (said, algorithm) in outcome.err, outcome
        manifest = plan_file.manifest(pair.file)
        assert (manifest["fingerprint_algorithm"], manifest["options"]["hash"], pair.show()["options"]["hash"]) == (algorithm, asked, asked)
    assert "auto, server, client" in pair.plan("--hash=md5", "--force").expect(programs.USAGE).err


@pytest.fixture
def large(pair):
    """More blocks than are read at a time, in ranges of keys, of hashes of keys, and without a key; changed here and there."""
    pair.both("CREATE TABLE by_range (id bigint PRIMARY KEY, t text); ALTER TABLE by_range ALTER t SET STORAGE PLAIN; CREATE TABLE by_hash (k text PRIMARY KEY, v float8, g int GENERATED ALWAYS AS (length(k)) STORED);"
              "CREATE TABLE bag (a int, t text); CREATE TABLE by_time (at timestamptz PRIMARY KEY, v int); CREATE TABLE by_uuid (id uuid, n int, v text, PRIMARY KEY (id, n));"
              "INSERT INTO by_range SELECT i * 3, repeat('x', 3000) FROM generate_series(1, 9000) i; INSERT INTO by_hash SELECT 'k ' || i || E'\\t\\\\', i / 3.0 FROM generate_series(1, 8000) i;"
              "INSERT INTO bag SELECT i % 5, 'copy' FROM generate_series(1, 50000) i; INSERT INTO by_time SELECT timestamptz '0001-01-01Z BC' + (i - 5000) * interval '1.5 sec', i FROM generate_series(1, 10000) i;"
              "INSERT INTO by_uuid SELECT md5(i::text)::uuid, i % 3, 'v' FROM generate_series(1, 10000) i")
    pair.on_main("UPDATE by_range SET t = 'changed' WHERE id % 3000 = 0; DELETE FROM by_range WHERE id = 9; INSERT INTO by_range VALUES (10, 'new'), (-5, 'first'), (90000, 'last');"
                 "UPDATE by_hash SET v = '-0' WHERE v IN (2, 1999, 2600); DELETE FROM by_hash WHERE v = 3; INSERT INTO bag SELECT 1, 'copy' FROM generate_series(1, 7); INSERT INTO bag VALUES (NULL, NULL);"
                 "UPDATE by_time SET v = -1 WHERE v % 2500 = 7; UPDATE by_uuid SET v = '' WHERE id = md5('77')::uuid")
    pair.on_standin("UPDATE by_range SET t = NULL WHERE id = 300; DELETE FROM bag WHERE a = 3 AND ctid IN (SELECT ctid FROM bag WHERE a = 3 LIMIT 11); INSERT INTO bag VALUES (9, 'gone'), (9, 'gone');"
                    "DELETE FROM by_time WHERE v = 5; UPDATE by_uuid SET v = NULL WHERE id = md5('78')::uuid")
    return pair


CHANGES = {"by_range": (3, 10, 0), "by_hash": (0, 3, 1), "bag": (19, 0, 2), "by_time": (1, 4, 0), "by_uuid": (0, 2, 0)}


def test_rows_that_are_fingerprinted_here(large):
    """The same rows whatever the number of connections, and whoever computes; proved by what was touched and in full."""
    pair = large
    found = {}
    for number, arguments in enumerate((("--hash=client",), ("--hash=client", "--workers=1"), ("--hash=server",))):
        pair.plan(*arguments, "--chunk-size=500", output=pair.folder / ("%d.pgplan" % number)).expect(0)
        document = pair.show(pair.folder / ("%d.pgplan" % number))
        found[arguments] = {t["name"]: (t["insert"], t["update"], t["delete"]) for t in document["tables"]}
    assert found == {arguments: {**CHANGES, "by_range": (3, 10, 1)} for arguments in found}
    assert plan_file.contents(pair.folder / "0.pgplan") == plan_file.contents(pair.folder / "1.pgplan")
    first = pair.folder / "0.pgplan"
    refusal = programs.plan("show", "--sql", first).expect(programs.REFUSED)
    assert "--hash=server" in refusal.err
    pair.apply("--verify=full", "--dry-run", file=first).expect(0)
    pair.apply(file=first).expect(0)
    pair.assert_equal()
    pair.plan("--hash=client", "--detailed-exitcode").expect(0)
    programs.plan("show", "--sql", pair.file).expect(0)


def test_a_stand_in_that_changed_since(large):
    """The proof of such a plan finds what is not main's, in the slices that it touches and, in full, everywhere."""
    pair = large
    pair.plan("--hash=client").expect(0)
    before = pair.standin_state()
    for change, verify, undo in (("UPDATE by_range SET t = 'drift' WHERE id = 6", "touched", "UPDATE by_range SET t = repeat('x', 3000) WHERE id = 6"),
                                 ("UPDATE by_hash SET v = 1.5 WHERE v = 4", "full", "UPDATE by_hash SET v = 4 WHERE v = 1.5"),
                                 ("INSERT INTO bag VALUES (2, 'copy')", "full", "DELETE FROM bag WHERE ctid = (SELECT max(ctid) FROM bag WHERE a = 2)")):
        pair.on_standin(change)
        outcome = pair.apply("--verify=" + verify).expect(programs.BASE_STATE)
        assert "rows of the stand-in have changed" in outcome.err, outcome
        pair.on_standin(undo)
        assert pair.standin_state() == before
    pair.on_standin("UPDATE by_range SET t = 'other' WHERE id = 300")
    pair.apply().expect(programs.CONFLICT)


def test_with_other_options(pair):
    """Rows that main lacks stay; large objects are rows too; what does not read all rows cannot be fingerprinted here."""
    for option in ("--fdw-mode", "--use-updated-at"):
        refusal = pair.plan("--hash=client", option).expect(programs.USAGE)
        assert option in refusal.err and "hint:" in refusal.err
        assert not pair.file.exists()
    pair.both("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE bag (v text); INSERT INTO t SELECT i, 'v' FROM generate_series(1, 300) i; SELECT lo_from_bytea(70000, 'one'), lo_from_bytea(70001, repeat('x', 5000)::bytea)")
    pair.on_main("DELETE FROM t WHERE id = 7; UPDATE t SET v = 'main' WHERE id = 9; INSERT INTO bag VALUES ('a'), ('b'); SELECT lo_put(70001, 3000, 'y'), lo_from_bytea(70002, 'new'), lo_unlink(70000)")
    pair.on_standin("UPDATE t SET v = 'x' WHERE id = 9; INSERT INTO bag VALUES ('b'), ('b'), ('stays')")
    pair.plan("--hash=client", "--no-delete-rows").expect(0)
    pair.apply("--verify=full").expect(0)
    assert pair.standin.value(pair.standin_db, "SELECT string_agg(v, ' ' ORDER BY v) FROM bag") == "a b b stays"
    assert pair.standin.rows(pair.standin_db, "SELECT id, v FROM t WHERE v <> 'v' OR id = 7 ORDER BY 1") == [(7, "v"), (9, "main")]
    pair.plan("--hash=client", "--large-objects", "--force").expect(0)
    pair.apply().expect(0)
    pair.assert_equal()
    objects = "SELECT loid, pageno, data FROM pg_largeobject ORDER BY 1, 2"
    assert [tuple(map(bytes, r[2:])) for r in pair.main.rows(pair.main_db, objects)] == [tuple(map(bytes, r[2:])) for r in pair.standin.rows(pair.standin_db, objects)]
    pair.plan("--hash=client", "--large-objects", "--force", "--detailed-exitcode").expect(0)
