-- Everything that this script changes, it changes in one transaction; whatever fails, nothing is changed.
-- Run it with: psql -X -f SCRIPT "CONNECTION STRING OF THE STAND-IN"
-- As a role that may set session_replication_role. Against pgsyncer-apply, it does not compare the schema of the stand-in
-- with the one that the plan was made for, and writes no journal.
\set ON_ERROR_STOP on
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT on
\set SINGLELINE off
\set FETCH_COUNT 0
\encoding UTF8
