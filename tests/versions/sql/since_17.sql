-- What servers have from 17 on.
CREATE TABLE app.identified (id integer GENERATED ALWAYS AS IDENTITY, v text) PARTITION BY RANGE (id);
CREATE TABLE app.identified_1 PARTITION OF app.identified FOR VALUES FROM (1) TO (1000);
INSERT INTO app.identified (v) VALUES ('a'), ('b');
CREATE COLLATION app.built_in (provider = builtin, locale = 'C.UTF-8');
GRANT MAINTAIN ON app.customer TO PUBLIC;
CREATE VIEW app.tabled AS SELECT t.a FROM JSON_TABLE('[{"a": 1}]'::jsonb, '$[*]' COLUMNS (a integer PATH '$.a')) AS t;
CREATE TABLE app.apart (during int4range, v text, EXCLUDE USING gist (during WITH =)) PARTITION BY LIST (during);
CREATE TABLE app.apart_1 PARTITION OF app.apart FOR VALUES IN ('[1,3)', '[5,7)');
INSERT INTO app.apart VALUES ('[1,3)', 'a'), ('[5,7)', 'b');
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE app.of_method (a integer) PARTITION BY LIST (a) USING heap_too;
CREATE DOMAIN app.there AS text CONSTRAINT "it's there" NOT NULL;
COMMENT ON CONSTRAINT "it's there" ON DOMAIN app.there IS 'is not NULL';
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT MAINTAIN ON TABLES TO PUBLIC;
CREATE TABLE app.by_code_point (v text COLLATE pg_c_utf8, CHECK (v COLLATE pg_c_utf8 <> ''));
