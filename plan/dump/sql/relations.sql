-- The tables (relations) of the chosen schemas, and which of them are chosen: common/selection.h.
SELECT n.nspname AS schema, c.relname AS name,
       c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])) AS chosen
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  AND c.relpersistence <> 't'
  AND n.oid = ANY (current_setting('pgsyncer.namespaces')::oid[])
ORDER BY n.nspname, c.relname;
