-- Row security that binds a table's owner hides rows: it is lifted, and comes back below.
DO $pgsyncer$
DECLARE
    measure record;
    taken jsonb := '[]';
BEGIN
    FOR measure IN EXECUTE current_setting('pgsyncer.row_security_query') USING current_setting('pgsyncer.compared') LOOP
        EXECUTE measure.off;
        taken := taken || to_jsonb(measure."on");
    END LOOP;
    PERFORM set_config('pgsyncer.measures', (current_setting('pgsyncer.measures')::jsonb || jsonb_build_array(taken))::text, true);
END
$pgsyncer$;
