-- How large the stand-in's tables $1 (schemas), $2 (names) are, with their partitions and children: bytes with TOAST, and
-- rows as the statistics have them for the blocks that are there; NULL where nobody knows. One that is not there has no
-- row.
WITH RECURSIVE asked AS (
    SELECT a.number, c.oid
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a (schema, name, number)
    JOIN pg_namespace n ON n.nspname = a.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = a.name
), tree AS (
    SELECT number, oid FROM asked
    UNION
    SELECT t.number, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
), part AS (
    SELECT t.number, coalesce(pg_table_size(t.oid), 0) AS bytes,
           CASE WHEN pg_relation_size(t.oid) = 0 OR c.relkind NOT IN ('r', 'm') THEN 0
                WHEN c.relpages > 0 AND c.reltuples >= 0
                THEN c.reltuples / c.relpages * (pg_relation_size(t.oid) / current_setting('block_size')::int8) END AS rows
    FROM tree t
    JOIN pg_class c ON c.oid = t.oid AND c.relkind IN ('r', 'p', 'm')
)
SELECT number - 1 AS number, sum(bytes)::int8 AS bytes, CASE WHEN bool_and(rows IS NOT NULL) THEN round(sum(rows))::int8 END AS rows
FROM part
GROUP BY number
ORDER BY number;
