SELECT 'pg_conversion'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, c.conname AS name, NULL AS signature,
       pg_get_userbyid(c.conowner) AS owner,
       format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END,
              n.nspname, c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding),
              c.conproc::regproc) AS definition
FROM pg_conversion c
JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_conversion'::regclass AND d.objid = c.oid AND d.deptype = 'e');
