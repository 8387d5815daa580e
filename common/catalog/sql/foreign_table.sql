SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, c.relname AS name, NULL AS signature,
       pg_get_userbyid(c.relowner) AS owner,
       s.srvname AS server,
       CASE WHEN f.ftoptions IS NOT NULL THEN ARRAY(SELECT o FROM unnest(f.ftoptions) o ORDER BY o COLLATE "C")::text END AS options,
       CASE WHEN c.relispartition THEN parents.refs[1] END AS partition_of_ref,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN NOT c.relispartition THEN parents.refs END::text AS inherits_ref
FROM pg_class c
JOIN pg_foreign_table f ON f.ftrelid = c.oid
JOIN pg_foreign_server s ON s.oid = f.ftserver
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT i.inhrelid,
                  array_agg(format('%s %s 0 %s', 'pg_class'::regclass::oid, i.inhparent, i.inhparent::regclass)
                            ORDER BY i.inhseqno) AS refs
           FROM pg_inherits i
           JOIN pg_class child ON child.oid = i.inhrelid AND child.relkind = 'f'
           GROUP BY i.inhrelid) parents ON parents.inhrelid = c.oid
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND ((SELECT current_setting('pgsyncer.relations')) = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
                    AND d.refclassid = 'pg_extension'::regclass);
