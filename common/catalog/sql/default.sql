-- Defaults of columns, views' ones too. The expression of a generated column is a field of the column. A default names no
-- column, so pg_get_expr needs no relation and is several times as fast without one. Columns are not looked through where
-- the reader knows that none is generated.
SELECT 'pg_attrdef'::regclass::oid AS classid, d.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, d.adrelid AS parent_objid, d.adnum AS parent_objsubid,
       NULL AS schema, NULL AS name, NULL AS signature,
       pg_get_expr(d.adbin, 0) AS expression
FROM pg_attrdef d
JOIN pg_class c ON c.oid = d.adrelid
WHERE c.relkind IN ('r', 'p', 'f', 'v')
  AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND ((SELECT current_setting('pgsyncer.generated_columns', true)) IS NOT DISTINCT FROM 'none'
       OR NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''));
