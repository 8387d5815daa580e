-- What must keep readers away is locked so from the start: a lock that is raised later is a deadlock with a reader; and a
-- partitioned table before its partitions, since who writes to it locks them in that order. Then the
-- tables whose rows change, and those that foreign keys tie to them: reading goes on, writing waits.
DO $pgsyncer$
DECLARE
    touched text := current_setting('pgsyncer.base_touched');
    replica boolean;
    exclusive text[];
    measure record;
    step record;
    tab record;
BEGIN
    EXECUTE current_setting('pgsyncer.may_replicate_query') INTO replica;
    PERFORM set_config('pgsyncer.replica', replica::text, true);
    FOR measure IN EXECUTE current_setting('pgsyncer.silence_query') USING touched, replica::text LOOP
        exclusive := exclusive || measure.locked || measure.other_locked;
    END LOOP;
    FOR step IN SELECT v.n, v.query, v.argument, v.mode
                FROM (VALUES (0, true, current_setting('pgsyncer.touched_query'), touched, 'SHARE ROW EXCLUSIVE'),
                             (1, true, 'SELECT DISTINCT x COLLATE "C" AS name FROM unnest($1::text[]) AS x ORDER BY 1', array_remove(exclusive, NULL)::text, 'ACCESS EXCLUSIVE'),
                             (2, true, current_setting('pgsyncer.touched_query'), touched, 'SHARE ROW EXCLUSIVE'),
                             (3, replica, current_setting('pgsyncer.neighbours_query'), touched, 'SHARE')) AS v(n, wanted, query, argument, mode)
                WHERE v.wanted
                ORDER BY v.n
    LOOP
        FOR tab IN EXECUTE step.query USING step.argument LOOP
            CONTINUE WHEN step.n = 0 AND to_jsonb(tab) ->> 'partitioned' IS DISTINCT FROM 'true';
            BEGIN -- one by one, so that a lock that is not to be had is named
                EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', tab.name,
                               CASE WHEN step.n = 0 AND tab.name = ANY (exclusive) THEN 'ACCESS EXCLUSIVE' ELSE step.mode END);
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
