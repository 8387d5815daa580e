SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, t.typname AS name, NULL AS signature,
       pg_get_userbyid(t.typowner) AS owner
FROM pg_type t
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e');
