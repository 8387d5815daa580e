-- What pg_dump does not say of views and materialized views: the names and types of their columns, which follow from the
-- query, and whether a materialized view has been filled.
SELECT c.oid AS relation,
       (SELECT array_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                                   'COLLATE ' || quote_ident(n.nspname) || '.' || quote_ident(l.collname))
                         ORDER BY a.attnum)::text
        FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
        LEFT JOIN pg_namespace n ON n.oid = l.collnamespace
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       c.relispopulated::text AS populated
FROM pg_class c
WHERE c.relkind IN ('v', 'm')
  AND c.relnamespace = ANY (current_setting('pgsyncer.namespaces')::oid[]);
