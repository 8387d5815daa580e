-- Which schemas are chosen: those that match one of the regular expressions $1, without the server's own and without
-- the one that holds this tool's journal. Two arrays: their oids and their names.
SELECT coalesce(array_agg(n.oid ORDER BY n.nspname), '{}')::text AS oids
FROM pg_namespace n
WHERE n.nspname ~ ANY ($1::text[])
  AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname NOT IN ('information_schema', 'pgsyncer');
