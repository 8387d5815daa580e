-- Every applied plan, oldest first.
SELECT plan_id, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS applied_at, applied_by, tool,
       objects_created, objects_altered, objects_dropped, rows_inserted, rows_updated, rows_deleted, proof,
       main ->> 'dbname' AS main_database, main ->> 'lsn' AS main_lsn
FROM pgsyncer.journal
ORDER BY number;
