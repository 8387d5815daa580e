CREATE FUNCTION validator(text[], oid) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION validator_too(text[], oid) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE FOREIGN DATA WRAPPER :name;
CREATE SERVER :name TYPE 'kind' VERSION '1' FOREIGN DATA WRAPPER :name OPTIONS (a 'x', b 'y');
CREATE USER MAPPING FOR reader SERVER :name OPTIONS (a 'x', b 'y');
CREATE FOREIGN TABLE far (id int NOT NULL, v text) SERVER :name OPTIONS (a 'x', b 'y');
CREATE TABLE parts (id int NOT NULL, v text) PARTITION BY RANGE (id);

--- foreign data wrapper.created
--- main
CREATE FOREIGN DATA WRAPPER :new VALIDATOR validator OPTIONS (a 'x', "B c" 'it''s');

--- foreign data wrapper.owner
--- main
ALTER FOREIGN DATA WRAPPER :name OWNER TO chief;

--- foreign data wrapper.handler = *, NULL
--- alone
CREATE EXTENSION file_fdw;
--- main
ALTER FOREIGN DATA WRAPPER :name HANDLER file_fdw_handler;

--- foreign data wrapper.validator = *, NULL
--- main
ALTER FOREIGN DATA WRAPPER :name VALIDATOR validator;

--- foreign data wrapper.validator = *, *: another one
--- main
ALTER FOREIGN DATA WRAPPER :name VALIDATOR validator;
--- stand-in
ALTER FOREIGN DATA WRAPPER :name VALIDATOR validator_too;

--- foreign data wrapper.options
--- main
ALTER FOREIGN DATA WRAPPER :name OPTIONS (a 'x', b 'y');
--- stand-in
ALTER FOREIGN DATA WRAPPER :name OPTIONS (b 'z', c 'it''s');

--- server.created
--- main
CREATE SERVER :new TYPE 'kind' VERSION '1' FOREIGN DATA WRAPPER :name OPTIONS (a 'x');
GRANT USAGE ON FOREIGN SERVER :new TO reader;
COMMENT ON SERVER :new IS 'is new';

--- server.owner
--- main
GRANT USAGE ON FOREIGN DATA WRAPPER :name TO keeper;
ALTER SERVER :name OWNER TO keeper;
--- stand-in
GRANT USAGE ON FOREIGN DATA WRAPPER :name TO keeper;

--- server.wrapper
CREATE FOREIGN DATA WRAPPER :new;
--- main
CREATE SERVER :new FOREIGN DATA WRAPPER :new;
CREATE FOREIGN TABLE uses (id int) SERVER :new;
--- stand-in
CREATE SERVER :new FOREIGN DATA WRAPPER :name;
CREATE FOREIGN TABLE uses (id int) SERVER :new;

--- server.type
--- main
CREATE SERVER :new TYPE 'one' FOREIGN DATA WRAPPER :name;
CREATE USER MAPPING FOR writer SERVER :new OPTIONS (a 'x');
--- stand-in
CREATE SERVER :new FOREIGN DATA WRAPPER :name;
CREATE USER MAPPING FOR writer SERVER :new OPTIONS (a 'x');

--- server.version
--- main
ALTER SERVER :name VERSION '2';
--- stand-in
ALTER SERVER :name VERSION NULL;

--- server.options
--- main
ALTER SERVER :name OPTIONS (SET a 'z', DROP b, ADD c 'it''s');

--- user mapping.created
--- main
CREATE USER MAPPING FOR writer SERVER :name OPTIONS (a 'x');
CREATE USER MAPPING FOR PUBLIC SERVER :name;

--- user mapping.options
--- main
ALTER USER MAPPING FOR reader SERVER :name OPTIONS (SET a 'z', DROP b, ADD c 'new');

--- foreign table.created
--- main
CREATE FOREIGN TABLE farther (id int OPTIONS (c 'd') NOT NULL, v text DEFAULT 'x', CHECK (id > 0)) SERVER :name OPTIONS (a 'x');
COMMENT ON FOREIGN TABLE farther IS 'is new';
GRANT SELECT ON farther TO reader;

--- foreign table.owner
--- main
ALTER FOREIGN TABLE far OWNER TO keeper;

--- foreign table.server
CREATE SERVER :new FOREIGN DATA WRAPPER :name;
--- main
CREATE FOREIGN TABLE f (id int) SERVER :name;
CREATE VIEW uses AS SELECT id FROM f;
--- stand-in
CREATE FOREIGN TABLE f (id int) SERVER :new;
CREATE VIEW uses AS SELECT id FROM f;

--- foreign table.options
--- main
ALTER FOREIGN TABLE far OPTIONS (SET a 'z', DROP b, ADD c 'new');

--- foreign table.partition_of
--- also: foreign table.partition_bound, column.inherited
--- main
ALTER TABLE parts ATTACH PARTITION far FOR VALUES FROM (0) TO (100);

--- foreign table.partition_bound
--- main
ALTER TABLE parts ATTACH PARTITION far FOR VALUES FROM (0) TO (100);
--- stand-in
ALTER TABLE parts ATTACH PARTITION far FOR VALUES FROM (0) TO (200);

--- foreign table.inherits
CREATE TABLE parent (id int, v text);
--- main
ALTER FOREIGN TABLE far INHERIT parent;
