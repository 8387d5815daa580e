-- Row security that binds a table's owner hides rows from us, or refuses them: for those of the tables that $1 describes
-- where it would, the statement that turns it off and the one that turns it on again.
SELECT format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', n.nspname, c.relname) AS off,
       format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', n.nspname, c.relname) AS on
FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text)
JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
WHERE c.relrowsecurity AND c.relforcerowsecurity
  AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user)
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
