-- The locks on tables that this session holds and that keep others from writing or reading, strongest first.
SELECT format('%s on %I.%I', l.mode, n.nspname, c.relname) AS line
FROM (SELECT DISTINCT ON (relation) relation, mode, strength
      FROM (SELECT p.relation, m.mode, m.strength
            FROM pg_catalog.pg_locks p
            JOIN (VALUES ('ShareLock', 'SHARE', 1), ('ShareRowExclusiveLock', 'SHARE ROW EXCLUSIVE', 2),
                         ('ExclusiveLock', 'EXCLUSIVE', 3), ('AccessExclusiveLock', 'ACCESS EXCLUSIVE', 4))
                 AS m(lock, mode, strength) ON m.lock = p.mode
            WHERE p.pid = pg_catalog.pg_backend_pid() AND p.locktype = 'relation' AND p.granted) held
      ORDER BY relation, strength DESC) l
JOIN pg_catalog.pg_class c ON c.oid = l.relation
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname <> 'pgsyncer' AND n.nspname NOT LIKE 'pg\_%'
ORDER BY l.strength DESC, n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
