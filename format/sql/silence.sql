-- What would act on the rows that come to the tables that $1 describes, with the statement that turns it off and the
-- one that puts it back as it was. $2: the session can set session_replication_role to replica; then only what is
-- enabled for replicas acts, else everything but that, and foreign keys, whose triggers an owner cannot turn off, are
-- dropped and made again. Last, what a publication lacks to let rows go: rows of a published table are changed and deleted
-- only where it has a replica identity, which main's may lack as well.
WITH RECURSIVE touched AS (
    SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relreplident, t.updates OR t.deletes AS loses
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, updates boolean, deletes boolean)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
), published AS (
    SELECT g.relid
    FROM pg_catalog.pg_publication p
    CROSS JOIN LATERAL pg_catalog.pg_get_publication_tables(p.pubname::text) g
    WHERE p.pubupdate OR p.pubdelete
), above AS ( -- a partition is published with what it is a partition of
    SELECT t.oid, t.oid AS ancestor
    FROM touched t
    WHERE t.loses
    UNION ALL
    SELECT a.oid, i.inhparent
    FROM above a
    JOIN pg_catalog.pg_class c ON c.oid = a.ancestor AND c.relispartition
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.ancestor
), all_keys AS ( -- servers before 11 have no conparentid
    SELECT k.oid, k.conrelid, k.confrelid, coalesce((to_jsonb(k) ->> 'conparentid')::oid, 0) AS conparentid
    FROM pg_catalog.pg_constraint k
    WHERE k.contype = 'f' AND NOT $2::boolean
), keys AS (
    SELECT k.oid, k.conparentid
    FROM all_keys k
    WHERE (k.conrelid IN (SELECT oid FROM touched) OR k.confrelid IN (SELECT oid FROM touched))
    UNION
    SELECT k.oid, k.conparentid -- that of a partition belongs to its parent's
    FROM keys
    JOIN all_keys k ON k.oid = keys.conparentid
), enabled(code, words) AS (
    VALUES ('O'::"char", ''), ('A', 'ALWAYS '), ('R', 'REPLICA ')
)
SELECT m.off, m.on
FROM (
SELECT 1 AS step, format('ALTER TABLE %s DISABLE TRIGGER %I', t.name, g.tgname) AS off,
       format('ALTER TABLE %s ENABLE %sTRIGGER %I', t.name, e.words, g.tgname) AS on
FROM touched t
JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid
JOIN enabled e ON e.code = g.tgenabled
WHERE NOT g.tgisinternal AND (g.tgenabled = 'A' OR (g.tgenabled = 'R') = $2::boolean)
UNION ALL
SELECT 2, format('ALTER TABLE %s DISABLE RULE %I', t.name, r.rulename),
       format('ALTER TABLE %s ENABLE %sRULE %I', t.name, e.words, r.rulename)
FROM touched t
JOIN pg_catalog.pg_rewrite r ON r.ev_class = t.oid
JOIN enabled e ON e.code = r.ev_enabled
WHERE r.ev_type IN ('2', '3', '4') AND (r.ev_enabled = 'A' OR (r.ev_enabled = 'R') = $2::boolean)
UNION ALL
SELECT 3, format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname),
       format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
       || coalesce(format('; COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname,
                          pg_catalog.obj_description(k.oid, 'pg_constraint')), '')
FROM keys
JOIN pg_catalog.pg_constraint k ON k.oid = keys.oid AND keys.conparentid = 0
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
UNION ALL
SELECT 4, format('ALTER TABLE %s REPLICA IDENTITY FULL', t.name),
       format('ALTER TABLE %s REPLICA IDENTITY %s', t.name, CASE t.relreplident WHEN 'd' THEN 'DEFAULT' ELSE 'NOTHING' END)
FROM touched t
WHERE (t.relreplident = 'n'
       OR t.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                                               WHERE i.indrelid = t.oid AND i.indisprimary AND i.indimmediate))
  AND EXISTS (SELECT FROM above a JOIN published p ON p.relid = a.ancestor WHERE a.oid = t.oid)
) m
ORDER BY m.step, m.off;
