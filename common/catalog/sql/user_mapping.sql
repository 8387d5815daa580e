-- Options that hold a password or another secret are never read into a plan.
SELECT 'pg_user_mapping'::regclass::oid AS classid, m.umid AS objid, 0 AS objsubid,
       'pg_foreign_server'::regclass::oid AS parent_classid, m.srvid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, coalesce(m.usename, 'public') AS name, NULL AS signature,
       CASE WHEN m.umoptions IS NOT NULL
            THEN nullif(ARRAY(SELECT o FROM unnest(m.umoptions) o
                              WHERE split_part(o, '=', 1) !~* 'passw|secret|passcode|token' ORDER BY o COLLATE "C"),
                        '{}')::text END AS options
FROM pg_user_mappings m
WHERE current_setting('pgsyncer.whole_database')::bool;
