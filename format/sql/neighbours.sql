-- Tables that foreign keys tie to those that $1 describes, and that the plan does not touch itself: what rows that come
-- refer to, and what may refer to rows that go. While our session keeps foreign keys silent nobody else may change them,
-- or a check would look at what is no longer so. With what keeps this role from locking and reading each.
WITH touched AS (
    SELECT c.oid, t.deletes, t.updates, t.inserts OR t.updates AS writes, t.key
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, key text[], deletes boolean, updates boolean, inserts boolean)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
), neighbours AS (
    SELECT k.confrelid AS oid
    FROM pg_catalog.pg_constraint k
    JOIN touched t ON t.oid = k.conrelid AND t.writes
    WHERE k.contype = 'f'
    UNION
    SELECT k.conrelid
    FROM pg_catalog.pg_constraint k
    JOIN touched t ON t.oid = k.confrelid
    WHERE k.contype = 'f'
      AND (t.deletes
           OR t.updates AND NOT ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                                      WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)) <@ t.key)
)
SELECT format('%I.%I', n.nspname, c.relname) AS name,
       CASE WHEN NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
                      AND (pg_catalog.has_table_privilege(c.oid, 'UPDATE') OR pg_catalog.has_table_privilege(c.oid, 'DELETE')
                           OR pg_catalog.has_table_privilege(c.oid, 'TRUNCATE')))
            THEN format('table %I.%I: %I may not read and lock it, as the check of a foreign key takes (USAGE on its schema, SELECT, and one of UPDATE, DELETE, TRUNCATE)',
                        n.nspname, c.relname, current_user)
            WHEN c.relrowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls
                 AND (c.relforcerowsecurity OR NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'))
            THEN format('table %I.%I: its row security hides rows from %I, which the check of a foreign key must see', n.nspname, c.relname, current_user)
       END AS problem
FROM neighbours o
JOIN pg_catalog.pg_class c ON c.oid = o.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles r ON r.rolname = current_user
WHERE o.oid NOT IN (SELECT oid FROM touched)
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C";
