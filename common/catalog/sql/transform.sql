SELECT 'pg_transform'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, NULL AS name, format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname) AS signature,
       format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname,
              concat_ws(', ',
                CASE WHEN t.trffromsql::oid <> 0 THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::regprocedure END,
                CASE WHEN t.trftosql::oid <> 0 THEN 'TO SQL WITH FUNCTION ' || t.trftosql::regprocedure END)) AS definition
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384
  AND current_setting('pgsyncer.whole_database')::bool
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_transform'::regclass AND d.objid = t.oid AND d.deptype = 'e');
