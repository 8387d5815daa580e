-- The connection string is not read: it may hold a password.
SELECT 'pg_subscription'::regclass::oid AS classid, s.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, s.subname AS name, NULL AS signature,
       pg_get_userbyid(s.subowner) AS owner,
       s.subenabled::text AS enabled,
       s.subpublications::text AS publications,
       s.subslotname AS slot_name,
       s.subbinary::text AS binary,
       CASE s.substream WHEN 'p' THEN 'parallel' WHEN 't' THEN 'true' ELSE 'false' END AS streaming,
       s.subsynccommit AS synchronous_commit,
       (s.subtwophasestate <> 'd')::text AS two_phase,
       s.subdisableonerr::text AS disable_on_error,
       nullif(s.suborigin, 'any') AS origin,
       CASE WHEN NOT s.subpasswordrequired THEN 'false' END AS password_required,
       CASE WHEN s.subrunasowner THEN 'true' END AS run_as_owner,
       CASE WHEN s.subfailover THEN 'true' END AS failover
FROM pg_subscription s
JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
WHERE current_setting('pgsyncer.whole_database')::bool;
