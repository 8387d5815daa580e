-- Operator classes whose = is not in pg_catalog (citext, ltree, ...), with its schema.
SELECT c.oid AS class, n.nspname AS schema
FROM pg_catalog.pg_opclass c
JOIN pg_catalog.pg_amop o ON o.amopfamily = c.opcfamily AND o.amopstrategy = 3
                         AND o.amoplefttype = c.opcintype AND o.amoprighttype = c.opcintype
JOIN pg_catalog.pg_operator e ON e.oid = o.amopopr
JOIN pg_catalog.pg_namespace n ON n.oid = e.oprnamespace
WHERE n.nspname <> 'pg_catalog';
