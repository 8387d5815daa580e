-- Servers before 14 have no attcompression.
-- Columns of views and materialized views are made by their view; they are objects because comments, defaults and grants
-- hang on them. The settings are those of materialized views.
SELECT 'pg_class'::regclass::oid AS classid, a.attrelid AS objid, a.attnum AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, a.attrelid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, a.attname AS name, NULL AS signature,
       CASE WHEN a.attacl IS NOT NULL THEN true END AS key_granted,
       CASE WHEN a.attstorage <> t.typstorage
            THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'm' THEN 'main' WHEN 'e' THEN 'external'
                                   ELSE 'extended' END END AS storage,
       NULL AS compression,
       nullif(a.attstattarget, -1) AS statistics,
       CASE WHEN a.attoptions[1] NOT LIKE 'pg\_attver=%' OR a.attoptions[2] IS NOT NULL
            THEN nullif(ARRAY(SELECT o FROM unnest(a.attoptions) WITH ORDINALITY u(o, n) WHERE o NOT LIKE 'pg\_attver=%'
                              ORDER BY n), '{}')::text END AS options
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND c.relkind IN ('v', 'm')
  AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
