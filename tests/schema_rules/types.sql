--- shell type.created
--- main
CREATE TYPE shell;
COMMENT ON TYPE shell IS 'is new';

--- shell type.owner
CREATE TYPE shell;
--- main
ALTER TYPE shell OWNER TO keeper;

--- base type.created
--- also: function
--- main
CREATE TYPE base;
CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = text);
COMMENT ON TYPE base IS 'is new';

--- base type.owner
CREATE TYPE base;
CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = text);
--- main
ALTER TYPE base OWNER TO keeper;

--- base type.definition
CREATE TYPE base;
CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
--- main
CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = text, CATEGORY = 'S');
--- stand-in
CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = text, DELIMITER = ';');

--- enum.created
--- main
CREATE TYPE mood AS ENUM ('sad', 'glad');
GRANT USAGE ON TYPE mood TO reader;

--- enum.owner
CREATE TYPE mood AS ENUM ('sad', 'glad');
--- main
ALTER TYPE mood OWNER TO keeper;

--- enum label.created
--- also: enum label.position
--- rewritten
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad');
INSERT INTO t VALUES (1, 'sad'), (2, 'glad');
--- main
ALTER TYPE mood ADD VALUE 'so so' BEFORE 'glad';

--- enum label.position
--- rewritten
--- main
CREATE TYPE mood AS ENUM ('sad', 'so so', 'glad');
CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad');
INSERT INTO t VALUES (1, 'sad'), (2, 'glad');
--- stand-in
CREATE TYPE mood AS ENUM ('sad', 'glad', 'so so');
CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad');
INSERT INTO t VALUES (1, 'sad'), (2, 'glad');

--- domain.created
--- main
CREATE DOMAIN positive AS int DEFAULT 1 NOT NULL CHECK (VALUE > 0);
COMMENT ON DOMAIN positive IS 'is new';

--- domain.owner
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
--- main
ALTER DOMAIN positive OWNER TO keeper;

--- domain.type
--- rewritten
--- main
CREATE DOMAIN amount AS bigint CHECK (VALUE > 0);
CREATE TABLE t (id int PRIMARY KEY, a amount);
INSERT INTO t VALUES (1, 10), (2, 20);
--- stand-in
CREATE DOMAIN amount AS int CHECK (VALUE > 0);
CREATE TABLE t (id int PRIMARY KEY, a amount);
INSERT INTO t VALUES (1, 10), (2, 20);

--- domain.collation
--- rewritten
--- main
CREATE DOMAIN word AS text COLLATE "C";
CREATE TABLE t (id int PRIMARY KEY, w word);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
--- stand-in
CREATE DOMAIN word AS text;
CREATE TABLE t (id int PRIMARY KEY, w word);
INSERT INTO t VALUES (1, 'one'), (2, 'two');

--- domain.default = *, NULL
CREATE DOMAIN word AS text;
CREATE TABLE t (id int PRIMARY KEY, w word);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
--- main
ALTER DOMAIN word SET DEFAULT 'none';

--- domain.default = *, *: another one
CREATE DOMAIN word AS text DEFAULT 'one';
--- main
ALTER DOMAIN word SET DEFAULT lower('TWO');

--- domain.not_null = true, false
CREATE DOMAIN word AS text;
CREATE TABLE t (id int PRIMARY KEY, w word);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
--- main
ALTER DOMAIN word SET NOT NULL;

--- domain.not_null_name
--- since: 17
--- main
CREATE DOMAIN word AS text CONSTRAINT "it's there" NOT NULL;
CREATE TABLE t (id int PRIMARY KEY, w word);
INSERT INTO t VALUES (1, 'one');
--- stand-in
CREATE DOMAIN word AS text CONSTRAINT is_there NOT NULL;
CREATE TABLE t (id int PRIMARY KEY, w word);
INSERT INTO t VALUES (1, 'one');

--- domain.not_null_name: changed places with a check's
--- since: 17
--- also: constraint
--- main
CREATE DOMAIN word AS text CONSTRAINT a NOT NULL CONSTRAINT b CHECK (VALUE <> '');
--- stand-in
CREATE DOMAIN word AS text CONSTRAINT b NOT NULL CONSTRAINT a CHECK (VALUE <> '');

--- domain.not_null_comment
--- since: 17
CREATE DOMAIN word AS text CONSTRAINT "it's there" NOT NULL;
--- main
COMMENT ON CONSTRAINT "it's there" ON DOMAIN word IS 'is''s there';

--- composite type.created
--- main
CREATE TYPE pair AS (a int, b text COLLATE "C");
COMMENT ON COLUMN pair.a IS 'is new';

--- composite type.owner
CREATE TYPE pair AS (a int, b text);
--- main
ALTER TYPE pair OWNER TO keeper;

--- attribute.created
CREATE TYPE pair AS (a int);
--- main
ALTER TYPE pair ADD ATTRIBUTE b text;

--- attribute.position
--- main
CREATE TYPE pair AS (a int, b text);
--- stand-in
CREATE TYPE pair AS (b text, a int);

--- attribute.type
CREATE TYPE pair AS (a int, b text);
--- main
ALTER TYPE pair ALTER ATTRIBUTE a TYPE bigint;

--- attribute.collation
CREATE TYPE pair AS (a int, b text);
--- main
ALTER TYPE pair ALTER ATTRIBUTE b TYPE text COLLATE "C";

--- range type.created
--- main
CREATE TYPE text_range AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = text_ranges);
COMMENT ON TYPE text_range IS 'is new';

--- range type.owner
CREATE TYPE text_range AS RANGE (SUBTYPE = text);
--- main
ALTER TYPE text_range OWNER TO keeper;

--- range type.definition
--- rewritten
--- main
CREATE TYPE text_range AS RANGE (SUBTYPE = text, COLLATION = "C");
CREATE TABLE t (id int PRIMARY KEY, r text_range);
INSERT INTO t VALUES (1, '[a,b)'), (2, NULL);
--- stand-in
CREATE TYPE text_range AS RANGE (SUBTYPE = text);
CREATE TABLE t (id int PRIMARY KEY, r text_range);
INSERT INTO t VALUES (1, '[a,b)'), (2, NULL);

--- collation.created
--- main
CREATE COLLATION swedish (PROVIDER = icu, LOCALE = 'sv');
COMMENT ON COLLATION swedish IS 'is new';

--- collation.owner
CREATE COLLATION swedish (PROVIDER = icu, LOCALE = 'sv');
--- main
ALTER COLLATION swedish OWNER TO keeper;

--- collation.definition
--- rewritten
--- main
CREATE COLLATION own (PROVIDER = icu, LOCALE = 'sv');
CREATE TABLE t (id int PRIMARY KEY, w text COLLATE own);
CREATE INDEX ON t (w);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
--- stand-in
CREATE COLLATION own (PROVIDER = icu, LOCALE = 'sv', DETERMINISTIC = false);
CREATE TABLE t (id int PRIMARY KEY, w text COLLATE own);
CREATE INDEX ON t (w);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
