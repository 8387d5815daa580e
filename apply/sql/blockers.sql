-- Other sessions that hold locks on the tables that $1 describes and that apply would wait for; and the event triggers
-- that would act on what it does to them, where session_replication_role does not keep them silent ($2).
SELECT format('event trigger %I acts on what apply does to keep triggers silent and to set sequences', e.evtname) AS line
FROM pg_catalog.pg_event_trigger e
WHERE e.evtenabled = ANY (CASE WHEN $2::boolean THEN '{A,R}' ELSE '{A,O}' END::"char"[]) AND jsonb_array_length($1::jsonb) > 0
UNION ALL
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
