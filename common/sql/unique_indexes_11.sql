-- unique_indexes.sql for servers before 12, which know no collation under which different texts are equal, and, before
-- 11, no INCLUDE.
SELECT i.indrelid AS table_oid,
       i.indkey AS columns,
       i.indclass AS classes,
       i.key_count,
       i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate AND NOT i.indisexclusion
       AND i.indpred IS NULL AND i.indexprs IS NULL
       -- What its index takes for different, = must too: it finds the rows.
       AND NOT coalesce(i.indclass::oid[] && (SELECT array_agg(o.oid)
                                              FROM pg_catalog.pg_opclass o
                                              JOIN pg_catalog.pg_amop m
                                                   ON m.amopfamily = o.opcfamily AND m.amopstrategy = 3
                                                  AND m.amoplefttype = o.opcintype AND m.amoprighttype = o.opcintype
                                              JOIN pg_catalog.pg_operator e ON e.oid = m.amopopr
                                              WHERE e.oprname <> '='), false) AS usable,
       CASE WHEN i.indpred IS NOT NULL OR i.indexprs IS NOT NULL
            THEN ARRAY(SELECT d.refobjsubid
                       FROM pg_catalog.pg_depend d
                       WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
                         AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indrelid) END AS others
FROM (SELECT x.*, coalesce((to_jsonb(x) ->> 'indnkeyatts')::int2, x.indnatts) AS key_count
      FROM pg_catalog.pg_index x) i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
WHERE (i.indisunique OR i.indisexclusion)
  AND c.relkind IN ('r', 'p')
  AND c.relpersistence <> 't'
  AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
ORDER BY i.indrelid, i.indisprimary DESC, i.indisreplident DESC, i.key_count,
         CASE WHEN NOT i.indisprimary
              THEN (SELECT x.relname FROM pg_catalog.pg_class x WHERE x.oid = i.indexrelid) END::text COLLATE "C";
