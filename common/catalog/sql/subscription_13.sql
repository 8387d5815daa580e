-- Servers before 14 lack some columns. There only a superuser may read the oid: it is not asked for where no subscription is.
-- The connection string is not read: it may hold a password.
SELECT 'pg_subscription'::regclass::oid AS classid, s.objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, s.name, NULL AS signature,
       s.owner,
       s.enabled,
       s.publications,
       s.slot_name,
       'false' AS binary,
       'false' AS streaming,
       s.synchronous_commit,
       'false' AS two_phase,
       'false' AS disable_on_error,
       NULL AS origin,
       NULL AS password_required,
       NULL AS run_as_owner,
       NULL AS failover
FROM (SELECT query_to_xml('SELECT s.oid AS objid, s.subname AS name, pg_catalog.pg_get_userbyid(s.subowner) AS owner,
                                  s.subenabled::pg_catalog.text AS enabled, s.subpublications::pg_catalog.text AS publications,
                                  s.subslotname AS slot_name, s.subsynccommit AS synchronous_commit
                           FROM pg_catalog.pg_subscription s
                           JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()',
                          false, false, '') AS table
      WHERE current_setting('pgsyncer.whole_database')::bool
        AND EXISTS (SELECT FROM pg_subscription s
                    JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database())) x
CROSS JOIN LATERAL xmltable('/table/row' PASSING x.table
                            COLUMNS objid oid, name text, owner text, enabled text, publications text, slot_name text,
                                    synchronous_commit text) s;
