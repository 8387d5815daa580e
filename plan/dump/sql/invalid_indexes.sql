SELECT c.oid AS object, c.oid::regclass AS name
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid
  AND c.relpersistence <> 't'
  AND c.relnamespace = ANY (current_setting('pgsyncer.namespaces')::oid[])
  AND (current_setting('pgsyncer.relations') = ''
       OR i.indrelid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])));
