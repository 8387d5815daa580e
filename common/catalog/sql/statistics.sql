-- A column that not every server version has is asked for by way of to_jsonb, which answers NULL where it is missing.
-- Extended statistics objects.
SELECT 'pg_statistic_ext'::regclass::oid AS classid, s.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, s.stxrelid AS parent_objid, 0 AS parent_objsubid,
       n.nspname AS schema, s.stxname AS name, NULL AS signature,
       pg_get_userbyid(s.stxowner) AS owner,
       pg_get_statisticsobjdef(s.oid) AS definition,
       nullif(to_jsonb(s)->>'stxstattarget', '-1') AS statistics
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE n.oid = ANY (current_setting('pgsyncer.namespaces')::oid[]);
