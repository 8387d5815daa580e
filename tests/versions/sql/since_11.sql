-- What servers have from 11 on.
ALTER INDEX app.customer_name ALTER COLUMN 1 SET STATISTICS 50;
CREATE PROCEDURE app.tidy(INOUT n integer DEFAULT 3) LANGUAGE plpgsql AS $$BEGIN n := n + 1; END$$;
CREATE TABLE app.hashed (id integer PRIMARY KEY, v text, UNIQUE (id, v)) PARTITION BY HASH (id);
CREATE TABLE app.hashed_0 PARTITION OF app.hashed FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE app.hashed_1 PARTITION OF app.hashed FOR VALUES WITH (modulus 2, remainder 1);
CREATE INDEX hashed_v ON app.hashed (v) INCLUDE (id);
CREATE FUNCTION app.nothing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER touched AFTER INSERT ON app.hashed FOR EACH ROW EXECUTE PROCEDURE app.nothing();
CREATE TABLE app.by_list_rest PARTITION OF app.by_list DEFAULT;
CREATE TABLE app.line (id integer, hashed integer REFERENCES app.customer (id), total integer, CONSTRAINT line_key PRIMARY KEY (id) INCLUDE (total))
    PARTITION BY RANGE (id);
CREATE TABLE app.line_1 PARTITION OF app.line FOR VALUES FROM (1) TO (10);
INSERT INTO app.hashed SELECT i, 'v' || i FROM generate_series(1, 1000) i;
INSERT INTO app.by_list VALUES ('zz', 9);
CREATE VIEW app.frames AS SELECT id, sum(id) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS s FROM app.hashed;
CREATE DOMAIN app."Some" AS text CHECK (VALUE <> '');
CREATE TABLE app.several (id integer, v app."Some"[]);
INSERT INTO app.several VALUES (1, '{a,b}');
