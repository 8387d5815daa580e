-- The tables that $1 describes (see format/touched.h) and that are there, in the order in which they
-- are locked: a partitioned table before its partitions, as others do. The plan's statements create the others, and drop
-- what else may have their names.
SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind = 'p' AS partitioned
FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, level integer)
JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name AND c.relkind IN ('r', 'p')
ORDER BY coalesce(t.level, 0), n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
