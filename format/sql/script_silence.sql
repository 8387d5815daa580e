-- Triggers, rules and foreign keys must not act on rows that are main's already. Who may not set session_replication_role
-- does it as an owner can.
DO $pgsyncer$
DECLARE
    measure record;
    replica boolean;
BEGIN
    IF current_setting('server_version_num')::integer >= 150000 THEN
        EXECUTE 'SELECT has_parameter_privilege(current_user, ''session_replication_role'', ''SET'')' INTO replica;
    ELSE
        replica := (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user);
    END IF;
    FOR measure IN EXECUTE current_setting('pgsyncer.silence_query') USING current_setting('pgsyncer.touched'), replica::text LOOP
        EXECUTE measure.off;
        PERFORM set_config('pgsyncer.measures', (current_setting('pgsyncer.measures')::jsonb || to_jsonb(measure."on"))::text, true);
    END LOOP;
    IF replica THEN
        PERFORM set_config('session_replication_role', 'replica', true);
    END IF;
    PERFORM set_config('pgsyncer.replica', replica::text, true);
END
$pgsyncer$;
