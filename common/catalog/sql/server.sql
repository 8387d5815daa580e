-- Options that hold a password or another secret are never read into a plan.
SELECT 'pg_foreign_server'::regclass::oid AS classid, s.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, s.srvname AS name, NULL AS signature,
       pg_get_userbyid(s.srvowner) AS owner,
       w.fdwname AS wrapper,
       s.srvtype AS type,
       s.srvversion AS version,
       CASE WHEN s.srvoptions IS NOT NULL
            THEN nullif(ARRAY(SELECT o FROM unnest(s.srvoptions) o
                              WHERE split_part(o, '=', 1) !~* 'passw|secret|passcode|token' ORDER BY o COLLATE "C"),
                        '{}')::text END AS options
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE current_setting('pgsyncer.whole_database')::bool
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_foreign_server'::regclass AND d.objid = s.oid AND d.deptype = 'e');
