-- The kinds of relations that there are in the chosen schemas. Others need not be looked for: among many tables, that
-- takes its time too.
SELECT coalesce(string_agg(k.relkind::text, ''), '')
FROM (SELECT DISTINCT c.relkind
      FROM pg_class c
      WHERE c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])) k;
