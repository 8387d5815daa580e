-- Everything that this script changes, it changes in one transaction (and, where the plan adds labels to enum types, in a
-- first one before it). It checks what it finds, proves what it leaves, and writes the journal; whatever fails, nothing is
-- changed. Run it with: psql -X -f SCRIPT "CONNECTION STRING OF THE STAND-IN"
\set ON_ERROR_STOP on
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT on
\set SINGLELINE off
\set FETCH_COUNT 0
\set QUIET on
\set ECHO none
\encoding UTF8
-- A transaction that is open already may be committed by whoever opened it, also where this script was cut off. In one message,
-- so that no time limit of the role's own ends it.
SET LOCAL statement_timeout = 0 \;
DO $pgsyncer$
BEGIN
    IF pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.<>) pg_catalog.statement_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'PS013', MESSAGE = 'a transaction is open already: the script has one of its own',
            HINT = 'Run it without --single-transaction (-1), and with -X where a psqlrc opens one.';
    END IF;
END
$pgsyncer$;
