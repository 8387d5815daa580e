-- Every class's query begins with the same nine columns: the object's address in pg_depend's terms, its parent's
-- address, its schema and name, and what follows the name in its identity. What comes after them are its fields.
SELECT 'pg_namespace'::regclass::oid AS classid, n.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, n.nspname AS name, NULL AS signature,
       pg_get_userbyid(n.nspowner) AS owner
FROM pg_namespace n
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e');
