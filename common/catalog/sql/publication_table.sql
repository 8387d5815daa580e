SELECT 'pg_publication_rel'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
       'pg_publication'::regclass::oid AS parent_classid, r.prpubid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, NULL AS name, format(' %I.%I', n.nspname, c.relname) AS signature,
       format('%s %s 0 %s', 'pg_class'::regclass::oid, c.oid, c.oid::regclass) AS table_ref,
       CASE WHEN r.prattrs IS NOT NULL
            THEN ARRAY(SELECT a.attname FROM pg_attribute a
                       WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs) ORDER BY a.attname)::text
       END AS columns,
       pg_get_expr(r.prqual, r.prrelid) AS row_filter
FROM pg_publication_rel r
JOIN pg_class c ON c.oid = r.prrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE current_setting('pgsyncer.whole_database')::bool;
