-- The objects at the addresses $1, $2, $3 (system catalogs, oids, columns) that lie outside of what is chosen, by the
-- name that pg_identify_object gives and by that which pg_get_object_address takes. What lies in a chosen schema without
-- being an object of the model (a helper that the server made) is left out, and so are temporary and TOAST tables.
SELECT a.number - 1 AS number, i.type, i.identity, n.object_names::text, n.object_args::text,
       (SELECT format('%I.%I', pn.nspname, p.relname)
        FROM pg_inherits h
        JOIN pg_class p ON p.oid = h.inhparent
        JOIN pg_namespace pn ON pn.oid = p.relnamespace
        WHERE h.inhrelid = c.oid AND c.relispartition AND a.classid = 'pg_class'::regclass AND a.objsubid = 0) AS partition_of
FROM unnest($1::oid[], $2::oid[], $3::int4[]) WITH ORDINALITY AS a (classid, objid, objsubid, number)
LEFT JOIN pg_class c
  ON c.oid = CASE a.classid
               WHEN 'pg_class'::regclass THEN a.objid
               WHEN 'pg_constraint'::regclass THEN (SELECT nullif(o.conrelid, 0) FROM pg_constraint o WHERE o.oid = a.objid)
               WHEN 'pg_trigger'::regclass THEN (SELECT o.tgrelid FROM pg_trigger o WHERE o.oid = a.objid)
               WHEN 'pg_rewrite'::regclass THEN (SELECT o.ev_class FROM pg_rewrite o WHERE o.oid = a.objid)
               WHEN 'pg_policy'::regclass THEN (SELECT o.polrelid FROM pg_policy o WHERE o.oid = a.objid)
               WHEN 'pg_attrdef'::regclass THEN (SELECT o.adrelid FROM pg_attrdef o WHERE o.oid = a.objid) END
LEFT JOIN pg_type t
  ON t.oid = CASE a.classid
               WHEN 'pg_constraint'::regclass THEN (SELECT nullif(o.contypid, 0) FROM pg_constraint o WHERE o.oid = a.objid) END
CROSS JOIN LATERAL pg_identify_object(a.classid, a.objid, a.objsubid) i
CROSS JOIN LATERAL pg_identify_object_as_address(a.classid, a.objid, a.objsubid) n
LEFT JOIN pg_namespace s ON s.oid = coalesce(c.relnamespace, t.typnamespace) OR
                            (c.oid IS NULL AND t.oid IS NULL AND s.nspname = i.schema)
WHERE i.identity IS NOT NULL
  AND a.classid <> 'pg_default_acl'::regclass -- default privileges go with their schema
  AND (s.oid IS NULL
       OR (s.nspname !~ '^pg_(toast|temp)'
           AND (s.oid <> ALL (current_setting('pgsyncer.namespaces')::oid[])
                -- In a chosen schema, but a table that is not chosen, or a part of one, or where just tables are, else.
                OR CASE WHEN c.oid IS NOT NULL
                        THEN current_setting('pgsyncer.relations') <> ''
                             AND coalesce((SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = c.oid), c.oid)
                                 NOT IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[]))
                        ELSE current_setting('pgsyncer.tables_only')::bool END)))
  AND (current_setting('pgsyncer.tables_only')::bool
       OR NOT (a.classid = 'pg_namespace'::regclass AND a.objid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])))
ORDER BY a.number;
