-- A column that not every server version has is asked for by way of to_jsonb, which answers NULL where it is missing.
-- Extended statistics objects. The server keeps the columns in the order of their table, which is no difference.
SELECT 'pg_statistic_ext'::regclass::oid AS classid, s.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, s.stxrelid AS parent_objid, 0 AS parent_objsubid,
       n.nspname AS schema, s.stxname AS name, NULL AS signature,
       pg_get_userbyid(s.stxowner) AS owner,
       coalesce(replace(pg_get_statisticsobjdef(s.oid), ' ON ' || columns.in_place, ' ON ' || columns.by_name),
                pg_get_statisticsobjdef(s.oid)) AS definition,
       nullif(to_jsonb(s)->>'stxstattarget', '-1') AS statistics
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
LEFT JOIN LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS in_place,
                          string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname::text COLLATE "C") AS by_name
                   FROM pg_attribute a
                   WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) columns ON true
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
