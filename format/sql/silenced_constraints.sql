-- The checks that nobody else makes of the rows of the tables that $1 describes: foreign keys and deferrable unique and
-- exclusion constraints, where session_replication_role = replica kept them silent (pgsyncer.replica); else only foreign
-- keys that are not valid, since making them again checks nothing. Those that main has left not valid too
-- (pgsyncer.unchecked) say nothing. A row per check: its name, whether all rows count or only those that
-- this transaction wrote ($1 of the check: its xid, or NULL), and the query that counts and shows the rows that break it.
WITH RECURSIVE touched AS (
    SELECT c.oid, t.deletes, t.updates, t.inserts OR t.updates AS writes, t.key
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, key text[], deletes boolean, updates boolean, inserts boolean)
    JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
), domains AS ( -- over enums: = is not found for them, but for what they are of
    SELECT d.oid, d.typbasetype AS base
    FROM pg_catalog.pg_type d
    WHERE d.typtype = 'd'
    UNION ALL
    SELECT s.oid, d.typbasetype
    FROM domains s
    JOIN pg_catalog.pg_type d ON d.oid = s.base AND d.typtype = 'd'
), enums AS (
    SELECT s.oid, format('::%s', e.oid::regtype) AS "cast"
    FROM domains s
    JOIN pg_catalog.pg_type e ON e.oid = s.base AND e.typtype = 'e'
), all_keys AS ( -- what not every version has is asked for by way of to_jsonb, which answers NULL where it is missing
    SELECT k.oid, k.conrelid, k.confrelid,
           coalesce((j.row ->> 'conparentid')::oid, 0) AS conparentid,
           coalesce((j.row ->> 'conenforced')::boolean, true)
           AND NOT coalesce((j.row ->> 'conperiod')::boolean, false)
           AND (k.convalidated AND coalesce(current_setting('pgsyncer.replica', true), 'true')::boolean
                OR NOT k.convalidated
                   AND NOT EXISTS (SELECT FROM jsonb_to_recordset(coalesce(nullif(current_setting('pgsyncer.unchecked', true), ''), '[]')::jsonb) AS u(schema text, "table" text, name text)
                                   JOIN pg_catalog.pg_namespace n ON n.nspname = u.schema
                                   JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = u."table"
                                   WHERE c.oid = k.conrelid AND u.name = k.conname)) AS checked
    FROM pg_catalog.pg_constraint k
    CROSS JOIN LATERAL (SELECT to_jsonb(k) AS row) j
    WHERE k.contype = 'f'
), keys AS ( -- of partitions too, but always against the whole referenced table
    SELECT k.oid, k.conrelid, k.confrelid
    FROM all_keys k
    WHERE k.conparentid = 0 AND k.checked
    UNION ALL
    SELECT k.oid, k.conrelid, k.confrelid
    FROM keys
    JOIN all_keys k ON k.conparentid = keys.oid AND k.confrelid = keys.confrelid
), partitions AS (
    SELECT k.confrelid AS root, i.inhrelid AS oid
    FROM (SELECT DISTINCT k.confrelid FROM keys k) k
    JOIN pg_catalog.pg_class c ON c.oid = k.confrelid AND c.relkind = 'p'
    JOIN pg_catalog.pg_inherits i ON i.inhparent = k.confrelid
    UNION ALL
    SELECT p.root, i.inhrelid
    FROM partitions p
    JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid
), foreign_keys AS (
    SELECT k.oid, k.conname, k.conrelid, k.confrelid,
           EXISTS (SELECT FROM touched t WHERE t.oid = k.conrelid AND t.writes) AS comes,
           EXISTS (SELECT FROM touched t
                   WHERE (t.oid = k.confrelid OR EXISTS (SELECT FROM partitions p WHERE p.root = k.confrelid AND p.oid = t.oid))
                     AND (t.deletes
                          OR t.updates AND NOT ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                                                     WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)) <@ t.key)) AS goes,
           r.columns, r.present, r.matches
    FROM keys
    JOIN pg_catalog.pg_constraint k ON k.oid = keys.oid
    JOIN pg_catalog.pg_class c ON c.oid = k.conrelid AND c.relkind = 'r'
    CROSS JOIN LATERAL (
        SELECT string_agg(format('f.%I', f.attname), ', ' ORDER BY u.n) AS columns,
               string_agg(format('f.%I IS NOT NULL', f.attname), CASE k.confmatchtype WHEN 'f' THEN ' OR ' ELSE ' AND ' END ORDER BY u.n) AS present,
               string_agg(format('p.%I%s OPERATOR(%I.%s) f.%I', p.attname, l.collate, s.nspname, o.oprname, f.attname), ' AND ' ORDER BY u.n) AS matches
        FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY AS u(f, p, op, n)
        JOIN pg_catalog.pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = u.f
        JOIN pg_catalog.pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = u.p
        JOIN pg_catalog.pg_operator o ON o.oid = u.op
        JOIN pg_catalog.pg_namespace s ON s.oid = o.oprnamespace
        LEFT JOIN LATERAL ( -- as the server does: that of the referenced column decides
            SELECT format(' COLLATE %I.%I', w.nspname, l.collname) AS collate
            FROM pg_catalog.pg_collation l
            JOIN pg_catalog.pg_namespace w ON w.oid = l.collnamespace
            WHERE l.oid = p.attcollation AND p.attcollation <> f.attcollation) l ON true) r
), uniques AS (
    SELECT k.conname, k.conrelid, r.expressions, r.columns, r.matches, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate
    FROM touched t
    JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('p', 'u', 'x') AND k.condeferrable
    JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid
    CROSS JOIN LATERAL (
        SELECT string_agg(format('%s%s AS e%s', pg_catalog.pg_get_indexdef(i.indexrelid, n, true), en.cast, n), ', ' ORDER BY n) AS expressions,
               string_agg(format('a.e%s', n), ', ' ORDER BY n) AS columns,
               string_agg(CASE WHEN (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean
                               THEN format('(a.e%1$s OPERATOR(%2$I.%3$s) b.e%1$s OR a.e%1$s IS NULL AND b.e%1$s IS NULL)', n, s.nspname, o.oprname)
                               ELSE format('a.e%1$s OPERATOR(%2$I.%3$s) b.e%1$s', n, s.nspname, o.oprname) END, ' AND ' ORDER BY n) AS matches
        FROM generate_series(1, coalesce((to_jsonb(i) ->> 'indnkeyatts')::integer, i.indnatts)) AS n
        JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[n - 1]
        LEFT JOIN pg_catalog.pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = n
        LEFT JOIN enums en ON en.oid = ia.atttypid
        LEFT JOIN pg_catalog.pg_amop am ON am.amopfamily = oc.opcfamily AND am.amopstrategy = 3 AND k.contype <> 'x'
                                       AND am.amoplefttype = oc.opcintype AND am.amoprighttype = oc.opcintype
        JOIN pg_catalog.pg_operator o ON o.oid = coalesce(k.conexclop[n], am.amopopr)
        JOIN pg_catalog.pg_namespace s ON s.oid = o.oprnamespace) r
    WHERE t.writes AND coalesce(current_setting('pgsyncer.replica', true), 'true')::boolean
)
SELECT 'FOREIGN_KEY' AS kind,
       format('%I of %s: no such row in %s', k.conname, k.conrelid::regclass, k.confrelid::regclass) AS name,
       k.goes AS all_rows,
       format('SELECT count(*), (array_agg(b.row ORDER BY b.row))[1:5]::text FROM (SELECT ROW(%s)::text COLLATE "C" AS row '
              'FROM ONLY %s AS f WHERE ($1::xid IS NULL OR f.xmin = $1::xid) AND (%s) '
              'AND NOT EXISTS (SELECT FROM %s%s AS p WHERE %s)) AS b',
              k.columns, k.conrelid::regclass, k.present, CASE WHEN c.relkind = 'r' THEN 'ONLY ' ELSE '' END,
              k.confrelid::regclass, k.matches) AS query
FROM foreign_keys k
JOIN pg_catalog.pg_class c ON c.oid = k.confrelid
WHERE k.comes OR k.goes
UNION ALL
SELECT 'CONSTRAINT', format('%I of %s: twice', u.conname, u.conrelid::regclass), false,
       format('SELECT count(*), (array_agg(b.row ORDER BY b.row))[1:5]::text FROM (SELECT ROW(%1$s)::text COLLATE "C" AS row '
              'FROM (SELECT ctid, xmin, %2$s FROM ONLY %3$s%4$s) AS a WHERE ($1::xid IS NULL OR a.xmin = $1::xid) '
              'AND EXISTS (SELECT FROM (SELECT ctid, %2$s FROM ONLY %3$s%4$s) AS b WHERE b.ctid <> a.ctid AND %5$s)) AS b',
              u.columns, u.expressions, u.conrelid::regclass, ' WHERE ' || u.predicate, u.matches)
FROM uniques u
ORDER BY 1, 2;
