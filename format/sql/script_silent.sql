-- Our own work, no statement of the plan: event triggers do not act on it either, where this role can help it.
DO $pgsyncer$
BEGIN
    IF current_setting('pgsyncer.replica')::boolean THEN
        PERFORM set_config('session_replication_role', 'replica', true);
    END IF;
END
$pgsyncer$;
