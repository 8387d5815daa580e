CREATE TABLE t (id int PRIMARY KEY, v bigint);
INSERT INTO t VALUES (1, 10), (2, 20);
CREATE SEQUENCE s;
SELECT nextval('s'), nextval('s');

--- sequence.created
--- also: default.expression
--- main
CREATE SEQUENCE new AS int INCREMENT 5 MINVALUE -10 MAXVALUE 1000 START 20 CACHE 7 CYCLE OWNED BY t.v;
ALTER TABLE t ALTER v SET DEFAULT nextval('new');
GRANT USAGE ON SEQUENCE new TO reader;
COMMENT ON SEQUENCE new IS 'is new';
--- stand-in
ALTER TABLE t ALTER v SET DEFAULT 0;

--- sequence.owner
--- main
ALTER SEQUENCE s OWNER TO keeper;

--- sequence.owned_by
--- main
ALTER SEQUENCE s OWNED BY t.v;

--- sequence.owned_by: another column
--- main
ALTER SEQUENCE s OWNED BY t.v;
--- stand-in
ALTER SEQUENCE s OWNED BY t.id;

--- sequence.persistence = unlogged, permanent
--- since: 15
--- main
ALTER SEQUENCE s SET UNLOGGED;

--- sequence.type
--- main
CREATE SEQUENCE n AS int MAXVALUE 1000;
--- stand-in
CREATE SEQUENCE n AS smallint MAXVALUE 1000;

--- sequence.start
--- main
ALTER SEQUENCE s START 5;

--- sequence.increment
--- main
ALTER SEQUENCE s INCREMENT -1 MINVALUE 1 MAXVALUE 9223372036854775807;

--- sequence.minimum
--- main
ALTER SEQUENCE s MINVALUE -5;

--- sequence.maximum
--- main
ALTER SEQUENCE s MAXVALUE 500;

--- sequence.cache
--- main
ALTER SEQUENCE s CACHE 5;

--- sequence.cycle
--- main
ALTER SEQUENCE s CYCLE;
