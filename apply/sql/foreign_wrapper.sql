-- The foreign-data wrapper of the extension postgres_fdw, if there is one.
SELECT w.fdwname
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
JOIN pg_catalog.pg_foreign_data_wrapper w ON d.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass AND d.objid = w.oid
WHERE e.extname = 'postgres_fdw';
