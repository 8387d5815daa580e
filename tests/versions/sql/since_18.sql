-- What servers have from 18 on.
CREATE TABLE app.virtually (a integer PRIMARY KEY, b integer GENERATED ALWAYS AS (a + 1), c integer, d integer);
INSERT INTO app.virtually (a, c, d) VALUES (1, 2, 3);
ALTER TABLE app.virtually ADD CONSTRAINT c_known CHECK (c > 0) NOT ENFORCED;
ALTER TABLE app.virtually ADD CONSTRAINT d_named NOT NULL d;
ALTER TABLE app.virtually ADD CONSTRAINT c_later NOT NULL c NOT VALID;
CREATE TABLE app.no_heirs (a integer, CONSTRAINT own_only NOT NULL a NO INHERIT);
CREATE TABLE app.unenforced (a integer REFERENCES app.virtually (a) NOT ENFORCED);
CREATE EXTENSION btree_gist SCHEMA app;
CREATE TABLE app.temporal (id integer, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
INSERT INTO app.temporal VALUES (1, '[2024-01-01,2024-02-01)'), (1, '[2024-02-01,2024-03-01)');
CREATE TABLE app.within (id integer, during daterange, FOREIGN KEY (id, PERIOD during) REFERENCES app.temporal (id, PERIOD during));
CREATE PUBLICATION computed FOR TABLE app.made WITH (publish_generated_columns = stored);
CREATE FUNCTION app.casefolded(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN casefold(t);
CREATE TABLE app.halves (id integer, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS)) PARTITION BY LIST (id);
CREATE TABLE app.halves_1 PARTITION OF app.halves FOR VALUES IN (1);
CREATE TABLE app.halves_rest PARTITION OF app.halves DEFAULT PARTITION BY RANGE (id);
CREATE TABLE app.halves_2 PARTITION OF app.halves_rest FOR VALUES FROM (2) TO (9);
INSERT INTO app.halves VALUES (1, '[2024-01-01,2024-02-01)'), (1, '[2024-02-01,2024-03-01)'), (2, '[2024-01-01,2024-02-01)');
