-- Which of the chosen tables and sequences the role cannot read as they are, and why: rows that row security would hide
-- from it, and those of unlogged tables, which a standby does not have, must not pass for rows that are not there. On a primary,
-- a superuser reads all: no table is looked at.
SELECT n.nspname AS schema, c.relname AS name,
       pg_catalog.format('%I %s read %s %I.%I: %s', current_user, CASE WHEN l.lost THEN 'cannot' ELSE 'may not' END,
                         CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, n.nspname, c.relname, w.why) AS line,
       c.relkind = 'p' AS partitioned
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery() AS lost) l
CROSS JOIN LATERAL (SELECT CASE WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN 'no USAGE on the schema'
                                WHEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN 'no SELECT on it'
                                WHEN c.relkind IN ('r', 'p') AND pg_catalog.row_security_active(c.oid)
                                THEN 'row-level security may hide rows'
                                WHEN l.lost THEN 'it is unlogged, and a standby has nothing of it' END AS why) w
WHERE c.relkind IN ('r', 'p', 'S')
  AND c.relpersistence <> 't'
  AND n.oid = ANY (current_setting('pgsyncer.namespaces')::oid[])
  AND (current_setting('pgsyncer.relations') = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
  AND (c.oid IN (SELECT unnest(e.extconfig) FROM pg_catalog.pg_extension e)
       OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                        AND d.deptype = 'e' AND d.refclassid = 'pg_catalog.pg_extension'::regclass))
  AND (SELECT pg_catalog.pg_is_in_recovery() OR NOT u.rolsuper FROM pg_catalog.pg_roles u WHERE u.rolname = current_user)
  AND w.why IS NOT NULL
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
