DO $pgsyncer$
BEGIN
    IF current_setting('pgsyncer.transaction', true) IS DISTINCT FROM txid_current()::text THEN
        RAISE EXCEPTION USING ERRCODE = 'PS005', MESSAGE = 'a statement of the plan ended the transaction';
    END IF;
END
$pgsyncer$;
