-- Other sessions that hold locks on the tables that $1 describes and that apply would wait for.
SELECT format('session %s (%s, %s) holds %s on %I.%I', l.pid, coalesce(a.usename, '?'),
              coalesce(nullif(a.application_name, ''), 'no application name'), l.mode, n.nspname, c.relname) AS line
FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text)
JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
JOIN pg_catalog.pg_locks l ON l.relation = c.oid AND l.granted
     AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.pid <> pg_catalog.pg_backend_pid()
  AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
  AND coalesce(a.backend_type, '') <> 'autovacuum worker'
ORDER BY 1;
