SELECT 'pg_am'::regclass::oid AS classid, a.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, a.amname AS name, NULL AS signature,
       format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', a.amname,
              CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, a.amhandler::regproc) AS definition
FROM pg_am a
WHERE a.oid >= 16384
  AND current_setting('pgsyncer.whole_database')::bool
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_am'::regclass AND d.objid = a.oid AND d.deptype = 'e');
