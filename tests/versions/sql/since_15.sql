-- What servers have from 15 on.
CREATE TABLE app.nulls (id integer, v text, UNIQUE NULLS NOT DISTINCT (v));
INSERT INTO app.nulls VALUES (1, 'a'), (2, NULL);
CREATE UNIQUE INDEX nulls_id ON app.nulls (id) NULLS NOT DISTINCT;
CREATE VIEW app.invoked WITH (security_invoker = true) AS SELECT id FROM app.nulls;
CREATE PUBLICATION part FOR TABLE app.made (a) WHERE (a > 5);
CREATE SCHEMA shown;
CREATE PUBLICATION whole FOR TABLES IN SCHEMA shown;
CREATE UNLOGGED SEQUENCE app.unlogged_numbers;
CREATE TABLE app.set_null (id integer PRIMARY KEY, a bigint, b integer, FOREIGN KEY (a) REFERENCES app.customer (id) ON DELETE SET NULL (a));
