CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION validator(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';

--- schema.created
--- main
CREATE SCHEMA :new AUTHORIZATION keeper;
COMMENT ON SCHEMA :new IS 'is new';
GRANT USAGE ON SCHEMA :new TO reader;

--- schema.owner
--- main
ALTER SCHEMA :name OWNER TO keeper;

--- extension.created
--- alone
--- rewritten
--- also: column.type
--- main
CREATE EXTENSION citext VERSION '1.4';
CREATE TABLE uses (id int PRIMARY KEY, c citext);
INSERT INTO uses VALUES (1, 'One');
COMMENT ON EXTENSION citext IS 'is new';
--- stand-in
CREATE TABLE uses (id int PRIMARY KEY, c text);
INSERT INTO uses VALUES (1, 'One');

--- extension.schema
--- alone
CREATE EXTENSION pgcrypto;
CREATE SCHEMA :new;
--- main
ALTER EXTENSION pgcrypto SET SCHEMA :new;

--- extension.version
--- alone
--- rebuilt back
--- main
CREATE EXTENSION citext VERSION '1.6';
--- stand-in
CREATE EXTENSION citext VERSION '1.5';

--- extension grant.created
--- alone
CREATE EXTENSION pgcrypto;
--- main
GRANT EXECUTE ON FUNCTION gen_salt(text) TO reader WITH GRANT OPTION;

--- extension grant.privileges
--- alone
CREATE EXTENSION pgcrypto;
--- main
GRANT EXECUTE ON FUNCTION gen_salt(text) TO reader WITH GRANT OPTION;
--- stand-in
GRANT EXECUTE ON FUNCTION gen_salt(text) TO reader;

--- default privileges.created
--- main
ALTER DEFAULT PRIVILEGES FOR ROLE keeper IN SCHEMA :name GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE keeper IN SCHEMA :name GRANT USAGE ON SEQUENCES TO reader WITH GRANT OPTION;

--- default privileges.privileges
--- main
ALTER DEFAULT PRIVILEGES FOR ROLE keeper IN SCHEMA :name GRANT SELECT, INSERT ON TABLES TO reader;
--- stand-in
ALTER DEFAULT PRIVILEGES FOR ROLE keeper IN SCHEMA :name GRANT SELECT, DELETE ON TABLES TO reader WITH GRANT OPTION;

--- language.created
--- main
CREATE TRUSTED LANGUAGE :name HANDLER handler VALIDATOR validator;
COMMENT ON LANGUAGE :name IS 'is new';
GRANT USAGE ON LANGUAGE :name TO reader;

--- language.owner
CREATE TRUSTED LANGUAGE :name HANDLER handler;
--- main
ALTER LANGUAGE :name OWNER TO chief;

--- language.definition
--- main
CREATE TRUSTED LANGUAGE :name HANDLER handler VALIDATOR validator;
CREATE FUNCTION uses() RETURNS int LANGUAGE :name AS 'BEGIN RETURN 1; END';
--- stand-in
CREATE TRUSTED LANGUAGE :name HANDLER handler;
CREATE FUNCTION uses() RETURNS int LANGUAGE :name AS 'BEGIN RETURN 1; END';

--- comment.created
--- main
COMMENT ON COLUMN t.v IS 'it''s new';

--- comment.text
COMMENT ON TABLE t IS 'one';
--- main
COMMENT ON TABLE t IS E'two\nlines';

--- security label.created
--- main
SECURITY LABEL FOR pgsyncer_test ON TABLE t IS 'secret';
SECURITY LABEL FOR pgsyncer_test ON COLUMN t.v IS 'top secret';
SECURITY LABEL FOR pgsyncer_test ON FUNCTION f() IS 'known';

--- security label.label
SECURITY LABEL FOR pgsyncer_test ON TABLE t IS 'secret';
--- main
SECURITY LABEL FOR pgsyncer_test ON TABLE t IS 'it''s known';

--- grant.created
--- main
GRANT SELECT, INSERT ON t TO reader WITH GRANT OPTION;
GRANT UPDATE (v) ON t TO writer;
GRANT EXECUTE ON FUNCTION f() TO reader;

--- grant.privileges
GRANT SELECT ON t TO reader;
--- main
GRANT INSERT ON t TO reader WITH GRANT OPTION;

--- grant.of_owner
--- also: grant.privileges, table.owner
--- main
ALTER TABLE t OWNER TO keeper;
REVOKE DELETE ON t FROM keeper;
--- stand-in
GRANT SELECT ON t TO keeper;

--- grant.created: through others
--- also: grant.privileges
ALTER TABLE t OWNER TO keeper;
CREATE TABLE u (a int, b int);
ALTER TABLE u OWNER TO keeper;
GRANT USAGE ON SCHEMA :name TO PUBLIC;
SET SESSION AUTHORIZATION keeper;
GRANT SELECT ON u TO reader WITH GRANT OPTION;
--- main
GRANT SELECT ON t TO reader WITH GRANT OPTION;
GRANT INSERT (v) ON t TO reader;
GRANT UPDATE ON u TO reader WITH GRANT OPTION;
SET SESSION AUTHORIZATION reader;
GRANT SELECT ON t TO writer WITH GRANT OPTION;
GRANT SELECT, UPDATE ON u TO writer;
SET SESSION AUTHORIZATION writer;
GRANT SELECT ON t TO PUBLIC;
GRANT SELECT (v) ON t TO chief;
--- stand-in
GRANT SELECT, UPDATE ON t TO writer WITH GRANT OPTION;
GRANT SELECT (id, v) ON t TO reader WITH GRANT OPTION;
SET SESSION AUTHORIZATION reader;
GRANT SELECT (v) ON t TO chief;
GRANT SELECT ON u TO writer;
SET SESSION AUTHORIZATION writer;
GRANT SELECT ON t TO reader WITH GRANT OPTION;
GRANT UPDATE ON t TO keeper;

--- grant.of_owner: who was granted what by another one
--- also: grant, grant.privileges, table.owner
ALTER TABLE t OWNER TO keeper;
GRANT USAGE ON SCHEMA :name TO PUBLIC;
SET SESSION AUTHORIZATION keeper;
GRANT SELECT ON t TO reader WITH GRANT OPTION;
SET SESSION AUTHORIZATION reader;
GRANT SELECT ON t TO writer WITH GRANT OPTION;
RESET SESSION AUTHORIZATION;
--- main
ALTER TABLE t OWNER TO reader;
GRANT UPDATE ON t TO writer;
--- stand-in
ALTER TABLE t OWNER TO writer;
