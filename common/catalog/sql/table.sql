-- Of a replica identity whose index was dropped, DEFAULT is what a dump has.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, c.relname AS name, NULL AS signature,
       pg_get_userbyid(c.relowner) AS owner,
       CASE c.relkind WHEN 'p' THEN 'partitioned' ELSE 'plain' END AS kind,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN parents.refs[1] END AS partition_of_ref,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN NOT c.relispartition THEN parents.refs END::text AS inherits_ref,
       c.reloptions::text AS options,
       toast.reloptions::text AS toast_options,
       space.spcname AS tablespace,
       CASE WHEN c.relkind = 'r' THEN coalesce(am.amname, 'heap') ELSE am.amname END AS access_method,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
       CASE c.relreplident WHEN 'd' THEN 'DEFAULT' WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL'
            ELSE coalesce('USING INDEX ' || quote_ident(identity_index.relname), 'DEFAULT') END AS replica_identity,
       c.relrowsecurity::text AS row_security,
       c.relforcerowsecurity::text AS force_row_security
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT i.inhrelid,
                  array_agg(format('%s %s 0 %s', 'pg_class'::regclass::oid, i.inhparent, i.inhparent::regclass)
                            ORDER BY i.inhseqno) AS refs
           FROM pg_inherits i
           JOIN pg_class child ON child.oid = i.inhrelid AND child.relkind IN ('r', 'p')
           GROUP BY i.inhrelid) parents ON parents.inhrelid = c.oid
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
LEFT JOIN pg_tablespace space ON space.oid = c.reltablespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN (SELECT i.indrelid, ic.relname
           FROM pg_index i
           JOIN pg_class ic ON ic.oid = i.indexrelid
           WHERE i.indisreplident) identity_index ON identity_index.indrelid = c.oid
WHERE c.relkind IN ('r', 'p')
  AND c.relpersistence <> 't'
  AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND ((SELECT current_setting('pgsyncer.relations')) = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
                    AND d.refclassid = 'pg_extension'::regclass);
