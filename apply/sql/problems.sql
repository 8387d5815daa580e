-- What keeps the plan from being applied here by this role: a line per problem. $1 describes the touched tables,
-- $2 the rest: {"owners":[...], "new_owners":[...], "schemas":[...], "tablespaces":[...], "languages":[...], "extensions":[...],
-- "sequences":[{"schema":...,"name":...}], "database":true, "journal":true, "replica":true}: owners of what is changed and of
-- what comes; where objects are made, and in what. `replica`: the role may keep triggers silent by
-- session_replication_role. What is not there at all is the business of common/sql/missing.sql.
WITH asked AS (
    SELECT r.* FROM jsonb_to_record($2::jsonb) AS r(owners text[], new_owners text[], schemas text[], tablespaces text[], languages text[],
                                                   extensions text[], sequences jsonb, database boolean, journal boolean, replica boolean)
), me AS (
    SELECT r.rolsuper AS super FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
), touched AS (
    SELECT c.oid, c.relowner, format('%I.%I', n.nspname, c.relname) AS name, n.oid AS schema, n.nspname, c.relrowsecurity
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
), journal AS (
    SELECT n.oid AS schema, c.oid AS tab
    FROM (SELECT) AS one
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = 'pgsyncer'
    LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'journal'
)
SELECT 'the server is in recovery: a standby cannot be written to' AS problem
WHERE pg_catalog.pg_is_in_recovery()
UNION ALL
SELECT format('%I is not a member of role %I, which owns what the plan changes', current_user, o)
FROM asked, unnest(asked.owners) AS o
JOIN pg_catalog.pg_roles r ON r.rolname = o
WHERE NOT pg_catalog.pg_has_role(r.oid, 'USAGE')
UNION ALL
SELECT format('%I is not a member of role %I, which is to own what the plan makes or changes', current_user, o)
FROM asked, unnest(asked.new_owners) AS o
JOIN pg_catalog.pg_roles r ON r.rolname = o
WHERE NOT pg_catalog.pg_has_role(r.oid, 'MEMBER')
UNION ALL
SELECT format('%I may not create objects in schema %I', current_user, s)
FROM asked, unnest(asked.schemas) AS s
JOIN pg_catalog.pg_namespace n ON n.nspname = s
WHERE NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
UNION ALL
SELECT format('%I may not create schemas or publications in the database', current_user)
FROM asked
WHERE asked.database AND NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
UNION ALL
SELECT format('%I may not create objects in tablespace %I', current_user, t)
FROM asked, unnest(asked.tablespaces) AS t
JOIN pg_catalog.pg_tablespace x ON x.spcname = t
WHERE NOT pg_catalog.has_tablespace_privilege(x.oid, 'CREATE')
UNION ALL
SELECT format('%I may not use language %I%s', current_user, l, CASE WHEN x.lanpltrusted THEN '' ELSE ', which is for superusers' END)
FROM asked, me, unnest(asked.languages) AS l
JOIN pg_catalog.pg_language x ON x.lanname = l
WHERE NOT me.super AND NOT (x.lanpltrusted AND pg_catalog.has_language_privilege(x.oid, 'USAGE'))
UNION ALL
SELECT format('%I may not create extension %I: it takes %s', current_user, e,
              CASE WHEN v.trusted THEN 'CREATE on the database' ELSE 'a superuser' END)
FROM asked, me, unnest(asked.extensions) AS e
JOIN LATERAL (SELECT bool_and(a.superuser) AS super, bool_or((to_jsonb(a) ->> 'trusted')::boolean) AS trusted
              FROM pg_catalog.pg_available_extension_versions a WHERE a.name = e) v ON v.super
WHERE NOT me.super
  AND NOT (coalesce(v.trusted, false) AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'))
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
SELECT DISTINCT format('%I may not use schema %I', current_user, t.nspname)
FROM touched t
WHERE NOT pg_catalog.has_schema_privilege(t.schema, 'USAGE')
UNION ALL
SELECT format('table %s: its row security hides rows from %I, who neither owns it nor has BYPASSRLS', t.name, current_user)
FROM touched t
JOIN pg_catalog.pg_roles r ON r.rolname = current_user
WHERE t.relrowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls AND NOT pg_catalog.pg_has_role(t.relowner, 'USAGE')
UNION ALL
SELECT DISTINCT format('table %s: %I may not use the type %s', t.name, current_user, pg_catalog.format_type(a.atttypid, NULL))
FROM touched t
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE NOT pg_catalog.has_type_privilege(a.atttypid, 'USAGE')
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
