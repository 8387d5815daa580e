-- The columns that are of the domain $1.$2, or of a domain over it, in tables with rows of their own.
WITH RECURSIVE domain AS (
    SELECT t.oid
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname = $1 AND t.typname = $2
    UNION
    SELECT t.oid
    FROM domain d
    JOIN pg_type t ON t.typbasetype = d.oid AND t.typtype = 'd'
)
SELECT n.nspname, c.relname, a.attname
FROM domain d
JOIN pg_attribute a ON a.atttypid = d.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'm')
JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C", a.attnum;
