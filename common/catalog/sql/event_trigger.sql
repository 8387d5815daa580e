SELECT 'pg_event_trigger'::regclass::oid AS classid, e.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       NULL AS schema, e.evtname AS name, NULL AS signature,
       pg_get_userbyid(e.evtowner) AS owner,
       concat_ws(' ', 'CREATE EVENT TRIGGER', quote_ident(e.evtname), 'ON', e.evtevent,
                 'WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY tag COLLATE "C")
                                     FROM unnest(e.evttags) tag) || ')',
                 'EXECUTE PROCEDURE ' || e.evtfoid::regproc || '()') AS definition,
       CASE e.evtenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always'
       END AS enabled
FROM pg_event_trigger e
WHERE current_setting('pgsyncer.whole_database')::bool
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e');
