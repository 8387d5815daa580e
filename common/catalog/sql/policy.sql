SELECT 'pg_policy'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, p.polrelid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, p.polname AS name, NULL AS signature,
       p.polpermissive::text AS permissive,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                     ELSE 'ALL' END AS command,
       ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r) END
             FROM unnest(p.polroles) r
             ORDER BY 1)::text AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid) AS check
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
