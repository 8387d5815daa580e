-- What the rows of each of the named tables take, TOAST included, and whether any value of them is stored there; of a
-- partitioned table, those of its partitions. The one table of pg_temp is that of the large objects.
SELECT s.bytes, s.toasted
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (schema, name, n)
JOIN pg_catalog.pg_class c ON c.oid = CASE WHEN t.schema OPERATOR(pg_catalog.=) 'pg_temp' THEN 'pg_catalog.pg_largeobject'::regclass
                                           ELSE pg_catalog.format('%I.%I', t.schema, t.name)::regclass END
CROSS JOIN LATERAL (
    WITH RECURSIVE tree (oid) AS (
        SELECT c.oid
        UNION ALL
        SELECT i.inhrelid
        FROM tree p
        JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid
        WHERE c.relkind = 'p'
    )
    SELECT sum(pg_catalog.pg_table_size(x.oid))::int8 AS bytes,
           bool_or(x.reltoastrelid <> 0 AND pg_catalog.pg_relation_size(x.reltoastrelid) > 0) AS toasted
    FROM tree
    JOIN pg_catalog.pg_class x ON x.oid = tree.oid) s
ORDER BY t.n;
