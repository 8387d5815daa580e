-- As it was, in the opposite order.
DO $pgsyncer$
DECLARE
    measure record;
BEGIN
    FOR measure IN SELECT m.sql
                   FROM jsonb_array_elements_text(current_setting('pgsyncer.measures')::jsonb) WITH ORDINALITY AS m(sql, n)
                   ORDER BY m.n DESC
    LOOP
        EXECUTE measure.sql;
    END LOOP;
    PERFORM set_config('pgsyncer.measures', '[]', true);
END
$pgsyncer$;
