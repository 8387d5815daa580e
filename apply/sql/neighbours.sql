-- Tables that foreign keys tie to those that $1 describes, and that the plan does not touch itself. While our session
-- keeps foreign keys silent nobody else may change them, or a check would look at what is no longer there.
WITH touched AS (
    SELECT c.oid
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
), neighbours AS (
    SELECT k.confrelid AS oid FROM pg_catalog.pg_constraint k JOIN touched t ON t.oid = k.conrelid WHERE k.contype = 'f'
    UNION
    SELECT k.conrelid FROM pg_catalog.pg_constraint k JOIN touched t ON t.oid = k.confrelid WHERE k.contype = 'f'
)
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM neighbours o
JOIN pg_catalog.pg_class c ON c.oid = o.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE o.oid NOT IN (SELECT oid FROM touched)
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C";
