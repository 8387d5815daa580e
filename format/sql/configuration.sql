-- Of the extensions' configuration tables that $1 describes (format/touched.h), those of which the stand-in says otherwise
-- which rows are the user's.
SELECT format('%I.%I: the plan knows %s, the stand-in %s', t.schema, t.name, coalesce(t.condition, 'all rows'),
              CASE WHEN f.relation IS NULL THEN 'no such table of extension ' || t.extension ELSE coalesce(f.condition, 'all rows') END) AS line
FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, extension text, condition text)
LEFT JOIN (SELECT c.relnamespace AS namespace, c.relname AS relation, e.extname AS extension, nullif(r.condition, '') AS condition
           FROM pg_catalog.pg_extension e
           CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) r (oid, condition)
           JOIN pg_catalog.pg_class c ON c.oid = r.oid) f
       ON f.extension = t.extension AND f.relation = t.name
      AND f.namespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = t.schema)
WHERE t.extension IS NOT NULL
  AND (f.relation IS NULL OR f.condition IS DISTINCT FROM t.condition)
ORDER BY t.schema COLLATE "C", t.name COLLATE "C";
