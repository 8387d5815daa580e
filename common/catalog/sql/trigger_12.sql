-- Servers before 13 have no tgparentid; before 12, pg_get_triggerdef() says PROCEDURE.
-- Triggers, without those that the server made for a constraint. One that a partition has from its parent appears only
-- where its enabled state is another than the parent's.
SELECT 'pg_trigger'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, t.tgrelid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, t.tgname AS name, NULL AS signature,
       CASE WHEN p.oid IS NULL
            THEN replace(pg_get_triggerdef(t.oid), ' EXECUTE PROCEDURE ', ' EXECUTE FUNCTION ') END AS definition,
       CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always'
       END AS enabled,
       (p.oid IS NOT NULL)::text AS cloned,
       needed.names AS depends_on_extensions
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
LEFT JOIN pg_depend parent ON parent.classid = 'pg_trigger'::regclass AND parent.objid = t.oid
                          AND parent.refclassid = 'pg_trigger'::regclass
LEFT JOIN pg_trigger p ON p.oid = parent.refobjid
LEFT JOIN (SELECT d.objid, array_agg(e.extname ORDER BY e.extname)::text AS names
           FROM pg_depend d
           JOIN pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_trigger'::regclass AND d.deptype = 'x'
           GROUP BY d.objid) needed ON needed.objid = t.oid
WHERE c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND (p.oid IS NULL AND NOT t.tgisinternal OR t.tgenabled <> p.tgenabled);
