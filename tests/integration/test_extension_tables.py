"""Rows of extensions' configuration tables (pg_extension_config_dump): those that are the user's become main's, the extension's own stay."""

import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from support import cluster as clusters
from support import programs, ways

# What the extension's script makes. Its own rows are those below 100, or those that it marked as such; some that it makes are
# the user's all the same. HOSTILE is a name, quoted.
SCRIPT = r"""
CREATE TABLE kept (id int PRIMARY KEY, v text, u int UNIQUE);
INSERT INTO kept VALUES (1, 'own', 1), (2, 'own', 2), (150, 'of the script', 150);
CREATE TABLE bag (own bool, v text);
INSERT INTO bag VALUES (true, 'own'), (true, 'own'), (false, 'of the script');
CREATE TABLE all_rows (k text PRIMARY KEY, v int);
INSERT INTO all_rows VALUES ('script', 0);
CREATE TABLE none (id int PRIMARY KEY, own bool);
INSERT INTO none VALUES (1, true), (2, false);
CREATE TABLE HOSTILE ("K 1" int PRIMARY KEY, "own?" bool NOT NULL);
INSERT INTO HOSTILE VALUES (1, true);
CREATE TABLE unregistered (id serial PRIMARY KEY, v text);
INSERT INTO unregistered (v) VALUES ('own');
CREATE SEQUENCE counted; CREATE SEQUENCE unregistered_counted;
SELECT pg_extension_config_dump('kept', 'WHERE id >= 100');
SELECT pg_extension_config_dump('bag', 'WHERE NOT bag.own');
SELECT pg_extension_config_dump('all_rows', '');
SELECT pg_extension_config_dump('none', 'WHERE NOT own ORDER BY id');
SELECT pg_extension_config_dump('HOSTILE', 'WHERE NOT HOSTILE."own?" AND "K 1" IN (SELECT generate_series(1, 4000))');
SELECT pg_extension_config_dump('counted', '');
"""
HOSTILE = '"Odd ""table"" $pgsyncer$ {%} :a, of as many bytes as a name may have"'

FILL = """
INSERT INTO kept SELECT i, 'v' || i, i FROM generate_series(200, 20000) i; INSERT INTO bag SELECT false, 'v' || i % 7 FROM generate_series(1, 50) i;
INSERT INTO all_rows SELECT 'k' || i, i FROM generate_series(1, 30) i; INSERT INTO HOSTILE SELECT i, false FROM generate_series(2, 9) i;
"""
# Own rows are changed too, on both sides, which is nobody's business.
ON_MAIN = """
UPDATE kept SET v = 'changed' WHERE id = 300; UPDATE kept SET u = -u WHERE id IN (400, 401); UPDATE kept SET u = 801 + u WHERE id IN (400, 401);
DELETE FROM kept WHERE id = 500; INSERT INTO kept VALUES (90000, 'new', -1); UPDATE kept SET v = 'main''s own' WHERE id = 1;
INSERT INTO bag VALUES (false, 'v1'), (false, NULL), (true, 'v1'); DELETE FROM bag WHERE v = 'v2' OR ctid = (SELECT ctid FROM bag WHERE own LIMIT 1);
UPDATE all_rows SET v = -1 WHERE k = 'k3'; DELETE FROM all_rows WHERE k = 'script'; INSERT INTO all_rows VALUES ('ü', NULL); DELETE FROM none WHERE NOT own;
DELETE FROM HOSTILE WHERE "K 1" = 5; INSERT INTO HOSTILE VALUES (12, false), (5000, false); INSERT INTO unregistered (v) VALUES ('main''s');
SELECT setval('counted', 77), setval('unregistered_counted', 88);
"""
ON_STANDIN = """
UPDATE kept SET v = 'the stand-in''s own' WHERE id = 2; DELETE FROM kept WHERE id = 150; INSERT INTO kept VALUES (90001, 'extra', -2);
INSERT INTO bag VALUES (true, 'v2'), (true, 'only here'), (false, 'only here'); INSERT INTO HOSTILE VALUES (5001, false), (4000, false);
INSERT INTO unregistered (v) VALUES ('the stand-in''s'), ('and another'); SELECT setval('unregistered_counted', 99);
"""
OWN = "SELECT 'kept', id::text, v FROM kept WHERE id < 100 UNION ALL SELECT 'bag', '', v FROM bag WHERE own UNION ALL SELECT 'none', id::text, '' FROM none WHERE own" \
      " UNION ALL SELECT 'HOSTILE', \"K 1\"::text, '' FROM HOSTILE WHERE \"own?\" OR \"K 1\" > 4000" \
      " UNION ALL SELECT 'unregistered', id::text, v FROM unregistered UNION ALL SELECT 'sequence', last_value::text, '' FROM unregistered_counted ORDER BY 1, 2, 3"


class Extension:
    """An extension of one test's own, in the folder that all servers of the machine read."""

    def __init__(self):
        self.name = "pgsyncer_test_%d" % os.getpid()
        share = subprocess.run([os.path.join(clusters.BIN, "pg_config"), "--sharedir"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        self.folder = Path(share, "extension")
        self.files = []

    def write(self, version, script):
        for file, text in (("%s.control" % self.name, "default_version = '1.0'\nrelocatable = true\n"), ("%s--%s.sql" % (self.name, version), sql(script))):
            path = self.folder / file
            self.files.append(path)
            path.write_text(text)
            path.chmod(0o644)

    def create(self, version="1.0", schema="public"):
        return "CREATE EXTENSION %s WITH SCHEMA %s VERSION '%s';" % (self.name, schema, version)


def sql(text):
    return text.replace("HOSTILE", HOSTILE)


@pytest.fixture(scope="module")
def extension():
    made = Extension()
    try:
        made.write("1.0", SCRIPT)
        made.write("1.1", SCRIPT.replace("id >= 100", "id > 100"))
        yield made
    finally:
        for path in made.files:
            path.unlink(missing_ok=True)


def data(cluster, db):
    """What pg_dump takes for the database's data: rows by table, and the sequences."""
    dump = subprocess.run(cluster.command("pg_dump", db, "--data-only", "-N", "pgsyncer"), stdout=subprocess.PIPE, text=True, check=True).stdout
    found = {name: Counter(rows.split("\n")) for name, rows in re.findall(r"^COPY ([^\n]*) FROM stdin;\n(.*?)\\\.$", dump, re.MULTILINE | re.DOTALL)}
    return found, sorted(re.findall(r"^SELECT pg_catalog.setval.*", dump, re.MULTILINE))


def own(cluster, db):
    return cluster.rows(db, sql(OWN))


def assert_same_data(pair):
    main, standin = data(pair.main, pair.main_db), data(pair.standin, pair.standin_db)
    assert len(main[0]) >= 5 and main[1]
    assert main == standin


def fill(pair, extension):
    pair.both(extension.create() + sql(FILL))
    pair.on_main(sql(ON_MAIN))
    pair.on_standin(sql(ON_STANDIN))


def change_of(document, name):
    return next((t["insert"], t["update"], t["delete"]) for t in document["tables"] if t["name"] == name)


@pytest.mark.parametrize("way", ["apply", "fdw", "script"])
def test_the_users_rows_alone(pair, extension, way):
    fill(pair, extension)
    before = own(pair.main, pair.main_db), own(pair.standin, pair.standin_db)
    for hash in ("client", "server") if way == "apply" else ("server",):
        pair.plan("--schema=*", "--clean-extra", "--hash=" + hash, "--force").expect(0)
        document = pair.show()
        assert change_of(document, "kept") == (2, 3, 2)     # 150 and 90000; 300, 400, 401; 500 and 90001
        assert change_of(document, "bag") == (2, 0, 8)
        assert change_of(document, "none") == (0, 0, 1)
        assert "unregistered" not in [t["name"] for t in document["tables"]]
    pair.apply().expect(0)
    assert_same_data(pair)
    assert (own(pair.main, pair.main_db), own(pair.standin, pair.standin_db)) == before
    pair.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force").expect(0)


@pytest.mark.parametrize("way", ["apply", "fdw", "psql"])
def test_an_extension_that_the_standin_lacks(pair, extension, way):
    """CREATE EXTENSION makes rows that are the extension's own, and others, which go; also where main has none."""
    pair.on_main(extension.create() + sql(FILL) + sql(ON_MAIN))
    pair.plan("--schema=*").expect(0)
    pair.apply().expect(0)
    assert_same_data(pair)
    made = own(pair.standin, pair.standin_db)
    assert ("kept", "1", "own") in made and ("unregistered", "1", "own") in made and len(made) == 8, made
    pair.plan("--schema=*", "--detailed-exitcode", "--force").expect(0)


def test_an_extension_that_goes_back(pair, extension):
    """To an older version there is no script: it is dropped and made again, and main's rows come into its tables. What hangs on it goes, or lets go, and comes back."""
    pair.on_main(extension.create() + sql(FILL) + "CREATE VIEW v AS SELECT id FROM kept; CREATE TABLE r (id int REFERENCES kept); INSERT INTO r VALUES (300); COMMENT ON VIEW v IS 'v'")
    pair.on_standin(extension.create("1.1") + sql(FILL) + "CREATE VIEW v AS SELECT id FROM kept; CREATE TABLE r (id int REFERENCES kept); INSERT INTO r VALUES (301)")
    pair.plan("--schema=*", "--clean-extra").expect(0)
    assert any("destructive" in s["risks"] for s in pair.show()["statements"] if s["class"] == "extension" and s["action"] == "drop")
    pair.apply().expect(0)
    assert_same_data(pair)
    pair.plan("--schema=*", "--clean-extra", "--detailed-exitcode", "--force").expect(0)
    pair.assert_equal()


@pytest.mark.parametrize("way", ["apply", "script"])
def test_an_extension_that_is_another_one_where_it_is_created(pair, extension, way):
    """Its script is the stand-in's, and so are the rows that it calls its own."""
    extension.write("1.2", SCRIPT)
    pair.on_main(extension.create("1.2") + sql(FILL))
    pair.plan().expect(0)
    extension.write("1.2", SCRIPT.replace("id >= 100", "id >= 1000").replace("SELECT pg_extension_config_dump('all_rows', '');", ""))
    refused = pair.apply().expect(programs.REFUSED)
    assert "public.kept: the plan knows WHERE id >= 100, the stand-in WHERE id >= 1000" in refused.err
    assert "public.all_rows: the plan knows all rows, the stand-in no such table of extension " + extension.name in refused.err
    assert pair.standin.rows(pair.standin_db, "SELECT FROM pg_extension WHERE extname = %s", (extension.name,)) == []


def test_rows_that_nobody_can_tell_apart_are_refused(pair, extension):
    """Where the two sides do not say the same of which rows are the user's, or an own row has a user's key."""
    pair.on_main(extension.create("1.1"))
    pair.on_standin(extension.create())
    refused = pair.plan("--no-sync-schema").expect(programs.REFUSED)
    assert "public.kept: main's is extension %s's, with WHERE id > 100, the stand-in's is extension %s's, with WHERE id >= 100" % (extension.name, extension.name) in refused.err
    assert "public.bag" not in refused.err
    pair.plan("--no-sync-schema", "--exclude-table=kept").expect(0)

    pair.on_main("DROP EXTENSION %s; CREATE TABLE kept (id int PRIMARY KEY, v text, u int UNIQUE)" % extension.name)
    assert "public.kept: main's belongs to no extension, the stand-in's is extension" in pair.plan("--no-sync-schema", "--force").expect(programs.REFUSED).err

    pair.on_main("DROP TABLE kept;" + sql(extension.create() + 'UPDATE HOSTILE SET "own?" = false; DELETE FROM kept WHERE id = 150'))
    before = pair.standin_state(), own(pair.standin, pair.standin_db)
    pair.plan("--force").expect(0)
    conflict = pair.apply().expect(programs.CONFLICT)
    assert "CONFLICT insert (1): a row is there already" in conflict.err and "may be the extension's own" in conflict.err
    assert (pair.standin_state(), own(pair.standin, pair.standin_db)) == before


def test_what_is_chosen(pair, extension):
    """Configuration tables are chosen as other tables are; where they are, their extension must come along or be there."""
    pair.both("CREATE SCHEMA x; CREATE TABLE public.plain (id int PRIMARY KEY)")
    pair.on_main(extension.create(schema="x") + "INSERT INTO public.plain VALUES (1); INSERT INTO x.kept VALUES (101), (102)")

    def compared(*args):
        pair.plan(*args, "--force").expect(0)
        return [t["name"] for t in pair.show()["tables"]]

    assert compared() == ["plain"]
    assert compared("--table=plain", "--no-sync-schema") == ["plain"]
    assert len(compared("--schema=x")) == 5 and len(compared("--schema=*", "--exclude-table=x.kept")) == 5
    missing = pair.plan("--schema=x", "--no-sync-schema", "--force").expect(programs.REFUSED)
    assert "x.bag: in the stand-in, extension %s has no such table with the user's rows" % extension.name in missing.err
    pair.on_standin(extension.create(schema="x"))
    assert compared("--schema=x", "--table=kept", "--no-sync-schema") == ["kept"]
    pair.apply().expect(0)
    assert pair.standin.rows(pair.standin_db, "SELECT id FROM x.kept ORDER BY 1") == [(1,), (2,), (101,), (102,), (150,)]
