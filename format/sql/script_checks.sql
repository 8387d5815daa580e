-- Is this the server that the plan was made for, and has it not been applied yet?
DO $pgsyncer$
DECLARE
    encoding text := (SELECT pg_encoding_to_char(d.encoding) FROM pg_database d WHERE d.datname = current_database());
    applied text;
BEGIN
    IF current_setting('server_version_num')::integer / 10000 <> current_setting('pgsyncer.server_version_num')::integer / 10000 THEN
        RAISE EXCEPTION USING ERRCODE = 'PS007',
            MESSAGE = format('the server is PostgreSQL %s; the plan was made for %s', current_setting('server_version'),
                             current_setting('pgsyncer.server_version'));
    END IF;
    IF encoding <> coalesce(nullif(current_setting('pgsyncer.encoding'), ''), encoding) THEN
        RAISE EXCEPTION USING ERRCODE = 'PS007', MESSAGE = 'the database''s encoding is not the one that the plan was made for';
    END IF;
    IF to_regclass('pgsyncer.journal') IS NULL THEN
        RETURN;
    END IF;
    EXECUTE 'SELECT applied_at::text FROM pgsyncer.journal WHERE plan_id = $1' INTO applied USING current_setting('pgsyncer.plan_id');
    IF applied IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'PS008', MESSAGE = 'this plan was already applied to the stand-in',
            DETAIL = format('Plan %s was applied at %s.', current_setting('pgsyncer.plan_id'), applied),
            HINT = 'There is nothing to do; a new plan shows what differs by now.';
    END IF;
END
$pgsyncer$;
