-- The journal's row.
DO $pgsyncer$
DECLARE
    entry jsonb := current_setting('pgsyncer.entry')::jsonb
                   || jsonb_build_object('rows_inserted', current_setting('pgsyncer.inserted')::bigint,
                                         'rows_updated', current_setting('pgsyncer.updated')::bigint,
                                         'rows_deleted', current_setting('pgsyncer.deleted')::bigint,
                                         'standin', jsonb_build_object('dbname', current_database(),
                                                                       'server_version', split_part(current_setting('server_version'), ' ', 1),
                                                                       'lsn', pg_current_wal_lsn()));
BEGIN
    IF to_regclass('pgsyncer.journal') IS NULL THEN
        -- A plan of definitions alone makes no journal: the schema itself tells whether it was applied.
        IF NOT current_setting('pgsyncer.makes_journal')::boolean THEN
            RETURN;
        END IF;
        EXECUTE current_setting('pgsyncer.journal_query');
    END IF;
    EXECUTE current_setting('pgsyncer.journal_insert_query') USING entry::text;
END
$pgsyncer$;
