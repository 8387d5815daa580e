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
    has('identity sequence s.name.id', "sequence_name = name_id_seq", "parent: column s.name.id")
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
    has("index s.expression", "options = {fillfactor=60,deduplicate_items=off}", "statistics = {1=77}",
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


OTHER_CLASSES = """
CREATE EXTENSION citext;
CREATE SCHEMA x;
CREATE TYPE x.comp AS (a int, b text COLLATE "C");
COMMENT ON COLUMN x.comp.b IS 'of the attribute';
CREATE TYPE x.still;
CREATE TYPE x.base;
CREATE FUNCTION x.base_in(cstring) RETURNS x.base LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION x.base_out(x.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE x.base (INPUT = x.base_in, OUTPUT = x.base_out, INTERNALLENGTH = 4, PASSEDBYVALUE, DEFAULT = '3', CATEGORY = 'N');
CREATE TYPE x.span AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = x.spans);
REVOKE USAGE ON TYPE x.span FROM PUBLIC;
CREATE COLLATION x.c (LOCALE = 'C');
CREATE FUNCTION x.add(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION x.eq(x.comp, x.comp) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION x.cmp(x.comp, x.comp) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE AGGREGATE x.agg(int) (SFUNC = x.add, STYPE = int, INITCOND = '0', MSFUNC = x.add, MINVFUNC = x.add, MSTYPE = int, PARALLEL = SAFE);
CREATE AGGREGATE x.many(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE AGGREGATE x.percent(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE OPERATOR x.=== (FUNCTION = x.eq, LEFTARG = x.comp, RIGHTARG = x.comp, COMMUTATOR = OPERATOR(x.===), HASHES);
CREATE OPERATOR x.!! (FUNCTION = int4abs, RIGHTARG = int);
CREATE OPERATOR x.< (FUNCTION = x.eq, LEFTARG = x.comp, RIGHTARG = x.comp, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR FAMILY x.fam USING btree;
CREATE OPERATOR CLASS x.cls DEFAULT FOR TYPE x.comp USING btree FAMILY x.fam
    AS OPERATOR 1 x.<, OPERATOR 3 x.===, FUNCTION 1 x.cmp(x.comp, x.comp);
ALTER OPERATOR FAMILY x.fam USING btree ADD OPERATOR 1 pg_catalog.< (int4, int4), FUNCTION 1 btint4cmp(int4, int4);
CREATE FUNCTION x.to_comp(int) RETURNS x.comp LANGUAGE sql AS 'SELECT NULL::x.comp';
CREATE CAST (int AS x.comp) WITH FUNCTION x.to_comp(int) AS ASSIGNMENT;
CREATE CAST (x.comp AS bigint) WITH INOUT;
CREATE FUNCTION x.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4in';
CREATE TRANSFORM FOR x.comp LANGUAGE sql (FROM SQL WITH FUNCTION x.from_sql(internal));
CREATE CONVERSION x.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH TEMPLATE x.tt (LEXIZE = dsimple_lexize, INIT = dsimple_init);
CREATE TEXT SEARCH DICTIONARY x.td (TEMPLATE = x.tt, STOPWORDS = 'english');
CREATE TEXT SEARCH PARSER x.tp (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION x.tc (PARSER = x.tp);
ALTER TEXT SEARCH CONFIGURATION x.tc ADD MAPPING FOR asciiword WITH x.td, simple;
CREATE ACCESS METHOD my_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE FOREIGN DATA WRAPPER fw OPTIONS (a 'b c');
CREATE SERVER srv TYPE 't' VERSION '1' FOREIGN DATA WRAPPER fw OPTIONS (host 'h, x', password 'hidden');
CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS (user 'u', password 'hidden');
GRANT USAGE ON FOREIGN SERVER srv TO pg_monitor;
CREATE TABLE x.t (id int PRIMARY KEY, a text, b text, c x.comp);
CREATE FOREIGN TABLE x.ft (a int OPTIONS (col 'z') NOT NULL, b text DEFAULT 'q') SERVER srv OPTIONS (t 'u');
CREATE STATISTICS x.st (dependencies) ON a, b FROM x.t;
ALTER STATISTICS x.st SET STATISTICS 30;
CREATE RULE r AS ON UPDATE TO x.t DO ALSO NOTIFY x;
ALTER TABLE x.t DISABLE RULE r;
CREATE POLICY p ON x.t AS RESTRICTIVE FOR UPDATE TO pg_monitor, postgres USING (id > 1) WITH CHECK (a <> 'x');
CREATE MATERIALIZED VIEW x.mv WITH (fillfactor = 70) AS SELECT id, a FROM x.t WITH NO DATA;
CREATE UNIQUE INDEX ON x.mv (id);
ALTER MATERIALIZED VIEW x.mv ALTER a SET STATISTICS 44;
CREATE FUNCTION x.et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
ALTER FUNCTION x.et() DEPENDS ON EXTENSION citext;
CREATE EVENT TRIGGER et ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION x.et();
ALTER EVENT TRIGGER et DISABLE;
CREATE PUBLICATION pub FOR TABLE x.t (id, a) WHERE (id > 3);
CREATE PUBLICATION pub2 FOR TABLES IN SCHEMA x WITH (publish = 'insert', publish_via_partition_root);
CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere password=hidden' PUBLICATION b, a WITH (connect = false, slot_name = NONE);
REVOKE EXECUTE ON FUNCTION citext_eq(citext, citext) FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA x GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
"""


@pytest.fixture
def others(databases):
    databases.on_main(OTHER_CLASSES)
    yield databases
    for side in (databases.main, databases.main_db), (databases.standin, databases.standin_db):
        if side[0].rows(side[1], "SELECT 1 FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid AND datname = current_database()"):
            side[0].psql(side[1], "DROP SUBSCRIPTION sub")


def test_a_restored_dump_of_other_classes_has_the_same_catalog(others):
    others.standin.dropdb(others.standin_db)
    others.standin.clone(others.main, others.main_db, others.standin_db)

    def without_edges(objects):
        return {key: [line for line in lines if not line.startswith("needs:")] for key, lines in objects.items()}

    # A function of an SQL language needs the transforms that there were when it was created: not what a dump keeps.
    assert without_edges(show(others.main, others.main_db)) == without_edges(show(others.standin, others.standin_db))


def test_fields_of_other_classes(others):
    objects = show(others.main, others.main_db)

    def has(key, *lines):
        for line in lines:
            assert line in objects[key], "%s: %s" % (key, objects[key])

    has("composite type x.comp", "owner = postgres")
    has("attribute x.comp.b", "position = 2", 'collation = pg_catalog."C"')
    has("comment attribute x.comp.b", "text = of the attribute")
    assert "shell type x.still" in objects
    has("base type x.base", "needs: function x.base_in(cstring)")
    has("function x.base_out(x.base)", "needs: base type x.base")
    has("range type x.span", 'definition = CREATE TYPE x.span AS RANGE (SUBTYPE = text, MULTIRANGE_TYPE_NAME = x.spans,'
        ' COLLATION = pg_catalog."C")')
    assert not [key for key in objects if "x.spans" in key], "what the server makes along with a range type"
    has("aggregate x.percent(double precision, anyelement)",
        "definition = CREATE AGGREGATE x.percent(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition,"
        " STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA)")
    assert "aggregate x.many(*)" in objects
    has("operator x.===(x.comp, x.comp)", "needs: function x.eq(x.comp, x.comp)")
    assert "operator x.!!(NONE, integer)" in objects
    has("operator family x.fam USING btree", 'members = {"OPERATOR 1 pg_catalog.<(integer, integer)",'
        '"FUNCTION 1 (integer, integer) btint4cmp(integer,integer)"}')
    has("operator class x.cls USING btree", "needs: operator x.<(x.comp, x.comp)", "needs: function x.cmp(x.comp, x.comp)",
        "needs: operator family x.fam USING btree")
    has("cast (integer AS x.comp)", "needs: function x.to_comp(integer)")
    has("transform FOR x.comp LANGUAGE sql", "needs: composite type x.comp")
    has("text search mapping x.tc.asciiword", "dictionaries = {x.td,pg_catalog.simple}")
    has("text search configuration x.tc", "needs: text search dictionary x.td", "parser = x.tp")
    has("server srv", 'options = {"host=h, x"}', "wrapper = fw")
    has("user mapping srv.public", "options = {user=u}")
    assert "hidden" not in str(objects), "a password was read"
    has("column x.ft.a", "foreign_options = {col=z}", "parent: foreign table x.ft")
    has("default x.ft.b", "expression = 'q'::text")
    has("statistics x.st", "statistics = 30", "parent: table x.t")
    has("rule x.t.r", "enabled = disabled")
    has("policy x.t.p", "permissive = false", "command = UPDATE", "roles = {pg_monitor,postgres}", "using = (id > 1)",
        "check = (a <> 'x'::text)")
    has("materialized view x.mv", "populated = false", "options = {fillfactor=70}")
    has("view column x.mv.a", "statistics = 44")
    has("index x.mv_id_idx", "parent: materialized view x.mv")
    has("function x.et()", "depends_on_extensions = {citext}", "needs: extension citext")
    has("event trigger et", "enabled = disabled", "definition = CREATE EVENT TRIGGER et ON ddl_command_end"
        " WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE PROCEDURE x.et()")
    has("publication table pub x.t", "table = x.t", "columns = {a,id}", "row_filter = (id > 3)", "needs: column x.t.a")
    has("publication pub2", "publish = insert", "via_partition_root = true")
    has("publication schema pub2.x", "needs: schema x")
    has("subscription sub", "publications = {b,a}", "enabled = false")
    has("extension grant citext FUNCTION public.citext_eq(public.citext,public.citext) to public", "privileges =",
        "initial = EXECUTE")
    has("default privileges for postgres on FUNCTIONS to public", "privileges =", "initial = EXECUTE")
    has("default privileges for postgres in x on TABLES to public", "privileges = SELECT", "initial =")
    assert "grant range type x.span to public" not in objects
    assert "grant composite type x.comp to public" in objects


def test_what_is_not_covered_is_named(loaded):
    assert not [key for key in show(loaded.main, loaded.main_db) if key.startswith("warning")]
    loaded.on_main("SELECT lo_create(4711)")
    assert [key for key in show(loaded.main, loaded.main_db) if key.startswith("warning")] == [
        "warning: 1 large object is not compared (--large-objects)"]
