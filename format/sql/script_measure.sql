DO $pgsyncer$
DECLARE
    lock record;
BEGIN
    FOR lock IN EXECUTE current_setting('pgsyncer.locks_query') LOOP
        RAISE INFO 'pgsyncer: lock %', lock.line;
    END LOOP;
    RAISE INFO 'pgsyncer: wal %', pg_current_wal_insert_lsn() - current_setting('pgsyncer.lsn')::pg_lsn;
END
$pgsyncer$;
