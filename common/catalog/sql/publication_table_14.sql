-- Servers before 15 have neither column lists nor row filters.
SELECT 'pg_publication_rel'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
       'pg_publication'::regclass::oid AS parent_classid, r.prpubid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, NULL AS name, format(' %I.%I', n.nspname, c.relname) AS signature,
       format('%s %s 0 %s', 'pg_class'::regclass::oid, c.oid, c.oid::regclass) AS table_ref,
       NULL AS columns,
       NULL AS row_filter
FROM pg_publication_rel r
JOIN pg_class c ON c.oid = r.prrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE current_setting('pgsyncer.whole_database')::bool;
