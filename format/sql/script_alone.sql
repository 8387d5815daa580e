-- One pgsyncer-apply, or script like this, at a time.
DO $pgsyncer$
BEGIN
    IF NOT pg_try_advisory_xact_lock(8099569420229371250) THEN
        RAISE INFO 'pgsyncer: another one is at work on this stand-in; waiting for it up to lock_timeout (%)', current_setting('lock_timeout');
        PERFORM pg_advisory_xact_lock(8099569420229371250);
    END IF;
END
$pgsyncer$;
