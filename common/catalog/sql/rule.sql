-- The server's own relations, with oids below 16384, are in no chosen schema: but for theirs there is mostly no rule, and
-- pg_class need not be read.
SELECT 'pg_rewrite'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, r.ev_class AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, r.rulename AS name, NULL AS signature,
       pg_get_ruledef(r.oid) AS definition,
       CASE r.ev_enabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always'
       END AS enabled
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
WHERE r.rulename <> '_RETURN'
  AND r.ev_class >= 16384
  AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
