-- The tables with an index that finds rows by the column named $1. In psql: \bind updated_at \g
SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) AS "table"
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indkey[0] = a.attnum
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = x.relam
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attname = $1 AND i.indisvalid AND i.indpred IS NULL AND m.amname IN ('btree', 'brin');
