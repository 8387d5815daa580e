-- Indexes that are not a constraint's. `structure` is the definition without the storage options, which ALTER INDEX
-- changes in place; the clause is spelled here as the server's flatten_reloptions() spells it. That of an index which is
-- plain, a list of columns in their usual order, is put together by the reader: where
-- it sets pgsyncer.compose, `definition` is the beginning. Only expressions have statistics of their own.
SELECT 'pg_class'::regclass::oid AS classid, x.oid AS objid, 0 AS objsubid,
       'pg_class'::regclass::oid AS parent_classid, x.indrelid AS parent_objid, 0 AS parent_objsubid,
       n.nspname AS schema, x.relname AS name, NULL AS signature,
       CASE WHEN x.plain THEN x.indkey::text END AS key_columns,
       am.amname AS key_method,
       CASE WHEN x.relkind = 'I' THEN true END AS key_only,
       x.indclass::text AS key_classes,
       x.indcollation::text AS key_collations,
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
       x.statistics,
       needed.names AS depends_on_extensions
FROM (SELECT y.*,
             CASE WHEN y.plain AND y.indisunique THEN 'CREATE UNIQUE INDEX ' WHEN y.plain THEN 'CREATE INDEX '
                  ELSE pg_get_indexdef(y.oid) END AS definition
      FROM (SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relam, c.reloptions, c.reltablespace, i.indrelid,
                   i.indkey, i.indclass, i.indcollation, i.indisunique, i.indisclustered, i.indisvalid,
                   CASE WHEN i.indexprs IS NOT NULL
                        THEN (SELECT array_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum)::text
                              FROM pg_attribute a
                              WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attstattarget >= 0) END AS statistics,
                   (SELECT current_setting('pgsyncer.compose', true)) IS NOT DISTINCT FROM 'true'
                   AND c.reloptions IS NULL AND i.indexprs IS NULL AND i.indpred IS NULL
                   AND 0 = ALL (i.indoption::int2[])
                   -- The server's own operator classes of these methods take no options.
                   AND ((c.relam IN (SELECT m.oid FROM pg_am m WHERE m.amname IN ('btree', 'hash'))
                         AND 16384 > ALL (i.indclass::oid[]))
                        OR NOT EXISTS (SELECT FROM pg_attribute a
                                       WHERE a.attrelid = c.oid AND a.attoptions IS NOT NULL))
                   AND (NOT i.indisunique OR (SELECT to_jsonb(x) ->> 'indnullsnotdistinct' FROM pg_index x
                                             WHERE x.indexrelid = c.oid) IS DISTINCT FROM 'true') AS plain
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
            WHERE k.oid IS NULL
              AND c.relkind IN ('i', 'I')
              AND c.relpersistence <> 't'
              AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
            OFFSET 0) y
      OFFSET 0) x
JOIN pg_namespace n ON n.oid = x.relnamespace
JOIN pg_am am ON am.oid = x.relam
LEFT JOIN pg_tablespace space ON space.oid = x.reltablespace
LEFT JOIN (SELECT h.inhrelid, format('%s %s 0 %s', 'pg_class'::regclass::oid, h.inhparent, h.inhparent::regclass)
                  AS parent_index_ref
           FROM pg_inherits h
           JOIN pg_index i ON i.indexrelid = h.inhrelid) p ON p.inhrelid = x.oid
LEFT JOIN (SELECT d.objid, array_agg(e.extname ORDER BY e.extname)::text AS names
           FROM pg_depend d
           JOIN pg_extension e ON e.oid = d.refobjid
           WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype = 'x'
           GROUP BY d.objid) needed ON needed.objid = x.oid;
