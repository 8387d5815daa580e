-- Those of the tables that $1 describes whose rows the server lets nobody update or delete: publications have them, and
-- nothing tells subscribers which row it was. A line for each.
WITH RECURSIVE touched AS (
    SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, t.deletes OR t.moves AS deletes, t.updates
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, deletes boolean, updates boolean, moves boolean)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
    WHERE (t.deletes OR t.updates) AND c.relpersistence = 'p' AND c.relreplident <> 'f'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                      WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                        AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END)
), above AS ( -- a partition is published with the tables above it
    SELECT oid, oid AS leaf FROM touched
    UNION
    SELECT i.inhparent, a.leaf
    FROM above a
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND p.relkind = 'p'
), published AS (
    SELECT DISTINCT a.leaf, p.pubname, p.pubupdate, p.pubdelete
    FROM above a
    JOIN pg_catalog.pg_class c ON c.oid = a.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_publication_tables m ON m.schemaname = n.nspname AND m.tablename = c.relname
    JOIN pg_catalog.pg_publication p ON p.pubname = m.pubname
)
SELECT format('table %s has no replica identity, and publication %I has it: the server refuses to %s its rows (ALTER TABLE … REPLICA IDENTITY FULL gives it one)', t.name, p.pubname,
              CASE WHEN t.deletes AND p.pubdelete THEN 'delete' ELSE 'update' END)
FROM touched t
JOIN published p ON p.leaf = t.oid AND (t.deletes AND p.pubdelete OR t.updates AND p.pubupdate)
ORDER BY 1;
