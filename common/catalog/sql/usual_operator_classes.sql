-- Operator classes and the types whose own defaults they are: what pg_get_indexdef() leaves out. Others, which are a
-- type's default by way of a cast, are few, but for those of varchar, which has text's; unless someone made it a class
-- or a cast of its own.
SELECT o.oid, o.opcintype AS type
FROM pg_opclass o
WHERE o.opcdefault
UNION ALL
SELECT o.oid, 'varchar'::regtype
FROM pg_opclass o
WHERE o.opcdefault AND o.opcintype = 'text'::regtype
  AND NOT EXISTS (SELECT FROM pg_opclass v WHERE v.opcintype = 'varchar'::regtype AND v.opcdefault)
  AND NOT EXISTS (SELECT FROM pg_cast c WHERE c.castsource = 'varchar'::regtype AND c.oid >= 16384);
