-- Which database this is, and as of which moment. "may_read_control" says whether the role may call pg_control_system().
SELECT pg_catalog.current_database() AS dbname,
       pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) AS server_version,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
       d.datcollate AS "collate",
       d.datctype AS ctype,
       CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
            ELSE pg_catalog.pg_current_wal_lsn() END AS lsn,
       pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS may_read_control
FROM pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database();
