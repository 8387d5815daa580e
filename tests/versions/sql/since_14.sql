-- What servers have from 14 on.
ALTER TABLE app.kinds ALTER COLUMN v SET COMPRESSION pglz;
CREATE TYPE app.stretch AS RANGE (subtype = numeric, multirange_type_name = app.stretches);
CREATE TABLE app.ranges (id integer PRIMARY KEY, m int4multirange, s app.stretches);
INSERT INTO app.ranges VALUES (1, '{[1,3),[5,7)}', '{[1.0,2.00]}'), (2, '{}', NULL);
CREATE FUNCTION app.standard(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN n + 1;
CREATE PROCEDURE app.atomic(OUT n integer) LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
CREATE STATISTICS app.on_expression ON (a + 1), c FROM app.made;
CREATE VIEW app.searched AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SEARCH DEPTH FIRST BY n SET o SELECT n FROM t;
CREATE VIEW app.aliased AS SELECT x.a, y.c FROM (app.made m JOIN app.hashed h ON h.id = m.a) AS x (a, b, c2, id, v) JOIN app.made y USING (a) AS j;
CREATE VIEW app.year AS SELECT extract(year FROM at) AS y, extract(epoch FROM now() - at) AS e FROM app.events;
