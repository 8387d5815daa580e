-- The stand-in's journal: one row per applied plan, written in the plan's own transaction. The schema is never part of
-- a comparison.
CREATE SCHEMA IF NOT EXISTS pgsyncer;
COMMENT ON SCHEMA pgsyncer IS 'Kept by pgsyncer-apply; never part of a comparison';
CREATE TABLE pgsyncer.journal (
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    plan_id text PRIMARY KEY,
    content_root text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by text NOT NULL DEFAULT session_user,
    tool text NOT NULL,
    transaction_id bigint NOT NULL DEFAULT txid_current(),
    objects_created bigint NOT NULL,
    objects_altered bigint NOT NULL,
    objects_dropped bigint NOT NULL,
    rows_inserted bigint NOT NULL,
    rows_updated bigint NOT NULL,
    rows_deleted bigint NOT NULL,
    proof text NOT NULL,
    main jsonb NOT NULL,
    standin jsonb NOT NULL
);
COMMENT ON TABLE pgsyncer.journal IS 'One row per plan that pgsyncer-apply applied here';
