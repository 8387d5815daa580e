-- What the rows of each of the named tables take, TOAST included.
SELECT pg_catalog.pg_table_size(pg_catalog.format('%I.%I', t.schema, t.name)::regclass)
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (schema, name, n)
ORDER BY t.n;
