-- Columns of partitions that are GENERATED ALWAYS AS IDENTITY: from PostgreSQL 17 on, by their parent's sequence.
SELECT a.attrelid AS table_oid, a.attnum AS number
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND c.relispartition AND a.attidentity = 'a' AND NOT a.attisdropped;
