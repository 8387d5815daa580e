CREATE TEXT SEARCH PARSER own_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH DICTIONARY simple_words (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION words (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR word WITH simple_words;
CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t VALUES (1, 'one fish'), (2, 'two fish');

--- text search parser.created
--- main
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
COMMENT ON TEXT SEARCH PARSER p IS 'is new';

--- text search parser.definition
--- main
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH CONFIGURATION uses (PARSER = p);
--- stand-in
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION uses (PARSER = p);

--- text search template.created
--- main
CREATE TEXT SEARCH TEMPLATE p (INIT = dsimple_init, LEXIZE = dsimple_lexize);
COMMENT ON TEXT SEARCH TEMPLATE p IS 'is new';

--- text search template.definition
--- main
CREATE TEXT SEARCH TEMPLATE p (INIT = dsimple_init, LEXIZE = dsimple_lexize);
--- stand-in
CREATE TEXT SEARCH TEMPLATE p (LEXIZE = dsimple_lexize);

--- text search dictionary.created
--- main
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.snowball, LANGUAGE = 'english', STOPWORDS = 'english');
COMMENT ON TEXT SEARCH DICTIONARY d IS 'is new';

--- text search dictionary.owner
--- main
ALTER TEXT SEARCH DICTIONARY simple_words OWNER TO keeper;

--- text search dictionary.template
--- main
CREATE TEXT SEARCH TEMPLATE other (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = other);
--- stand-in
CREATE TEXT SEARCH TEMPLATE other (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple);

--- text search dictionary.options
--- main
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, STOPWORDS = 'english');
CREATE TEXT SEARCH CONFIGURATION uses (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION uses ADD MAPPING FOR word WITH d;
--- stand-in
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, STOPWORDS = 'english', ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION uses (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION uses ADD MAPPING FOR word WITH d;

--- text search configuration.created
--- main
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word, int WITH simple_words, pg_catalog.simple;
COMMENT ON TEXT SEARCH CONFIGURATION c IS 'is new';

--- text search configuration.owner
--- main
ALTER TEXT SEARCH CONFIGURATION words OWNER TO keeper;

--- text search configuration.parser
--- main
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple_words;
--- stand-in
CREATE TEXT SEARCH CONFIGURATION c (PARSER = own_parser);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple_words;

--- text search mapping.created
--- main
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR int WITH simple_words;

--- text search mapping.dictionaries
--- main
ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR word WITH pg_catalog.simple, simple_words;
