-- Which database this is, and as of which moment.
SELECT current_database() AS dbname,
       current_setting('server_version') AS server_version,
       (SELECT system_identifier FROM pg_catalog.pg_control_system()) AS system_identifier,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
       d.datcollate AS "collate",
       d.datctype AS ctype,
       CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
            ELSE pg_catalog.pg_current_wal_lsn() END AS lsn
FROM pg_catalog.pg_database d
WHERE d.datname = current_database();
