-- The types of identity columns' sequences: pg_dump says their bounds, where they are not their type's, but no type.
SELECT c.oid AS relation, format_type(q.seqtypid, NULL) AS type
FROM pg_class c
JOIN pg_sequence q ON q.seqrelid = c.oid
JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
                AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype = 'i'
WHERE c.relkind = 'S'
  AND c.relnamespace = ANY (current_setting('pgsyncer.namespaces')::oid[]);
