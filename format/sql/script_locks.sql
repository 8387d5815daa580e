-- The tables whose rows change, and those that foreign keys tie to them: reading goes on, writing waits.
DO $pgsyncer$
DECLARE
    step record;
    tab record;
BEGIN
    FOR step IN SELECT v.query, v.mode
                FROM (VALUES (1, 'pgsyncer.touched_query', 'SHARE ROW EXCLUSIVE'), (2, 'pgsyncer.neighbours_query', 'SHARE')) AS v(n, query, mode)
                ORDER BY v.n
    LOOP
        FOR tab IN EXECUTE current_setting(step.query) USING current_setting('pgsyncer.base_touched') LOOP
            BEGIN -- one by one, so that a lock that is not to be had is named
                EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', tab.name, step.mode);
            EXCEPTION WHEN lock_not_available THEN
                RAISE EXCEPTION USING ERRCODE = '55P03', MESSAGE = format('locking %s: %s', tab.name, sqlerrm),
                    HINT = 'Another session uses the table; see pg_locks, or give a longer lock timeout.';
            END;
        END LOOP;
    END LOOP;
    -- For the check that it still is the same transaction, and for what was done.
    PERFORM set_config('pgsyncer.transaction', txid_current()::text, true),
            set_config('pgsyncer.lsn', pg_current_wal_insert_lsn()::text, true),
            set_config('pgsyncer.measures', '[]', true), set_config('pgsyncer.failures', '', true),
            set_config('pgsyncer.inserted', '0', true), set_config('pgsyncer.updated', '0', true), set_config('pgsyncer.deleted', '0', true);
    RAISE INFO 'pgsyncer: transaction %', txid_current();
END
$pgsyncer$;
