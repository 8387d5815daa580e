DO $pgsyncer$
BEGIN
    IF current_setting('pgsyncer.failures') <> '' THEN
        RAISE EXCEPTION USING ERRCODE = 'PS010', MESSAGE = 'the rows would not be equal to main''s', DETAIL = current_setting('pgsyncer.failures'),
            HINT = 'Nothing was changed. Make a new plan from the stand-in as it is now; if nobody changed it meanwhile, please report it with the plan.';
    END IF;
END
$pgsyncer$;
