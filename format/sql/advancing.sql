-- Gives each sequence that the plan may advance, and that this role owns, a new file with what it holds: from then on a
-- rollback takes nextval() back too. Those that columns only the stand-in has ("kept" in $1, see format/touched.h) take
-- their defaults from when rows come, also by the default of a domain; and those that statements ($2, a JSON array of
-- texts) name while they fill a column.
WITH RECURSIVE filled AS (
    SELECT a.attrelid, a.attnum, a.atttypid
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, inserts boolean, kept text[])
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attname = ANY (t.kept)
    WHERE t.inserts
), types AS (
    SELECT atttypid AS oid FROM filled
    UNION
    SELECT y.typbasetype FROM types t JOIN pg_catalog.pg_type y ON y.oid = t.oid AND y.typtype = 'd'
), defaults AS (
    SELECT 'pg_catalog.pg_attrdef'::regclass AS classid, d.oid
    FROM filled f
    JOIN pg_catalog.pg_attrdef d ON d.adrelid = f.attrelid AND d.adnum = f.attnum
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, oid FROM types
), advancing AS (
    SELECT p.refobjid AS oid
    FROM defaults d
    JOIN pg_catalog.pg_depend p ON p.classid = d.classid AND p.objid = d.oid AND p.refclassid = 'pg_catalog.pg_class'::regclass
    UNION
    SELECT p.objid
    FROM filled f
    JOIN pg_catalog.pg_depend p ON p.refclassid = 'pg_catalog.pg_class'::regclass AND p.refobjid = f.attrelid AND p.refobjsubid = f.attnum
                               AND p.classid = 'pg_catalog.pg_class'::regclass AND p.deptype = 'i'
    UNION
    SELECT pg_catalog.to_regclass(replace(m.named[1], '''''', ''''))
    FROM jsonb_array_elements_text($2::jsonb) AS s(sql), regexp_matches(s.sql, 'nextval\(''((?:[^'']|'''')+)''::regclass\)', 'g') AS m(named)
)
SELECT format('ALTER SEQUENCE %I.%I CACHE %s', n.nspname, c.relname, q.seqcache) AS sql, format('%I.%I', n.nspname, c.relname) AS name
FROM advancing a
JOIN pg_catalog.pg_class c ON c.oid = a.oid AND c.relkind = 'S' AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
