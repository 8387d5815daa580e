-- What was turned off last is as it was, in the opposite order.
DO $pgsyncer$
DECLARE
    measures jsonb := current_setting('pgsyncer.measures')::jsonb;
    measure record;
BEGIN
    FOR measure IN SELECT m.sql
                   FROM jsonb_array_elements_text(measures -> -1) WITH ORDINALITY AS m(sql, n)
                   ORDER BY m.n DESC
    LOOP
        EXECUTE measure.sql;
    END LOOP;
    PERFORM set_config('pgsyncer.measures', (measures - -1)::text, true);
END
$pgsyncer$;
