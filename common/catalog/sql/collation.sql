-- A column that not every server version has is asked for by way of to_jsonb, which answers NULL where it is missing.
SELECT 'pg_collation'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, c.collname AS name, NULL AS signature,
       pg_get_userbyid(c.collowner) AS owner,
       format('CREATE COLLATION %I.%I (', n.nspname, c.collname)
       || concat_ws(', ',
            'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin'
                                               ELSE 'default' END,
            CASE WHEN to_jsonb(c)->>'collisdeterministic' = 'false' THEN 'deterministic = false' END,
            'locale = ' || quote_literal(coalesce(to_jsonb(c)->>'colllocale', to_jsonb(c)->>'colliculocale', icu.locale)),
            'rules = ' || quote_literal(to_jsonb(c)->>'collicurules'),
            CASE WHEN icu.locale IS NULL THEN 'lc_collate = ' || quote_literal(c.collcollate) END,
            CASE WHEN icu.locale IS NULL THEN 'lc_ctype = ' || quote_literal(c.collctype) END)
       || ')' AS definition
FROM pg_collation c
JOIN pg_namespace n ON n.oid = c.collnamespace
LEFT JOIN LATERAL (SELECT c.collcollate AS locale WHERE c.collprovider = 'i') icu ON true -- before 15, ICU's are there
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_collation'::regclass AND d.objid = c.oid AND d.deptype = 'e');
