-- Servers before 15 have no unlogged sequences.
-- Servers before 18 keep no constraint for NOT NULL, so it has no name and is always valid and inherited.
-- Columns of tables and foreign tables. A setting that is the type's own is NULL. A partition's identity (PostgreSQL 17)
-- is its parent's. PostgreSQL 15.20 keeps a private pg_attver in attoptions.
SELECT 'pg_class'::regclass::oid AS classid, a.attrelid AS objid, a.attnum AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, a.attrelid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, a.attname AS name, NULL AS signature,
       a.atttypid AS key_type, a.attcollation AS key_collation,
       CASE WHEN a.attacl IS NOT NULL THEN true END AS key_granted,
       a.attnum AS position,
       format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attcollation <> t.typcollation
            THEN (SELECT format('%I.%I', cn.nspname, co.collname)
                  FROM pg_collation co
                  JOIN pg_namespace cn ON cn.oid = co.collnamespace
                  WHERE co.oid = a.attcollation) END AS collation,
       a.attnotnull::text AS not_null,
       NULL AS not_null_no_inherit,
       NULL AS not_null_validated,
       NULL AS not_null_comment,
       CASE WHEN s.refobjid IS NOT NULL
            THEN CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END END AS identity,
       s.identity_sequence, s.identity_start, s.identity_increment, s.identity_minimum, s.identity_maximum,
       s.identity_cache, s.identity_cycle,
       CASE WHEN s.persistence <> c.relpersistence AND current_setting('server_version_num')::int4 >= 150000
            THEN CASE s.persistence WHEN 'u' THEN 'unlogged' ELSE 'logged' END END AS identity_persistence,
       CASE WHEN a.attgenerated <> ''
            THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
                  WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS generated,
       CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated_kind,
       CASE WHEN a.attstorage <> t.typstorage
            THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'm' THEN 'main' WHEN 'e' THEN 'external'
                                   ELSE 'extended' END END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
       nullif(a.attstattarget, -1) AS statistics,
       CASE WHEN a.attoptions[1] NOT LIKE 'pg\_attver=%' OR a.attoptions[2] IS NOT NULL
            THEN nullif(ARRAY(SELECT o FROM unnest(a.attoptions) WITH ORDINALITY u(o, n) WHERE o NOT LIKE 'pg\_attver=%'
                              ORDER BY n), '{}')::text END AS options,
       CASE WHEN a.attfdwoptions IS NOT NULL
            THEN ARRAY(SELECT o FROM unnest(a.attfdwoptions) o ORDER BY o COLLATE "C")::text END AS foreign_options,
       (NOT a.attislocal)::text AS inherited
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN (SELECT o.refobjid, o.refobjsubid, q.seqrelid::regclass::text AS identity_sequence,
                  q.seqstart AS identity_start, q.seqincrement AS identity_increment, q.seqmin AS identity_minimum,
                  q.seqmax AS identity_maximum, q.seqcache AS identity_cache, q.seqcycle::text AS identity_cycle,
                  qc.relpersistence AS persistence
           FROM pg_depend o
           JOIN pg_sequence q ON q.seqrelid = o.objid
           JOIN pg_class qc ON qc.oid = q.seqrelid
           WHERE o.classid = 'pg_class'::regclass AND o.objsubid = 0
             AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype = 'i') s
       ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'f')
  AND c.relpersistence <> 't'
  AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
