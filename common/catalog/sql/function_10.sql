-- Servers before 11 have no prokind.
-- Functions and window functions. The fields after definition are for judging whether CREATE OR REPLACE will do.
SELECT 'pg_proc'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, p.proname AS name, '(' || oidvectortypes(p.proargtypes) || ')' AS signature,
       pg_get_userbyid(p.proowner) AS owner,
       pg_get_functiondef(p.oid) AS definition,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS result,
       CASE WHEN p.proiswindow THEN 'window' ELSE 'function' END AS kind,
       l.lanname AS language,
       CASE WHEN p.proargmodes IS NULL THEN p.proargnames
            ELSE ARRAY(SELECT p.proargnames[i] FROM generate_subscripts(p.proargmodes, 1) i
                       WHERE p.proargmodes[i] IN ('i', 'b', 'v') ORDER BY i) END::text AS input_names,
       CASE WHEN p.proargmodes IS NOT NULL
            THEN ARRAY(SELECT concat_ws(' ', quote_ident(p.proargnames[i]), format_type(p.proallargtypes[i], NULL))
                       FROM generate_subscripts(p.proargmodes, 1) i
                       WHERE p.proargmodes[i] IN ('o', 'b', 't') ORDER BY i)::text END AS output_columns,
       p.pronargdefaults AS default_count,
       needed.names AS depends_on_extensions
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
LEFT JOIN (SELECT d.objid, array_agg(e.extname ORDER BY e.extname)::text AS names
           FROM pg_depend d
           JOIN pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'x'
           GROUP BY d.objid) needed ON needed.objid = p.oid
WHERE NOT p.proisagg
  AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'));
