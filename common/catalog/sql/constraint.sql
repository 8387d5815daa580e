-- Constraints of tables and domains. NOT NULL is a field of the column or domain. pg_get_constraintdef leaves out the
-- storage options and tablespace of a PRIMARY KEY's or UNIQUE's index; an EXCLUDE's definition has the options. That of a
-- plain key is put together by the reader, where it sets pgsyncer.compose, from its beginning; that of a check on
-- columns is asked for once for each expression: `key_tree` is the first check that has it (one that is not
-- enforced is not validated either). The helpers that the server makes of a foreign key for each partition of the table that it references are left out.
SELECT 'pg_constraint'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       CASE WHEN c.conrelid <> 0 THEN 'pg_class'::regclass ELSE 'pg_type'::regclass END::oid AS parent_classid,
       CASE WHEN c.conrelid <> 0 THEN c.conrelid ELSE c.contypid END AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, c.conname AS name, NULL AS signature,
       CASE WHEN k.plain OR tree.first IS NOT NULL THEN c.conkey::text END AS key_columns,
       tree.first AS key_tree,
       CASE WHEN k.plain AND c.contype = 'p' THEN 'PRIMARY KEY ' WHEN k.plain THEN 'UNIQUE '
            WHEN tree.first IS NULL THEN pg_get_constraintdef(c.oid) END AS definition,
       CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
                      WHEN 'x' THEN 'exclude' ELSE 'check' END AS type,
       c.condeferrable::text AS deferrable,
       c.condeferred::text AS deferred,
       c.convalidated::text AS validated,
       CASE WHEN c.contype = 'c' THEN c.connoinherit::text END AS no_inherit,
       (NOT c.conislocal)::text AS inherited,
       CASE WHEN c.conparentid <> 0
            THEN format('%s %s 0 %s.%I', 'pg_constraint'::regclass::oid, c.conparentid, pc.conrelid::regclass,
                        pc.conname) END AS parent_constraint_ref,
       CASE WHEN c.contype IN ('p', 'u') AND ic.reloptions IS NOT NULL
            THEN ic.reloptions::text END AS index_options,
       space.spcname AS index_tablespace,
       i.indisclustered::text AS clustered,
       de.description AS index_comment
FROM pg_constraint c
LEFT JOIN (SELECT p.oid, p.conrelid, p.conname
           FROM pg_constraint p
           WHERE p.oid IN (SELECT h.conparentid FROM pg_constraint h WHERE h.conparentid <> 0)) pc ON pc.oid = c.conparentid
LEFT JOIN pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u', 'x')
                    AND (i.indisunique OR i.indisexclusion)
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid AND (ic.reloptions IS NOT NULL OR ic.reltablespace <> 0)
CROSS JOIN LATERAL (SELECT (SELECT current_setting('pgsyncer.compose', true)) IS NOT DISTINCT FROM 'true'
                           AND c.contype IN ('p', 'u') AND NOT c.condeferrable AND c.convalidated AND NOT i.indisexclusion
                           AND i.indnatts = cardinality(c.conkey)
                           AND (c.contype = 'p' OR (SELECT to_jsonb(x) ->> 'indnullsnotdistinct' FROM pg_index x
                                                      WHERE x.indexrelid = i.indexrelid) IS DISTINCT FROM 'true')
                           AS plain) k
LEFT JOIN (SELECT t.conbin::text AS tree, t.connoinherit, min(t.oid) AS first
           FROM pg_constraint t
           WHERE (SELECT current_setting('pgsyncer.compose', true)) IS NOT DISTINCT FROM 'true'
             AND t.contype = 'c' AND t.conrelid <> 0 AND t.convalidated AND NOT t.condeferrable AND 0 <> ALL (t.conkey)
           GROUP BY t.conbin::text, t.connoinherit) tree
       ON c.contype = 'c' AND c.conrelid <> 0 AND c.convalidated AND NOT c.condeferrable AND 0 <> ALL (c.conkey)
      AND tree.tree = c.conbin::text AND tree.connoinherit = c.connoinherit
LEFT JOIN pg_tablespace space ON space.oid = ic.reltablespace
LEFT JOIN pg_description de ON de.classoid = 'pg_class'::regclass AND de.objoid = i.indexrelid AND de.objsubid = 0
WHERE c.contype IN ('p', 'u', 'f', 'c', 'x')
  AND (c.contype <> 'f' OR c.conparentid = 0 OR pc.conrelid <> c.conrelid)
  AND c.connamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]);
