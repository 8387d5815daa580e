SELECT 'pg_extension'::regclass::oid AS classid, e.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, e.extname AS name, NULL AS signature,
       n.nspname AS schema, e.extversion AS version
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
   OR current_setting('pgsyncer.whole_database')::bool;
