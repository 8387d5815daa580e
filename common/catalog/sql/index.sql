-- Indexes that are not a constraint's. `structure` is the definition without the storage options, which ALTER INDEX
-- changes in place; the clause is spelled here as the server's flatten_reloptions() spells it.
SELECT 'pg_class'::regclass::oid AS classid, x.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, x.indrelid AS parent_objid, 0 AS parent_objsubid,
       n.nspname AS schema, x.relname AS name, NULL AS signature,
       x.definition,
       CASE WHEN x.reloptions IS NULL THEN x.definition
            ELSE replace(x.definition,
                         (SELECT format(' WITH (%s)', string_agg(
                                     quote_ident(o.name) || '='
                                     || CASE WHEN quote_ident(o.value) = o.value THEN o.value
                                             ELSE quote_literal(o.value) END, ', ' ORDER BY o.number))
                          FROM (SELECT number, split_part(option, '=', 1) AS name,
                                       substr(option, strpos(option, '=') + 1) AS value
                                FROM unnest(x.reloptions) WITH ORDINALITY AS u(option, number)) o),
                         '') END AS structure,
       x.reloptions::text AS options,
       space.spcname AS tablespace,
       x.indisclustered::text AS clustered,
       x.indisvalid::text AS valid,
       p.parent_index_ref,
       st.statistics,
       needed.names AS depends_on_extensions
FROM (SELECT c.oid, c.relname, c.relnamespace, c.reloptions, c.reltablespace, c.relispartition,
             i.indrelid, i.indisclustered, i.indisvalid, pg_get_indexdef(c.oid) AS definition
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
      WHERE k.oid IS NULL
        AND c.relpersistence <> 't'
        AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
      OFFSET 0) x
JOIN pg_namespace n ON n.oid = x.relnamespace
LEFT JOIN pg_tablespace space ON space.oid = x.reltablespace
LEFT JOIN (SELECT h.inhrelid, format('%s %s 0 %s', 'pg_class'::regclass::oid, h.inhparent, h.inhparent::regclass)
                  AS parent_index_ref
           FROM pg_inherits h
           JOIN pg_index i ON i.indexrelid = h.inhrelid) p ON p.inhrelid = x.oid
LEFT JOIN (SELECT a.attrelid, array_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum)::text AS statistics
           FROM pg_attribute a
           JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('i', 'I')
           WHERE a.attstattarget >= 0
             AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
           GROUP BY a.attrelid) st ON st.attrelid = x.oid
LEFT JOIN (SELECT d.objid, array_agg(e.extname ORDER BY e.extname)::text AS names
           FROM pg_depend d
           JOIN pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'x'
           GROUP BY d.objid) needed ON needed.objid = x.oid;
