-- What takes values from them is rolled back with the transaction.
DO $pgsyncer$
DECLARE
    sequence record;
BEGIN
    FOR sequence IN EXECUTE current_setting('pgsyncer.advancing_query') USING current_setting('pgsyncer.base_touched'), current_setting('pgsyncer.advancing') LOOP
        BEGIN
            EXECUTE sequence.sql;
        EXCEPTION WHEN lock_not_available THEN
            RAISE EXCEPTION USING ERRCODE = '55P03', MESSAGE = format('locking %s: %s', sequence.name, sqlerrm),
                HINT = 'Another session uses it; see pg_locks, or give a longer lock timeout.';
        END;
    END LOOP;
END
$pgsyncer$;
