-- `columns` is for judging whether CREATE OR REPLACE VIEW will do.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, c.relname AS name, NULL AS signature,
       pg_get_userbyid(c.relowner) AS owner,
       pg_get_viewdef(c.oid) AS definition,
       -- pg_dump says the check option apart from the others
       CASE WHEN c.reloptions IS NOT NULL
            THEN ARRAY(SELECT o FROM unnest(c.reloptions) WITH ORDINALITY u(o, n)
                       ORDER BY o NOT LIKE 'check\_option=%', n)::text END AS options,
       columns.list::text AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT a.attrelid,
                  array_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                                      'COLLATE ' || quote_ident(cn.nspname) || '.' || quote_ident(co.collname))
                            ORDER BY a.attnum) AS list
           FROM pg_attribute a
           JOIN pg_class v ON v.oid = a.attrelid AND v.relkind = 'v'
           JOIN pg_type t ON t.oid = a.atttypid
           LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
           LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
           WHERE a.attnum > 0 AND NOT a.attisdropped
             AND v.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
           GROUP BY a.attrelid) columns ON columns.attrelid = c.oid
WHERE c.relkind = 'v'
  AND c.relpersistence <> 't'
  AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND ((SELECT current_setting('pgsyncer.relations')) = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
                    AND d.refclassid = 'pg_extension'::regclass);
