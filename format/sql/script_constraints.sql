-- What the server did not check while foreign keys were silent.
DO $pgsyncer$
DECLARE
    written xid := (txid_current() % 4294967296)::text::xid;
    item record;
    broken bigint;
    examples text;
    lines text;
    constraints bigint := 0;
BEGIN
    FOR item IN EXECUTE current_setting('pgsyncer.constraints_query') USING current_setting('pgsyncer.touched') LOOP
        EXECUTE item.query INTO broken, examples USING CASE WHEN item.all_rows THEN NULL ELSE written END;
        IF broken > 0 THEN
            constraints := constraints + 1;
            lines := concat_ws(E'\n', lines, format('%s %s: %s row%s, such as %s', item.kind, item.name, broken,
                                                    CASE WHEN broken = 1 THEN '' ELSE 's' END, examples));
        END IF;
    END LOOP;
    IF constraints > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'PS009', DETAIL = lines,
            MESSAGE = format('the rows would break %s constraint%s of the stand-in', constraints, CASE WHEN constraints = 1 THEN '' ELSE 's' END),
            HINT = 'Rows of tables outside of the plan refer to what main no longer has, the stand-in has changed since the plan was made, or main''s own rows break it: a trigger or rule of main can keep a foreign key''s actions from rows.';
    END IF;
END
$pgsyncer$;
