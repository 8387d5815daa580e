SELECT 'pg_ts_parser'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, p.prsname AS name, NULL AS signature,
       format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s, %sLEXTYPES = %s)', n.nspname,
              p.prsname, p.prsstart::regproc, p.prstoken::regproc, p.prsend::regproc,
              CASE WHEN p.prsheadline::oid <> 0 THEN format('HEADLINE = %s, ', p.prsheadline::regproc) ELSE '' END,
              p.prslextype::regproc) AS definition
FROM pg_ts_parser p
JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_ts_parser'::regclass AND d.objid = p.oid AND d.deptype = 'e');
