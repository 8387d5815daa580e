-- The chosen sequences (common/selection.h), those of columns included; of extensions, those whose values are the user's. The
-- value is NULL where nothing was drawn yet: then the sequence itself must be asked, since setval(..., false) shows there.
SELECT n.nspname AS schema,
       c.relname AS name,
       pg_catalog.pg_sequence_last_value(c.oid) AS last_value
FROM pg_catalog.pg_sequence q
JOIN pg_catalog.pg_class c ON c.oid = q.seqrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't'
  AND n.oid = ANY (current_setting('pgsyncer.namespaces')::oid[])
  AND (current_setting('pgsyncer.relations') = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
  AND (c.oid IN (SELECT unnest(e.extconfig) FROM pg_catalog.pg_extension e)
       OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                        AND d.deptype = 'e'))
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
