SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, c.relname AS name, NULL AS signature,
       pg_get_userbyid(c.relowner) AS owner,
       pg_get_viewdef(c.oid) AS definition,
       c.reloptions::text AS options,
       toast.reloptions::text AS toast_options,
       space.spcname AS tablespace,
       coalesce(am.amname, 'heap') AS access_method,
       c.relispopulated::text AS populated,
       needed.names AS depends_on_extensions
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
LEFT JOIN pg_tablespace space ON space.oid = c.reltablespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN (SELECT d.objid, array_agg(e.extname ORDER BY e.extname)::text AS names
           FROM pg_depend d
           JOIN pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'x'
           GROUP BY d.objid) needed ON needed.objid = c.oid
WHERE c.relkind = 'm'
  AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND ((SELECT current_setting('pgsyncer.relations')) = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
                    AND d.refclassid = 'pg_extension'::regclass);
