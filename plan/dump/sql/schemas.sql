-- The names of the chosen schemas.
SELECT n.nspname
FROM pg_namespace n
WHERE n.oid = ANY (current_setting('pgsyncer.namespaces')::oid[])
ORDER BY n.nspname;
