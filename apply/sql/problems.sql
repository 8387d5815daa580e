-- What keeps the plan from being applied here by this role: a line per problem. $1 describes the touched tables,
-- $2 the rest: {"roles":[…], "owners":[…], "extensions":[{"name":…,"version":…}], "sequences":[{"schema":…,"name":…}],
-- "journal":true, "replica":true}. `replica`: the role may keep triggers silent by session_replication_role.
WITH asked AS (
    SELECT r.* FROM jsonb_to_record($2::jsonb) AS r(roles text[], owners text[], extensions jsonb, sequences jsonb,
                                                   journal boolean, replica boolean)
), touched AS (
    SELECT c.oid, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
), journal AS (
    SELECT to_regnamespace('pgsyncer') AS schema, to_regclass('pgsyncer.journal') AS tab
)
SELECT 'the server is in recovery: a standby cannot be written to' AS problem
WHERE pg_catalog.pg_is_in_recovery()
UNION ALL
SELECT format('role %I does not exist', r)
FROM asked, unnest(asked.roles) AS r
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = r)
UNION ALL
SELECT format('%I is not a member of role %I, which owns what the plan changes', current_user, o)
FROM asked, unnest(asked.owners) AS o
WHERE EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = o) AND NOT pg_catalog.pg_has_role(o, 'USAGE')
UNION ALL
SELECT format('extension %I%s is not available on the server', e.name, ' version ' || e.version)
FROM asked, jsonb_to_recordset(asked.extensions) AS e(name text, version text)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions v WHERE v.name = e.name AND (e.version IS NULL OR v.version = e.version))
UNION ALL
SELECT format('table %s: %I may not %s', t.name, current_user,
              CASE WHEN asked.replica THEN 'read, insert, update and delete'
                   ELSE 'keep its triggers silent: it neither owns the table nor may set session_replication_role' END)
FROM asked, touched t
WHERE NOT CASE WHEN asked.replica
               THEN pg_catalog.has_table_privilege(t.oid, 'SELECT') AND pg_catalog.has_table_privilege(t.oid, 'INSERT')
                    AND pg_catalog.has_table_privilege(t.oid, 'UPDATE') AND pg_catalog.has_table_privilege(t.oid, 'DELETE')
               ELSE pg_catalog.pg_has_role(t.relowner, 'USAGE') END
UNION ALL
SELECT format('sequence %I.%I: %I does not own it', s.schema, s.name, current_user)
FROM asked, jsonb_to_recordset(asked.sequences) AS s(schema text, name text)
JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.name
WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
UNION ALL
SELECT format('%I may not create temporary tables in the database', current_user)
WHERE EXISTS (SELECT FROM touched) AND NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
UNION ALL
SELECT format('%I may not create the schema pgsyncer for the journal (--no-journal does without)', current_user)
FROM asked, journal
WHERE asked.journal AND journal.schema IS NULL
  AND NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
UNION ALL
SELECT format('%I may not write to pgsyncer.journal (--no-journal does without)', current_user)
FROM asked, journal
WHERE asked.journal AND journal.schema IS NOT NULL
  AND NOT CASE WHEN NOT pg_catalog.has_schema_privilege(journal.schema, 'USAGE') THEN false
               WHEN journal.tab IS NULL THEN pg_catalog.has_schema_privilege(journal.schema, 'CREATE')
               ELSE pg_catalog.has_table_privilege(journal.tab, 'SELECT')
                    AND pg_catalog.has_table_privilege(journal.tab, 'INSERT') END;
