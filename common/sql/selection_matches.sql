-- Which of the patterns of selection.sql match something here: their numbers, from 0; those of $2 and $3 for tables first,
-- then those of $4 and $5, then those of $1 for schemas.
WITH pattern AS (
    SELECT p.schema, p.name, p.number - 1 AS number
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY p (schema, name, number)
    UNION ALL
    SELECT p.schema, p.name, coalesce(array_length($3::text[], 1), 0) + p.number - 1
    FROM unnest($4::text[], $5::text[]) WITH ORDINALITY p (schema, name, number)
)
SELECT p.number
FROM pattern p
WHERE EXISTS (SELECT
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                AND c.relpersistence <> 't'
                AND n.nspname NOT LIKE 'pg\_%'
                AND n.nspname NOT IN ('information_schema', 'pgsyncer')
                AND c.relname ~ p.name
                AND CASE WHEN p.schema IS NULL THEN n.nspname ~ ANY ($1::text[]) ELSE n.nspname ~ p.schema END)
UNION ALL
SELECT coalesce(array_length($3::text[], 1), 0) + coalesce(array_length($5::text[], 1), 0) + s.number - 1
FROM unnest($1::text[]) WITH ORDINALITY s (schema, number)
WHERE EXISTS (SELECT
              FROM pg_catalog.pg_namespace n
              WHERE n.nspname NOT LIKE 'pg\_%'
                AND n.nspname NOT IN ('information_schema', 'pgsyncer')
                AND n.nspname ~ s.schema);
