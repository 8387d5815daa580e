-- The partitioned tables at the root of their trees, as they are named in tables.sql; just chosen ones where tables are
-- chosen by name.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_partitioned_table p
JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT c.relispartition
  AND (current_setting('pgsyncer.relations') = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
ORDER BY 1;
