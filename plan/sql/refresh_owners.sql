-- Of the materialized views $1: what their queries name and their owners may not read, a row per view.
SELECT v.name, pg_catalog.pg_get_userbyid(m.relowner) AS owner,
       string_agg(DISTINCT format('%I.%I', n.nspname, t.relname), ', ' ORDER BY format('%I.%I', n.nspname, t.relname)) AS unreadable
FROM unnest($1::text[]) AS v(name)
JOIN pg_catalog.pg_class m ON m.oid = pg_catalog.to_regclass(v.name)
JOIN pg_catalog.pg_rewrite r ON r.ev_class = m.oid
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                           AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> m.oid
JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
WHERE NOT CASE d.refobjsubid WHEN 0 THEN pg_catalog.has_any_column_privilege(m.relowner, t.oid, 'SELECT')
                             ELSE pg_catalog.has_column_privilege(m.relowner, t.oid, d.refobjsubid::smallint, 'SELECT') END
GROUP BY v.name, m.relowner
ORDER BY v.name COLLATE "C";
