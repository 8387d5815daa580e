CREATE FUNCTION add_one(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 10), (2, 20);

--- function.created
--- main
CREATE FUNCTION f(a int, b text DEFAULT 'x', OUT c int, OUT d text) LANGUAGE sql STABLE STRICT SECURITY DEFINER LEAKPROOF
    COST 5 PARALLEL SAFE SET work_mem = '1MB' AS 'SELECT a, b';
COMMENT ON FUNCTION f IS 'is new';
GRANT EXECUTE ON FUNCTION f TO reader;
REVOKE EXECUTE ON FUNCTION f FROM PUBLIC;

--- function.owner
--- main
ALTER FUNCTION add_one OWNER TO keeper;

--- function.depends_on_extensions
--- main
ALTER FUNCTION add_one DEPENDS ON EXTENSION plpgsql;

--- function.definition
--- main
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE VIEW uses AS SELECT f(v) FROM t;
--- stand-in
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER COST 7 AS 'SELECT a + 2';
CREATE VIEW uses AS SELECT f(v) FROM t;

--- function.definition: another language
--- also: function.language
--- main
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
--- stand-in
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN a; END';

--- function.definition: another result
--- also: function.result
--- rebuilt
--- main
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE VIEW uses AS SELECT f(v) IS NULL AS missing FROM t;
--- stand-in
CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint';
CREATE VIEW uses AS SELECT f(v) IS NULL AS missing FROM t;

--- function.definition: other names of arguments
--- also: function.arguments, function.input_names
--- rebuilt
--- main
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT $1';
--- stand-in
CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT $1';

--- function.definition: a default
--- also: function.arguments, function.default_count
--- rebuilt back
CREATE VIEW uses AS SELECT v FROM t;
--- main
CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT $1';
--- stand-in
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT $1';

--- function.definition: other columns
--- also: function.arguments, function.output_columns
--- rebuilt
--- main
CREATE FUNCTION f(OUT a int, OUT b text) LANGUAGE sql AS 'SELECT 1, NULL::text';
--- stand-in
CREATE FUNCTION f(OUT a int, OUT c text) LANGUAGE sql AS 'SELECT 1, NULL::text';

--- function.definition: a window function
--- also: function.kind
--- rebuilt
--- main
CREATE FUNCTION f() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
--- stand-in
CREATE FUNCTION f() RETURNS bigint LANGUAGE internal AS 'window_row_number';

--- procedure.created
--- main
CREATE PROCEDURE p(a int, b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN NULL; END';
COMMENT ON PROCEDURE p IS 'is new';
GRANT EXECUTE ON PROCEDURE p TO reader;

--- procedure.owner
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT a';
--- main
ALTER PROCEDURE p OWNER TO keeper;

--- procedure.depends_on_extensions
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT a';
--- main
ALTER PROCEDURE p DEPENDS ON EXTENSION plpgsql;

--- procedure.definition
--- main
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT a';
--- stand-in
CREATE PROCEDURE p(a int) LANGUAGE sql SECURITY DEFINER AS 'SELECT a + 1';

--- procedure.definition: another language
--- also: procedure.language
--- main
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT a';
--- stand-in
CREATE PROCEDURE p(a int) LANGUAGE plpgsql AS 'BEGIN NULL; END';

--- procedure.definition: other names of arguments
--- also: procedure.arguments, procedure.identity_arguments, procedure.input_names
--- rebuilt
--- main
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT $1';
--- stand-in
CREATE PROCEDURE p(b int) LANGUAGE sql AS 'SELECT $1';

--- procedure.definition: a default
--- also: procedure.arguments, procedure.default_count
--- rebuilt back
--- main
CREATE PROCEDURE p(a int, b int DEFAULT 2) LANGUAGE sql AS 'SELECT $1';
--- stand-in
CREATE PROCEDURE p(a int, b int) LANGUAGE sql AS 'SELECT $1';

--- procedure.definition: other columns
--- also: procedure.arguments, procedure.identity_arguments, procedure.output_columns, procedure.input_names
--- rebuilt
--- main
CREATE PROCEDURE p(INOUT a int) LANGUAGE sql AS 'SELECT $1';
--- stand-in
CREATE PROCEDURE p(INOUT b int) LANGUAGE sql AS 'SELECT $1';

--- aggregate.created
--- main
CREATE AGGREGATE total(int) (SFUNC = add_one, STYPE = int, INITCOND = '0', COMBINEFUNC = add_one, PARALLEL = SAFE);
COMMENT ON AGGREGATE total(int) IS 'is new';
GRANT EXECUTE ON FUNCTION total(int) TO reader;
CREATE AGGREGATE rows(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
GRANT EXECUTE ON FUNCTION rows() TO reader;

--- aggregate.owner
CREATE AGGREGATE total(int) (SFUNC = add_one, STYPE = int, INITCOND = '0');
--- main
ALTER AGGREGATE total(int) OWNER TO keeper;

--- aggregate.definition
--- main
CREATE AGGREGATE total(int) (SFUNC = add_one, STYPE = int, INITCOND = '0');
CREATE VIEW uses AS SELECT total(v) FROM t;
--- stand-in
CREATE AGGREGATE total(int) (SFUNC = add_one, STYPE = int, INITCOND = '1');
CREATE VIEW uses AS SELECT total(v) FROM t;
