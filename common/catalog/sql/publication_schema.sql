SELECT 'pg_publication_namespace'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
       'pg_publication'::regclass::oid AS parent_classid, r.pnpubid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, n.nspname AS name, NULL AS signature
FROM pg_publication_namespace r
JOIN pg_namespace n ON n.oid = r.pnnspid
WHERE current_setting('pgsyncer.whole_database')::bool;
