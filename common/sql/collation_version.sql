-- The version of the library that sorts this database's texts, as installed now (PostgreSQL 15 and newer).
SELECT pg_catalog.pg_database_collation_actual_version(d.oid)
FROM pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database();
