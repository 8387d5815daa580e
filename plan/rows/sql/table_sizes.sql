-- What the rows of each of the named tables take, TOAST included, and whether any value of them is stored there.
SELECT pg_catalog.pg_table_size(c.oid), c.reltoastrelid <> 0 AND pg_catalog.pg_relation_size(c.reltoastrelid) > 0
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (schema, name, n)
JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.format('%I.%I', t.schema, t.name)::regclass
ORDER BY t.n;
