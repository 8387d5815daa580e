CREATE TYPE pair AS (a int, b int);
CREATE TYPE other AS (a int, b int);
CREATE FUNCTION pair_equal(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1.a = $2.a';
CREATE FUNCTION pair_compare(pair, pair) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1.a - $2.a';
CREATE FUNCTION pair_hash(pair) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1.a';
CREATE FUNCTION pair_hash_too(pair) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1.b';
CREATE FUNCTION pair_number(pair) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1.a';
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'varchar_support';
CREATE FUNCTION from_sql_too(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'varchar_support';

--- operator.created
--- main
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES);
COMMENT ON OPERATOR === (pair, pair) IS 'is new';

--- operator.owner
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal);
--- main
ALTER OPERATOR === (pair, pair) OWNER TO keeper;

--- operator.definition
CREATE TABLE t (id int PRIMARY KEY, p pair);
INSERT INTO t VALUES (1, '(1,2)');
--- main
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal, RESTRICT = eqsel);
CREATE VIEW uses AS SELECT id FROM t WHERE p OPERATOR(:name.===) p;
--- stand-in
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal, JOIN = eqjoinsel);
CREATE VIEW uses AS SELECT id FROM t WHERE p OPERATOR(:name.===) p;

--- operator family.created
--- main
CREATE OPERATOR FAMILY family USING hash;
ALTER OPERATOR FAMILY family USING hash ADD FUNCTION 1 (pair, pair) pair_hash(pair);
COMMENT ON OPERATOR FAMILY family USING hash IS 'is new';

--- operator family.owner
CREATE OPERATOR FAMILY family USING hash;
--- main
ALTER OPERATOR FAMILY family USING hash OWNER TO keeper;

--- operator family.members
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal);
CREATE OPERATOR FAMILY family USING hash;
--- main
ALTER OPERATOR FAMILY family USING hash ADD FUNCTION 1 (pair, pair) pair_hash(pair), OPERATOR 1 === (pair, pair);
--- stand-in
ALTER OPERATOR FAMILY family USING hash ADD FUNCTION 1 (pair, pair) pair_hash_too(pair);

--- operator family member.created
CREATE EXTENSION btree_gin;
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal);
--- main
ALTER OPERATOR FAMILY pg_catalog.array_ops USING hash ADD OPERATOR 1 === (pair, pair), FUNCTION 1 (pair, pair) pair_hash(pair);
ALTER OPERATOR FAMILY int4_ops USING gin ADD OPERATOR 1 === (pair, pair);

--- operator family member.definition
--- also: operator.definition
--- main
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal, RESTRICT = eqsel);
ALTER OPERATOR FAMILY pg_catalog.array_ops USING hash ADD OPERATOR 1 === (pair, pair), FUNCTION 1 (pair, pair) pair_hash(pair);
--- stand-in
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal, JOIN = eqjoinsel);
ALTER OPERATOR FAMILY pg_catalog.array_ops USING hash ADD OPERATOR 1 === (pair, pair), FUNCTION 1 (pair, pair) pair_hash_too(pair);

--- operator class.created
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal);
CREATE OPERATOR FAMILY family USING hash;
--- main
CREATE OPERATOR CLASS pair_ops FOR TYPE pair USING hash FAMILY family AS OPERATOR 1 ===, FUNCTION 1 pair_hash(pair);
COMMENT ON OPERATOR CLASS pair_ops USING hash IS 'is new';

--- operator class.owner
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal);
CREATE OPERATOR CLASS pair_ops FOR TYPE pair USING hash AS OPERATOR 1 ===, FUNCTION 1 pair_hash(pair);
--- main
ALTER OPERATOR CLASS pair_ops USING hash OWNER TO keeper;

--- operator class.definition
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_equal);
CREATE OPERATOR FAMILY family USING hash;
CREATE TABLE t (id int PRIMARY KEY, p pair);
INSERT INTO t VALUES (1, '(1,2)');
--- main
CREATE OPERATOR CLASS pair_ops FOR TYPE pair USING hash FAMILY family AS OPERATOR 1 ===, FUNCTION 1 pair_hash(pair);
CREATE INDEX t_by_p ON t USING hash (p pair_ops);
--- stand-in
CREATE OPERATOR CLASS pair_ops FOR TYPE pair USING hash FAMILY family AS OPERATOR 1 ===, FUNCTION 1 pair_hash_too(pair);
CREATE INDEX t_by_p ON t USING hash (p pair_ops);

--- cast.created
--- main
CREATE CAST (pair AS int) WITH FUNCTION pair_number(pair) AS ASSIGNMENT;
COMMENT ON CAST (pair AS int) IS 'is new';

--- cast.definition
--- main
CREATE CAST (pair AS int) WITH FUNCTION pair_number(pair) AS IMPLICIT;
--- stand-in
CREATE CAST (pair AS int) WITH INOUT;

--- transform.created
--- main
CREATE TRANSFORM FOR pair LANGUAGE sql (FROM SQL WITH FUNCTION from_sql(internal));
COMMENT ON TRANSFORM FOR pair LANGUAGE sql IS 'is new';

--- transform.definition
--- main
CREATE TRANSFORM FOR pair LANGUAGE sql (FROM SQL WITH FUNCTION from_sql(internal));
--- stand-in
CREATE TRANSFORM FOR pair LANGUAGE sql (FROM SQL WITH FUNCTION from_sql_too(internal));

--- conversion.created
--- main
CREATE CONVERSION recode FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION recode IS 'is new';

--- conversion.owner
CREATE CONVERSION recode FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
--- main
ALTER CONVERSION recode OWNER TO keeper;

--- conversion.definition
--- main
CREATE DEFAULT CONVERSION recode FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
--- stand-in
CREATE CONVERSION recode FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;

--- access method.created
--- main
CREATE ACCESS METHOD :name TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD :name IS 'is new';

--- access method.definition
CREATE FUNCTION handler(internal) RETURNS table_am_handler LANGUAGE internal AS 'heap_tableam_handler';
--- main
CREATE ACCESS METHOD :name TYPE TABLE HANDLER heap_tableam_handler;
--- stand-in
CREATE ACCESS METHOD :name TYPE TABLE HANDLER handler;
