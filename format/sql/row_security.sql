-- Row security that binds a table's owner hides rows from us, or refuses them: for those of the tables that $1 describes
-- where it would, the statement that turns it off and the one that turns it on again. So for the partitioned tables above
-- them, which foreign keys read.
WITH RECURSIVE above AS (
    SELECT c.oid
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
    UNION
    SELECT p.oid
    FROM above a
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND p.relkind = 'p' AND pg_catalog.pg_has_role(p.relowner, 'USAGE')
)
SELECT format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', n.nspname, c.relname) AS off,
       format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', n.nspname, c.relname) AS on
FROM above a
JOIN pg_catalog.pg_class c ON c.oid = a.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relrowsecurity AND c.relforcerowsecurity
  AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user)
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
