-- What is there and nothing compares, a line each; $1: large objects are compared. They are in no schema, and hardly meant
-- where tables are chosen by name.
SELECT pg_catalog.format('%s large object%s not compared (--large-objects)', count(*), CASE count(*) WHEN 1 THEN ' is' ELSE 's are' END) AS line
FROM pg_largeobject_metadata l
WHERE NOT $1::bool AND NOT current_setting('pgsyncer.tables_only')::bool
HAVING count(*) > 0;
