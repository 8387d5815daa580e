-- What servers have from 17 on.
CREATE TABLE app.identified (id integer GENERATED ALWAYS AS IDENTITY, v text) PARTITION BY RANGE (id);
CREATE TABLE app.identified_1 PARTITION OF app.identified FOR VALUES FROM (1) TO (1000);
INSERT INTO app.identified (v) VALUES ('a'), ('b');
CREATE COLLATION app.built_in (provider = builtin, locale = 'C.UTF-8');
GRANT MAINTAIN ON app.customer TO PUBLIC;
CREATE VIEW app.tabled AS SELECT t.a FROM JSON_TABLE('[{"a": 1}]'::jsonb, '$[*]' COLUMNS (a integer PATH '$.a')) AS t;
