-- A column that not every server version has is asked for by way of to_jsonb, which answers NULL where it is missing.
-- With its multirange type, which the server makes along with it, by its name where that is not the default one.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, t.typname AS name, NULL AS signature,
       pg_get_userbyid(t.typowner) AS owner,
       format('CREATE TYPE %I.%I AS RANGE (', n.nspname, t.typname)
       || concat_ws(', ',
            'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
            CASE WHEN m.oid IS NOT NULL AND (m.typnamespace <> t.typnamespace OR m.typname <> CASE
                           WHEN strpos(t.typname, 'range') > 0
                           THEN overlay(t.typname PLACING 'multirange' FROM strpos(t.typname, 'range') FOR 5)
                           ELSE t.typname || '_multirange' END)
                 THEN 'MULTIRANGE_TYPE_NAME = ' || format_type(m.oid, NULL) END,
            CASE WHEN NOT oc.opcdefault THEN format('SUBTYPE_OPCLASS = %I.%I', ocn.nspname, oc.opcname) END,
            CASE WHEN r.rngcollation <> s.typcollation THEN format('COLLATION = %I.%I', cn.nspname, co.collname) END,
            CASE WHEN r.rngcanonical::oid <> 0 THEN 'CANONICAL = ' || r.rngcanonical::regproc END,
            CASE WHEN r.rngsubdiff::oid <> 0 THEN 'SUBTYPE_DIFF = ' || r.rngsubdiff::regproc END)
       || ')' AS definition
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass oc ON oc.oid = r.rngsubopc
JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
LEFT JOIN pg_collation co ON co.oid = r.rngcollation
LEFT JOIN pg_type m ON m.oid = (to_jsonb(r)->>'rngmultitypid')::oid
LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e');
