-- Which rows of extensions' tables are the user's must be what the plan was made for, now that the extensions are what they will be.
DO $pgsyncer$
DECLARE
    found record;
    lines text;
BEGIN
    FOR found IN EXECUTE current_setting('pgsyncer.configuration_query') USING current_setting('pgsyncer.compared') LOOP
        lines := concat_ws(E'\n', lines, found.line);
    END LOOP;
    IF lines IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'PS013', MESSAGE = 'the stand-in''s extensions have other rows for the user''s than the plan', DETAIL = lines,
            HINT = 'Nothing was changed. Bring the extensions to the same version on both sides first, and make a new plan.';
    END IF;
END
$pgsyncer$;
