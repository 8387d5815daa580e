-- The partitions, of every level, of the partitioned tables that are no partitions themselves; and what each is, as
-- pg_class.relkind says.
WITH RECURSIVE tree (root, oid) AS (
    SELECT i.inhparent, i.inhrelid
    FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
    WHERE p.relkind = 'p' AND NOT p.relispartition
    UNION ALL
    SELECT t.root, i.inhrelid
    FROM tree t
    JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
)
SELECT pg_catalog.format('%I.%I', rn.nspname, r.relname) AS root,
       pg_catalog.format('%I.%I', n.nspname, c.relname) AS partition,
       c.relkind AS kind
FROM tree t
JOIN pg_catalog.pg_class r ON r.oid = t.root
JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
JOIN pg_catalog.pg_class c ON c.oid = t.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY rn.nspname::text COLLATE "C", r.relname::text COLLATE "C", n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
