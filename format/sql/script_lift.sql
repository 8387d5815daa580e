-- Row security that binds a table's owner hides rows: it is lifted, and comes back below.
DO $pgsyncer$
DECLARE
    measure record;
BEGIN
    FOR measure IN EXECUTE current_setting('pgsyncer.row_security_query') USING current_setting('pgsyncer.compared') LOOP
        EXECUTE measure.off;
        PERFORM set_config('pgsyncer.measures', (current_setting('pgsyncer.measures')::jsonb || to_jsonb(measure."on"))::text, true);
    END LOOP;
END
$pgsyncer$;
