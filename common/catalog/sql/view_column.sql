-- Columns of views are made by their view; they are objects because comments, defaults and grants hang on them.
SELECT 'pg_class'::regclass::oid AS classid, a.attrelid AS objid, a.attnum AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, a.attrelid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, a.attname AS name, NULL AS signature
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND c.relkind = 'v'
  AND c.relnamespace = ANY (current_setting('pgsyncer.namespaces')::oid[]);
