-- The schema public: pg_dump says only how it differs from the one that initdb of pg_dump's own version makes.
SELECT 'pg_namespace'::regclass::oid AS classid, n.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, n.nspname AS name, NULL AS signature,
       pg_get_userbyid(n.nspowner) AS owner
FROM pg_namespace n
WHERE n.nspname = 'public'
  AND n.oid = ANY (current_setting('pgsyncer.namespaces')::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e');
