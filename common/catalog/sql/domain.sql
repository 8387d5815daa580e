SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, t.typname AS name, NULL AS signature,
       pg_get_userbyid(t.typowner) AS owner,
       format_type(t.typbasetype, t.typtypmod) AS type,
       CASE WHEN t.typcollation <> b.typcollation THEN format('%I.%I', cn.nspname, c.collname) END AS collation,
       coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) AS default,
       t.typnotnull::text AS not_null,
       nn.conname AS not_null_name,
       de.description AS not_null_comment
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_collation c ON c.oid = t.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = c.collnamespace
LEFT JOIN pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n' -- from 17 on
LEFT JOIN pg_description de ON de.classoid = 'pg_constraint'::regclass AND de.objoid = nn.oid AND de.objsubid = 0
WHERE t.typtype = 'd'
  AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e');
