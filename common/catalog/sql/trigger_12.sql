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
       (p.oid IS NOT NULL)::text AS cloned
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
LEFT JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
                     AND d.refclassid = 'pg_trigger'::regclass
LEFT JOIN pg_trigger p ON p.oid = d.refobjid
WHERE c.relnamespace = ANY (current_setting('pgsyncer.namespaces')::oid[])
  AND (p.oid IS NULL AND NOT t.tgisinternal OR t.tgenabled <> p.tgenabled);
