-- What is there and no other query reads, each kind with how many there are. Large objects are in no schema, and hardly
-- where a database is looked at table by table.
SELECT pg_catalog.format('%s large object%s not compared (--large-objects)', count(*), CASE count(*) WHEN 1 THEN ' is' ELSE 's are' END)
FROM pg_largeobject_metadata l
WHERE NOT current_setting('pgsyncer.tables_only')::bool
HAVING count(*) > 0;
