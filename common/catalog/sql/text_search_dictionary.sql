SELECT 'pg_ts_dict'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, t.dictname AS name, NULL AS signature,
       pg_get_userbyid(t.dictowner) AS owner,
       format('%I.%I', tn.nspname, p.tmplname) AS template,
       t.dictinitoption AS options
FROM pg_ts_dict t
JOIN pg_namespace n ON n.oid = t.dictnamespace
JOIN pg_ts_template p ON p.oid = t.dicttemplate
JOIN pg_namespace tn ON tn.oid = p.tmplnamespace
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_ts_dict'::regclass AND d.objid = t.oid AND d.deptype = 'e');
