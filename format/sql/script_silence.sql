-- Triggers, rules and foreign keys must not act on rows that are main's already. What session_replication_role does not silence,
-- or all of it for who may not set that, is kept silent as an owner can.
DO $pgsyncer$
DECLARE
    measure record;
    taken jsonb := '[]';
BEGIN
    FOR measure IN EXECUTE current_setting('pgsyncer.silence_query') USING current_setting('pgsyncer.touched'), current_setting('pgsyncer.replica') LOOP
        EXECUTE measure.off;
        taken := taken || to_jsonb(measure."on");
    END LOOP;
    PERFORM set_config('pgsyncer.measures', (current_setting('pgsyncer.measures')::jsonb || jsonb_build_array(taken))::text, true);
END
$pgsyncer$;
