-- A column that not every server version has is asked for by way of to_jsonb, which answers NULL where it is missing.
SELECT 'pg_publication'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, p.pubname AS name, NULL AS signature,
       pg_get_userbyid(p.pubowner) AS owner,
       p.puballtables::text AS all_tables,
       concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                 CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN to_jsonb(p)->>'pubtruncate' = 'true' THEN 'truncate' END) AS publish,
       coalesce(to_jsonb(p)->>'pubviaroot', 'false') AS via_partition_root,
       nullif(to_jsonb(p)->>'pubgencols', 'n') AS generated_columns
FROM pg_publication p
WHERE current_setting('pgsyncer.whole_database')::bool
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_publication'::regclass AND d.objid = p.oid AND d.deptype = 'e');
