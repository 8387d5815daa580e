-- enumsortorder has gaps and fractions where labels were inserted; only the order counts.
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       'pg_type'::regclass::oid AS parent_classid, e.enumtypid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, e.enumlabel AS name, NULL AS signature,
       row_number() OVER (PARTITION BY e.enumtypid ORDER BY e.enumsortorder) AS position
FROM pg_enum e
JOIN pg_type t ON t.oid = e.enumtypid
WHERE t.typnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
