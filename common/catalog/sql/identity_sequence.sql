-- The sequences of identity columns; their options are fields of the column.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       o.refclassid AS parent_classid, o.refobjid AS parent_objid, o.refobjsubid AS parent_objsubid,
       NULL AS schema, NULL AS name, NULL AS signature,
       c.relname AS sequence_name, format_type(q.seqtypid, NULL) AS sequence_type
FROM pg_class c
JOIN pg_sequence q ON q.seqrelid = c.oid
JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
                AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype = 'i'
WHERE c.relkind = 'S'
  AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
