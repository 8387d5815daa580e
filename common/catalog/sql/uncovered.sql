-- What is there and nothing compares, a line each; $1: large objects are compared. They are in no schema, and hardly meant
-- where tables are chosen by name.
SELECT pg_catalog.format('%s large object%s not compared (--large-objects)', count(*), CASE count(*) WHEN 1 THEN ' is' ELSE 's are' END) AS line
FROM pg_largeobject_metadata l
WHERE NOT $1::bool AND NOT current_setting('pgsyncer.tables_only')::bool
HAVING count(*) > 0
UNION ALL
SELECT pg_catalog.format('schema pgsyncer, where pgsyncer-apply keeps its journal, is never compared: %s in it is not of pgsyncer-apply',
                         string_agg(quote_ident(c.relname), ', ' ORDER BY c.relname))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'pgsyncer' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relname NOT IN ('journal', 'journal_number_seq')
  AND current_setting('pgsyncer.whole_database')::bool
HAVING count(*) > 0;
