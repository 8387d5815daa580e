-- Has the plan been applied already?
DO $pgsyncer$
DECLARE
    readable boolean;
    applied text;
BEGIN
    EXECUTE current_setting('pgsyncer.journal_readable_query') INTO readable;
    IF readable IS DISTINCT FROM true THEN
        RETURN;
    END IF;
    BEGIN
        EXECUTE 'SELECT applied_at::text FROM pgsyncer.journal WHERE plan_id = $1' INTO applied USING current_setting('pgsyncer.plan_id');
    EXCEPTION WHEN undefined_column THEN
        RAISE EXCEPTION USING ERRCODE = 'PS013', MESSAGE = 'pgsyncer.journal is not the journal of pgsyncer-apply', DETAIL = sqlerrm,
            HINT = 'Rename what is called so, or use pgsyncer-apply --no-journal.';
    END;
    IF applied IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'PS008', MESSAGE = 'this plan was already applied to the stand-in',
            DETAIL = format('Plan %s was applied at %s.', current_setting('pgsyncer.plan_id'), applied),
            HINT = 'There is nothing to do; a new plan shows what differs by now.';
    END IF;
END
$pgsyncer$;
