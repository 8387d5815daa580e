DO $pgsyncer$
BEGIN
    IF current_setting('pgsyncer.replica')::boolean THEN
        PERFORM set_config('session_replication_role', 'origin', true);
    END IF;
END
$pgsyncer$;
