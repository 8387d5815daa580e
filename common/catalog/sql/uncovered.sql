-- What is there and no other query reads: a class, how many, and one of them by name.
SELECT 'large object' AS class, count(*), min(l.oid) AS example
FROM pg_largeobject_metadata l
WHERE current_setting('pgsyncer.whole_database')::bool
HAVING count(*) > 0;
