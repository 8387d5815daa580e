-- The tables whose rows are compared: ordinary ones and leaf partitions, in the chosen schemas
-- (common/selection.h); not temporary or foreign ones, or the journal, and of the members of extensions those alone that the
-- extension says hold the user's rows (pg_extension_config_dump). In the order of the names' bytes, as type name sorts. In
-- psql, first:
-- SET pgsyncer.namespaces = '{2200}'; SET pgsyncer.relations = '';
WITH RECURSIVE roots (oid, root) AS (
    SELECT i.inhrelid, i.inhparent
    FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
    WHERE p.relkind = 'p' AND NOT p.relispartition
    UNION ALL
    SELECT i.inhrelid, r.root
    FROM roots r
    JOIN pg_catalog.pg_inherits i ON i.inhparent = r.oid
), configuration (oid, extension, condition) AS (
    SELECT f.oid, e.extname, nullif(f.condition, '')
    FROM pg_catalog.pg_extension e
    CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) f (oid, condition)
)
SELECT c.oid,
       n.nspname AS schema,
       c.relname AS name,
       c.blocks,
       CASE WHEN r.oid IS NOT NULL THEN pg_catalog.format('%I.%I', rn.nspname, r.relname) END AS root,
       c.relhassubclass AS has_children,
       c.relallvisible >= 0.9 * c.blocks AS all_visible,
       f.extension,
       f.condition
FROM (SELECT c.oid, c.relname, c.relnamespace, c.relhassubclass, c.relallvisible,
             pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::int8 AS blocks
      FROM pg_catalog.pg_class c
      WHERE c.relkind = 'r'
        AND c.relpersistence <> 't'
        AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
        AND ((SELECT current_setting('pgsyncer.relations')) = ''
             OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
        AND (c.oid IN (SELECT f.oid FROM configuration f)
             OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                              AND d.deptype = 'e' AND d.refclassid = 'pg_catalog.pg_extension'::regclass))
      OFFSET 0) c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN configuration f ON f.oid = c.oid
LEFT JOIN roots ON roots.oid = c.oid
LEFT JOIN pg_catalog.pg_class r ON r.oid = roots.root
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
ORDER BY n.nspname, c.relname;
