-- The chosen schemas and tables, as two arrays of oids. $1: regular expressions for schemas; $2, $3 for the schemas and
-- names of tables, $4, $5 of those that are left out; a schema that is NULL is one of $1. A sequence that a column owns
-- goes with its table. With $3, schemas are those that chosen tables are in. Without the server's own schemas and the one
-- that holds this tool's journal.
WITH namespace AS (
    SELECT n.oid, n.nspname, n.nspname ~ ANY ($1::text[]) AS chosen
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%'
      AND n.nspname NOT IN ('information_schema', 'pgsyncer')
), relation AS (
    SELECT c.oid, c.relnamespace, n.chosen,
           EXISTS (SELECT FROM unnest($2::text[], $3::text[]) p (schema, name)
                   WHERE c.relname ~ p.name AND CASE WHEN p.schema IS NULL THEN n.chosen ELSE n.nspname ~ p.schema END) AS included,
           EXISTS (SELECT FROM unnest($4::text[], $5::text[]) p (schema, name)
                   WHERE c.relname ~ p.name AND CASE WHEN p.schema IS NULL THEN n.chosen ELSE n.nspname ~ p.schema END) AS excluded
    FROM pg_catalog.pg_class c
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND c.relpersistence <> 't'
      AND array_length($3::text[] || $5::text[], 1) > 0
), owned AS (
    SELECT d.objid AS sequence, d.refobjid AS owner
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
), chosen AS (
    SELECT r.oid, r.relnamespace
    FROM relation r
    LEFT JOIN owned o ON o.sequence = r.oid
    LEFT JOIN relation t ON t.oid = o.owner
    WHERE NOT (r.excluded OR coalesce(t.excluded, false))
      AND CASE WHEN $3::text[] = '{}' THEN r.chosen ELSE r.included OR coalesce(t.included, false) END
)
SELECT (SELECT coalesce(array_agg(n.oid ORDER BY n.nspname), '{}')
        FROM namespace n
        WHERE CASE WHEN $3::text[] = '{}' THEN n.chosen ELSE n.oid IN (SELECT relnamespace FROM chosen) END) AS namespaces,
       (SELECT coalesce(array_agg(c.oid ORDER BY c.oid), '{}') FROM chosen c) AS relations;
