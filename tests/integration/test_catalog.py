"""The catalog reader: what it sees of a database, by what show_catalog prints."""

import subprocess

import pytest

from support import programs

SHOW_CATALOG = programs.BIN.parent / "tests/tools/show_catalog"

SCHEMA = """
CREATE SCHEMA s;
CREATE SCHEMA "Odd one";
COMMENT ON SCHEMA "Odd one" IS 'odd';
CREATE TYPE s.mood AS ENUM ('sad', 'ok');
ALTER TYPE s.mood ADD VALUE 'so-so' BEFORE 'ok';
CREATE DOMAIN s.positive AS int DEFAULT 3 NOT NULL CHECK (value > 0);
CREATE DOMAIN s.code AS text COLLATE "C";
CREATE SEQUENCE s.numbers AS smallint INCREMENT 3 MINVALUE 2 CACHE 7 CYCLE;
CREATE FUNCTION s.f(a int, b text DEFAULT 'q', OUT c int, OUT d text) LANGUAGE sql AS $$ SELECT 1, 'x' $$;
CREATE FUNCTION s.t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
REVOKE EXECUTE ON FUNCTION s.t() FROM PUBLIC;
CREATE PROCEDURE s.p(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE TABLE s.name (
    id int GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5),
    "value" s.mood DEFAULT 'ok',
    d s.positive,
    t text COLLATE "C" NOT NULL DEFAULT 'x''y',
    n int DEFAULT nextval('s.numbers'),
    g int GENERATED ALWAYS AS (length(t)) STORED,
    PRIMARY KEY (id) WITH (fillfactor = 80),
    UNIQUE (t) DEFERRABLE,
    CONSTRAINT few CHECK (n < 9) NO INHERIT
);
ALTER SEQUENCE s.numbers OWNED BY s.name.n;
ALTER TABLE s.name ALTER t SET STORAGE EXTERNAL, ALTER t SET STATISTICS 500, ALTER t SET (n_distinct = 4);
ALTER TABLE s.name CLUSTER ON name_pkey, REPLICA IDENTITY USING INDEX name_pkey;
COMMENT ON INDEX s.name_pkey IS 'of the index';
COMMENT ON CONSTRAINT name_pkey ON s.name IS 'of the constraint';
CREATE TABLE s.child (x serial) INHERITS (s.name);
CREATE UNLOGGED TABLE s.u (a text) WITH (fillfactor = 50, toast.autovacuum_enabled = false);
ALTER TABLE s.u ENABLE ROW LEVEL SECURITY;
CREATE TABLE s.part (a int PRIMARY KEY, b int REFERENCES s.name (id)) PARTITION BY RANGE (a);
CREATE TABLE s.part1 PARTITION OF s.part FOR VALUES FROM (1) TO (10);
CREATE INDEX part_b ON s.part (b) WHERE a > 3;
CREATE INDEX expression ON s."name" (lower(t), id) WITH (fillfactor = 60, deduplicate_items = off) WHERE id > 3;
ALTER INDEX s.expression ALTER COLUMN 1 SET STATISTICS 77;
CREATE TRIGGER tr AFTER INSERT ON s.part FOR EACH ROW EXECUTE FUNCTION s.t();
ALTER TABLE s.part1 DISABLE TRIGGER tr;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON s.name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION s.t();
CREATE TABLE s.refers (id int REFERENCES s.part (a));
CREATE VIEW s.v WITH (security_barrier, check_option = local) AS SELECT id, t COLLATE "POSIX" AS t, "value" FROM s.name WHERE id > 1;
ALTER VIEW s.v ALTER t SET DEFAULT 'vd';
COMMENT ON COLUMN s.v.t IS 'of the column';
CREATE VIEW s.w AS SELECT array_agg(v) AS vs FROM s.v;
CREATE TABLE "Odd one"."tab ""le" (moods s.mood[], names s.name[]);
REVOKE DELETE ON "Odd one"."tab ""le" FROM postgres;
GRANT SELECT ON "Odd one"."tab ""le" TO pg_monitor WITH GRANT OPTION;
GRANT UPDATE (moods) ON "Odd one"."tab ""le" TO PUBLIC;
"""


def show(cluster, db, *patterns):
    """The catalog: {'class identity': [line, …]}."""
    run = subprocess.run([SHOW_CATALOG, cluster.dsn(db), *patterns], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    objects = {}
    for line in run.stdout.splitlines():
        if line.startswith("    "):
            objects[key].append(line.strip())
        else:
            key = line
            assert key not in objects, "twice: " + key
            objects[key] = []
    return objects


@pytest.fixture
def loaded(databases):
    if not SHOW_CATALOG.exists():
        pytest.skip("%s is not built" % SHOW_CATALOG)
    databases.on_main(SCHEMA)
    return databases


def test_a_restored_dump_has_the_same_catalog(loaded):
    loaded.standin.dropdb(loaded.standin_db)
    loaded.standin.clone(loaded.main, loaded.main_db, loaded.standin_db)
    assert show(loaded.main, loaded.main_db) == show(loaded.standin, loaded.standin_db)


def test_fields(loaded):
    objects = show(loaded.main, loaded.main_db)

    def has(key, *lines):
        for line in lines:
            assert line in objects[key], "%s: %s" % (key, objects[key])

    has("enum label s.mood.\"so-so\"", "position = 2", "parent: enum s.mood")
    has("domain s.positive", "type = integer", "default = 3", "not_null = true")
    has("domain s.code", 'collation = pg_catalog."C"')
    has("constraint s.positive.positive_check", "definition = CHECK ((VALUE > 0))", "parent: domain s.positive")
    has("function s.f(integer, text)", "result = record", "input_names = {a,b}", "default_count = 1",
        'output_columns = {"c integer","d text"}')
    has("sequence s.numbers", "type = smallint", "increment = 3", "minimum = 2", "cache = 7", "cycle = true",
        'owned_by = s.name.n', 'needs: column s.name.n')
    assert "sequence s.name_id_seq" not in objects
    has('column s.name.id', "identity = always", "identity_sequence = s.name_id_seq", "identity_start = 10")
    has('column s.name.value', "needs: enum s.mood")
    has('column s.name.t', "storage = external", "statistics = 500", "options = {n_distinct=4}", "not_null = true")
    has('column s.name.g', "generated = length(t)", 'needs: column s.name.t')
    assert 'default s.name.g' not in objects
    has('default s.name.n', "needs: sequence s.numbers")
    has("column s.child.t", "inherited = true")
    has("table s.child", 'inherits = {s.name}', 'needs: table s.name')
    has('table s.name', "replica_identity = USING INDEX name_pkey")
    has("table s.u", "persistence = unlogged", "options = {fillfactor=50}",
        "toast_options = {autovacuum_enabled=false}", "row_security = true")
    has("table s.part", "kind = partitioned", "partition_key = RANGE (a)")
    has("table s.part1", "partition_of = s.part", "partition_bound = FOR VALUES FROM (1) TO (10)", "needs: table s.part")
    has('constraint s.name.name_pkey', "index_options = {fillfactor=80}", "clustered = true",
        "index_comment = of the index")
    has('constraint s.name.few', "no_inherit = true")
    has("constraint s.part1.part1_pkey", "inherited = true", "parent_constraint = s.part.part_pkey")
    has("constraint s.part1.part_b_fkey", "inherited = true", "parent_constraint = s.part.part_b_fkey")
    assert [key for key in objects if key.startswith("constraint s.refers.")] == ["constraint s.refers.refers_id_fkey"]
    has("constraint s.refers.refers_id_fkey", "needs: constraint s.part.part_pkey")
    has("index s.expression", "options = {deduplicate_items=off,fillfactor=60}", "statistics = {1=77}",
        "structure = CREATE INDEX expression ON s.name USING btree (lower(t), id) WHERE (id > 3)")
    has("index s.part1_b_idx", "parent_index = s.part_b", "needs: index s.part_b")
    has("trigger s.part1.tr", "cloned = true", "enabled = disabled")
    has("view s.v", "options = {check_option=local,security_barrier=true}", "needs: enum s.mood",
        'columns = {"id integer","t text COLLATE pg_catalog.\\"POSIX\\"","value s.mood"}')
    has("view s.w", "needs: view s.v")
    has("default s.v.t", "parent: view column s.v.t")
    has("comment view column s.v.t", "text = of the column")
    has('comment constraint s.name.name_pkey', "text = of the constraint")
    has('column "Odd one"."tab ""le".names', 'needs: table s.name')
    has('grant table "Odd one"."tab ""le" to pg_monitor', "privileges = SELECT*")
    has('grant table "Odd one"."tab ""le" to postgres', "of_owner = true",
        "privileges = INSERT,REFERENCES,SELECT,TRIGGER,TRUNCATE,UPDATE")
    has('grant column "Odd one"."tab ""le".moods to public', "grantee = public", "privileges = UPDATE")
    has('grant function s.f(integer, text) to public', "privileges = EXECUTE")
    assert 'grant function s.t() to public' not in objects


def test_chosen_schemas(loaded):
    objects = show(loaded.main, loaded.main_db, '"Odd one"')
    assert 'table "Odd one"."tab ""le"' in objects
    assert not [key for key in objects if " s." in key or "public." in key]


def test_members_of_extensions_belong_to_it(loaded):
    loaded.on_main("CREATE EXTENSION hstore; CREATE TABLE h (a hstore[]); CREATE INDEX ON h USING gin (a);")
    objects = show(loaded.main, loaded.main_db)
    assert "needs: extension hstore" in objects["column public.h.a"]
    assert not [key for key in objects if key.startswith("function public.")]


def test_what_is_not_covered_is_named(loaded):
    assert not [key for key in show(loaded.main, loaded.main_db) if key.startswith("warning")]
    loaded.on_main("CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE TYPE c AS (a int);")
    assert [key for key in show(loaded.main, loaded.main_db) if key.startswith("warning")] == [
        "warning: composite type is not covered: 1 object(s) not compared, such as public.c",
        "warning: materialized view is not covered: 1 object(s) not compared, such as public.m"]
