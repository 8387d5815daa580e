-- What would act on the rows that come to the tables that $1 describes, with the statement that turns it off and the
-- one that puts it back as it was; the tables that these lock against readers; and what keeps this role from it.
-- $2: the session can set session_replication_role to replica. Then only what is enabled for replicas acts; else
-- everything does, and foreign keys, whose triggers an owner cannot turn off, are dropped and made again where an action
-- could run, a row could come before the one it refers to, or main itself has left the key not valid. Checks that
-- main has left not valid (pgsyncer.unchecked) are dropped and made again too: main's rows may break both. Last, what a publication lacks
-- to let rows go: rows of a published table are changed and deleted only where it has a replica identity, of columns that are published.
WITH RECURSIVE touched AS (
    SELECT c.oid, t.deletes, t.inserts, t.updates, t.moves, c.relreplident
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, deletes boolean, inserts boolean, updates boolean, moves boolean)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
), above AS ( -- a partition's rows are those of the tables above it
    SELECT oid, oid AS leaf FROM touched
    UNION
    SELECT i.inhparent, a.leaf
    FROM above a
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND p.relkind = 'p'
), published AS (
    SELECT p.pubname, g.relid, translate(to_jsonb(g) ->> 'attrs', '[]', '{}')::int2[] AS columns,
           to_jsonb(g) ->> 'qual' AS filter
    FROM pg_catalog.pg_publication p
    CROSS JOIN LATERAL pg_catalog.pg_get_publication_tables(p.pubname::text) g
    WHERE p.pubupdate OR p.pubdelete
), sent AS ( -- by the publications of each table that loses rows or has them changed
    SELECT t.oid, t.relreplident, p.pubname, p.relid, p.columns, p.filter
    FROM touched t
    JOIN above a ON a.leaf = t.oid
    JOIN published p ON p.relid = a.oid
    WHERE t.updates OR t.deletes
), identities AS ( -- what is a table's replica identity, or could be; before 18 nobody minds generated columns
    SELECT i.indrelid AS oid, 2 AS rank, format('USING INDEX %I', c.relname) AS words,
           CASE s.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END AS is_current,
           array(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (k.key)
                 AND (current_setting('server_version_num')::int4 >= 180000 OR to_jsonb(a) ->> 'attgenerated' IS NOT DISTINCT FROM '')) AS names
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN (SELECT DISTINCT oid, relreplident FROM sent) s ON s.oid = i.indrelid
    CROSS JOIN LATERAL (SELECT (i.indkey::int2[])[0:coalesce((to_jsonb(i) ->> 'indnkeyatts')::int4, i.indnatts) - 1] AS key) k
    WHERE i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND 0 <> ALL (k.key)
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (k.key) AND NOT a.attnotnull)
    UNION ALL
    SELECT s.oid, 1, 'FULL', s.relreplident = 'f',
           array(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
                 AND (current_setting('server_version_num')::int4 >= 180000 OR to_jsonb(a) ->> 'attgenerated' IS NOT DISTINCT FROM ''))
    FROM (SELECT DISTINCT oid, relreplident FROM sent) s
), fitting AS (
    SELECT i.*
    FROM identities i
    WHERE NOT EXISTS (SELECT
                      FROM sent s
                      WHERE s.oid = i.oid
                        AND (s.filter IS NOT NULL AND i.rank > 1 AND NOT i.is_current
                             OR s.columns IS NOT NULL
                                AND NOT i.names <@ array(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.relid AND a.attnum = ANY (s.columns))))
), flows AS (
    SELECT a.oid, bool_or(t.inserts OR t.updates) AS writes, bool_or(t.inserts OR t.moves) AS comes, bool_or(t.deletes OR t.moves) AS goes
    FROM above a
    JOIN touched t ON t.oid = a.leaf
    GROUP BY a.oid
), unchecked AS (
    SELECT k.oid, k.conrelid, k.conname, k.contype
    FROM jsonb_to_recordset(coalesce(nullif(current_setting('pgsyncer.unchecked', true), ''), '[]')::jsonb) AS u(schema text, "table" text, name text)
    JOIN pg_catalog.pg_namespace n ON n.nspname = u.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = u."table"
    JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.conname = u.name AND NOT k.convalidated
), keys AS ( -- servers before 11 have no conparentid; what a partition has of it goes with its parent's
    SELECT k.oid, k.conrelid, k.confrelid, k.conname
    FROM pg_catalog.pg_constraint k
    LEFT JOIN flows f ON f.oid = k.conrelid
    LEFT JOIN flows p ON p.oid = k.confrelid
    LEFT JOIN unchecked u ON u.oid = k.oid
    WHERE k.contype = 'f' AND NOT $2::boolean AND coalesce((to_jsonb(k) ->> 'conparentid')::oid, 0) = 0
      AND (p.goes OR f.writes AND (p.comes OR u.oid IS NOT NULL))
), checks AS (
    SELECT u.oid, u.conrelid, u.conname, 1 AS height
    FROM unchecked u
    JOIN touched t ON t.oid = u.conrelid AND (t.inserts OR t.updates)
    WHERE u.contype = 'c'
    UNION
    SELECT p.oid, p.conrelid, p.conname, k.height + 1
    FROM checks k
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = k.conrelid
    JOIN pg_catalog.pg_constraint p ON p.conrelid = i.inhparent AND p.conname = k.conname AND p.contype = 'c' AND NOT p.connoinherit
), constraints AS (
    SELECT 3 AS step, 0 AS height, oid, conrelid, confrelid FROM keys
    UNION ALL
    SELECT 4, max(k.height), k.oid, k.conrelid, 0
    FROM checks k
    JOIN pg_catalog.pg_constraint c ON c.oid = k.oid AND c.conislocal
    GROUP BY k.oid, k.conrelid
), enabled(code, words) AS (
    VALUES ('O'::"char", ''), ('A', 'ALWAYS '), ('R', 'REPLICA ')
), measures AS (
    SELECT CASE WHEN g.tgisinternal THEN 6 ELSE 1 END AS step, 0 AS height, t.oid AS relid, 0::oid AS other, false AS locks, format('DISABLE TRIGGER %I', g.tgname) AS off,
           format('ENABLE %sTRIGGER %I', e.words, g.tgname) AS on, NULL AS comment_on, NULL AS comment, format('trigger %I', g.tgname) AS what
    FROM touched t
    JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid
    JOIN enabled e ON e.code = g.tgenabled
    -- What a partition has of a partitioned table's trigger is internal before 15; only constraints' are so besides.
    WHERE (NOT g.tgisinternal OR g.tgconstraint = 0) AND (g.tgenabled <> 'O' OR NOT $2::boolean)
    UNION ALL
    SELECT 2, 0, t.oid, 0, true, format('DISABLE RULE %I', r.rulename), format('ENABLE %sRULE %I', e.words, r.rulename), NULL, NULL,
           format('rule %I', r.rulename)
    FROM touched t
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = t.oid
    JOIN enabled e ON e.code = r.ev_enabled
    WHERE r.ev_type IN ('2', '3', '4') AND (r.ev_enabled <> 'O' OR NOT $2::boolean)
    UNION ALL
    SELECT m.step, m.height, m.conrelid, m.confrelid, true, format('DROP CONSTRAINT %I', k.conname),
           format('ADD CONSTRAINT %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid)),
           format('COMMENT ON CONSTRAINT %I ON', k.conname), pg_catalog.obj_description(k.oid, 'pg_constraint'),
           format(CASE m.step WHEN 3 THEN 'foreign key %I' ELSE 'check %I' END, k.conname)
    FROM constraints m
    JOIN pg_catalog.pg_constraint k ON k.oid = m.oid
    UNION ALL
    SELECT 5, 0, s.oid, 0, true, 'REPLICA IDENTITY ' || coalesce((SELECT f.words FROM fitting f WHERE f.oid = s.oid ORDER BY f.rank, f.words LIMIT 1), 'FULL'),
           'REPLICA IDENTITY ' || CASE s.relreplident WHEN 'd' THEN 'DEFAULT' WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL'
                                                      ELSE (SELECT i.words FROM identities i WHERE i.oid = s.oid AND i.is_current) END, NULL, NULL,
           'the lack of a replica identity'
    FROM (SELECT DISTINCT oid, relreplident FROM sent) s
    WHERE NOT EXISTS (SELECT FROM fitting f WHERE f.oid = s.oid AND f.is_current)
      AND (s.relreplident <> 'i' OR EXISTS (SELECT FROM identities i WHERE i.oid = s.oid AND i.is_current))
), named AS (
    SELECT m.*, format('%I.%I', n.nspname, c.relname) AS name, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
           o.name AS other_name, o.referable, o.lockable
    FROM measures m
    JOIN pg_catalog.pg_class c ON c.oid = m.relid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN LATERAL (
        SELECT format('%I.%I', pn.nspname, p.relname) AS name,
               pg_catalog.has_any_column_privilege(p.oid, 'REFERENCES') AND pg_catalog.has_schema_privilege(pn.oid, 'USAGE') AS referable,
               pg_catalog.has_table_privilege(p.oid, 'UPDATE') OR pg_catalog.has_table_privilege(p.oid, 'DELETE')
               OR pg_catalog.has_table_privilege(p.oid, 'TRUNCATE') AS lockable
        FROM pg_catalog.pg_class p
        JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
        WHERE p.oid = m.other) o ON true
)
SELECT format('ALTER TABLE %s%s %s', CASE WHEN step IN (3, 4) THEN '' ELSE 'ONLY ' END, name, off) AS off,
       format('ALTER TABLE %s%s %s', CASE WHEN step IN (3, 4) THEN '' ELSE 'ONLY ' END, name, "on")
       || CASE WHEN comment IS NULL THEN '' ELSE format('; %s %s IS %L', comment_on, name, comment) END AS on,
       CASE WHEN locks THEN name END AS locked,
       CASE WHEN locks AND lockable THEN other_name END AS other_locked,
       CASE WHEN NOT owned
            THEN format('table %s: %I does not own it, and cannot keep %s silent%s', name, current_user, what,
                        CASE step WHEN 3 THEN ' by other means, without session_replication_role' WHEN 4 THEN '' WHEN 5 THEN ', for which a publication refuses changes' ELSE ', which acts for replicas too' END)
            WHEN step = 6 AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)
            THEN format('table %s: %I cannot keep %s silent, which the server made for the partition: before PostgreSQL 15 that takes a superuser', name, current_user, what)
            WHEN NOT referable
            THEN format('table %s: %I may not refer to it (REFERENCES), and so cannot make %s of %s again once it was dropped', other_name, current_user, what, name)
       END AS problem,
       CASE WHEN step = 5 AND NOT EXISTS (SELECT FROM fitting f WHERE f.oid = relid)
            THEN format('table %s: publication %I refuses changes and deletions of its rows, as it does not send all columns of any replica identity that the table can have',
                        name, (SELECT min(s.pubname::text) FROM sent s WHERE s.oid = relid))
       END AS refusal
FROM named
ORDER BY step, height DESC, name, off;
