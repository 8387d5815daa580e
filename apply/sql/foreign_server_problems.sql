-- What keeps this role from reading main through postgres_fdw. $1: is there a password, which must get into no log? $2: may
-- the role set session_replication_role, and so keep event triggers silent?
WITH me AS (
    SELECT r.rolsuper AS super FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
), wrapper AS (
    SELECT w.oid, w.fdwname
    FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
    JOIN pg_catalog.pg_foreign_data_wrapper w ON d.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass AND d.objid = w.oid
    WHERE e.extname = 'postgres_fdw'
)
SELECT 'the stand-in''s server does not have the extension postgres_fdw, which comes with PostgreSQL''s contrib modules' AS problem
WHERE NOT EXISTS (SELECT FROM wrapper)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions a WHERE a.name = 'postgres_fdw')
UNION ALL
SELECT format('the extension postgres_fdw is not there, and %I may not create it; a superuser may: CREATE EXTENSION postgres_fdw; '
              'GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO %I', current_user, current_user)
FROM me
WHERE NOT me.super AND NOT EXISTS (SELECT FROM wrapper)
UNION ALL
SELECT format('%I may not use postgres_fdw; a superuser may allow it: GRANT USAGE ON FOREIGN DATA WRAPPER %I TO %I',
              current_user, w.fdwname, current_user)
FROM wrapper w
WHERE NOT pg_catalog.has_foreign_data_wrapper_privilege(w.oid, 'USAGE')
UNION ALL
SELECT format('%I may not use the language plpgsql, which hands the address of main to postgres_fdw', current_user)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_language l
                  WHERE l.lanname = 'plpgsql' AND pg_catalog.has_language_privilege(l.oid, 'USAGE'))
UNION ALL
SELECT format('%I is no superuser, and postgres_fdw lets no other role connect to main without a password', current_user)
FROM me
WHERE NOT me.super AND NOT $1::boolean
UNION ALL
SELECT format('%s = %s would record the password of main, and %I may not set it', s.name, s.setting, current_user)
FROM me, pg_catalog.pg_settings s
WHERE NOT me.super AND $1::boolean
  AND CASE s.name WHEN 'pgaudit.log' THEN s.setting ~* '(^|,)\s*(all|ddl)\s*(,|$)'
                  WHEN 'log_min_messages' THEN s.setting ~ '^debug'
                  WHEN 'pg_stat_statements.track' THEN s.setting = 'all' AND current_setting('pg_stat_statements.track_utility')::boolean
                  ELSE false END
UNION ALL
SELECT format('event trigger %I would run while main''s password is handed over, and what it logs would have it: %I may not keep it silent',
              t.evtname, current_user)
FROM me, pg_catalog.pg_event_trigger t
WHERE NOT me.super AND $1::boolean
  AND t.evtevent IN ('ddl_command_start', 'ddl_command_end')
  AND (t.evttags IS NULL OR 'CREATE USER MAPPING' = ANY (t.evttags))
  AND (t.evtenabled = 'A' OR t.evtenabled = CASE WHEN $2::boolean THEN 'R' ELSE 'O' END);
