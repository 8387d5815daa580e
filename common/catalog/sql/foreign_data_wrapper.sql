-- Options that hold a password or another secret are never read into a plan.
SELECT 'pg_foreign_data_wrapper'::regclass::oid AS classid, w.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, w.fdwname AS name, NULL AS signature,
       pg_get_userbyid(w.fdwowner) AS owner,
       CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END AS handler,
       CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END AS validator,
       CASE WHEN w.fdwoptions IS NOT NULL
            THEN nullif(ARRAY(SELECT o FROM unnest(w.fdwoptions) o
                              WHERE split_part(o, '=', 1) !~* 'passw|secret|passcode|token' ORDER BY o COLLATE "C"),
                        '{}')::text END AS options
FROM pg_foreign_data_wrapper w
WHERE current_setting('pgsyncer.whole_database')::bool
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_foreign_data_wrapper'::regclass AND d.objid = w.oid AND d.deptype = 'e');
