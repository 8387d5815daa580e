-- May this role read the journal? NULL where there is none.
SELECT (SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
        FROM pg_catalog.pg_namespace n
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'journal'
        WHERE n.nspname = 'pgsyncer') AS readable;
