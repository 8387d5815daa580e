-- What initdb made has oids below 16384.
SELECT 'pg_language'::regclass::oid AS classid, l.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, l.lanname AS name, NULL AS signature,
       pg_get_userbyid(l.lanowner) AS owner,
       concat_ws(' ', 'CREATE', CASE WHEN l.lanpltrusted THEN 'TRUSTED' END, 'LANGUAGE', quote_ident(l.lanname),
                 'HANDLER', l.lanplcallfoid::regproc,
                 CASE WHEN l.laninline <> 0 THEN 'INLINE ' || l.laninline::regproc END,
                 CASE WHEN l.lanvalidator <> 0 THEN 'VALIDATOR ' || l.lanvalidator::regproc END) AS definition
FROM pg_language l
WHERE l.lanispl
  AND l.oid >= 16384
  AND current_setting('pgsyncer.whole_database')::bool
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_language'::regclass AND d.objid = l.oid AND d.deptype = 'e');
