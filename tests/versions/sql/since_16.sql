-- What servers have from 16 on.
CREATE VIEW app.json_made AS SELECT json_object('a': 1 ABSENT ON NULL WITH UNIQUE KEYS) AS j, JSON_ARRAY(1, 2) AS k, ('1' IS JSON OBJECT) AS o;
CREATE COLLATION app.ruled (provider = icu, locale = 'und', rules = '&a < b');
ALTER TABLE app.customer ALTER COLUMN email SET STORAGE DEFAULT;
CREATE VIEW app.anonymous AS SELECT a FROM (SELECT 1 AS a);
CREATE TABLE app.own_expression (b integer GENERATED ALWAYS AS (a * 9) STORED) INHERITS (app.made);
INSERT INTO app.own_expression (a, c) VALUES (1, 'one');
