-- In one message, so that no time limit of the role's own ends it on its way.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE \; SET LOCAL statement_timeout = 0 \; SET LOCAL idle_in_transaction_session_timeout = 0;
