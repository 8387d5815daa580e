-- What is there and nothing compares, a line each; $1: large objects are compared. They are in no schema, and hardly meant
-- where tables are chosen by name. Tables of an extension belong to it, but for the rows that it says are the user's.
SELECT pg_catalog.format('%s large object%s not compared (--large-objects)', count(*), CASE count(*) WHEN 1 THEN ' is' ELSE 's are' END) AS line
FROM pg_largeobject_metadata l
WHERE NOT $1::bool AND NOT current_setting('pgsyncer.tables_only')::bool
HAVING count(*) > 0
UNION ALL
SELECT pg_catalog.format('%s %s of extension %I holds rows of the user''s (pg_extension_config_dump), which are not compared',
                         CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, c.oid::regclass, e.extname)
FROM pg_extension e
CROSS JOIN LATERAL unnest(e.extconfig) f (oid)
JOIN pg_class c ON c.oid = f.oid
WHERE c.relnamespace = ANY (current_setting('pgsyncer.namespaces')::oid[])
  AND (current_setting('pgsyncer.relations') = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
ORDER BY 1;
