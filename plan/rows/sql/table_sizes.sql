-- What the rows of each of the named tables take, TOAST included, and whether any value of them is stored there. The one
-- table of pg_temp is that of the large objects.
SELECT pg_catalog.pg_table_size(c.oid), c.reltoastrelid <> 0 AND pg_catalog.pg_relation_size(c.reltoastrelid) > 0
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (schema, name, n)
JOIN pg_catalog.pg_class c ON c.oid = CASE WHEN t.schema OPERATOR(pg_catalog.=) 'pg_temp' THEN 'pg_catalog.pg_largeobject'::regclass
                                           ELSE pg_catalog.format('%I.%I', t.schema, t.name)::regclass END
ORDER BY t.n;
