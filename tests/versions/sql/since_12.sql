-- What servers have from 12 on.
CREATE TABLE app.made (a integer PRIMARY KEY, b integer GENERATED ALWAYS AS (a * 2) STORED, c text);
INSERT INTO app.made (a, c) SELECT i, 'c' || i FROM generate_series(1, 300) i;
CREATE TABLE app.refers (id integer PRIMARY KEY, h integer REFERENCES app.hashed (id));
INSERT INTO app.refers VALUES (1, 1), (2, NULL);
CREATE COLLATION app.loose_text (provider = icu, locale = 'und', deterministic = false);
CREATE TABLE app.loose (t text COLLATE app.loose_text PRIMARY KEY);
INSERT INTO app.loose VALUES ('a'), ('b');
CREATE STATISTICS app.mcv (mcv, ndistinct) ON a, b FROM app.made;
CREATE VIEW app.with_materialized AS WITH w AS MATERIALIZED (SELECT a FROM app.made) SELECT w.a FROM w;
CREATE TABLE app.bounds (v integer) PARTITION BY LIST (v);
CREATE TABLE app.bounds_1 PARTITION OF app.bounds FOR VALUES IN (1, 2, NULL);
