-- The columns whose values hold rows, be it within arrays and domains, and what these rows are made of, in order: a row's
-- text names no column.
WITH RECURSIVE part AS (
    SELECT a.attrelid, a.attname, ''::text COLLATE "C" AS path, a.atttypid AS type
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
    WHERE a.attnum > 0 AND NOT a.attisdropped AND (t.typtype IN ('c', 'd') OR e.typtype IN ('c', 'd'))
    UNION ALL
    SELECT p.attrelid, p.attname, p.path || x.step, x.type
    FROM part p
    JOIN pg_catalog.pg_type t ON t.oid = p.type
    CROSS JOIN LATERAL (
        SELECT '[]' AS step, t.typelem AS type WHERE t.typelem <> 0 AND t.typlen = -1
        UNION ALL
        SELECT '', t.typbasetype WHERE t.typtype = 'd'
        UNION ALL
        SELECT format('.%s %I', pg_catalog.lpad((row_number() OVER (ORDER BY a.attnum))::text, 4, '0'), a.attname), a.atttypid
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) x
)
SELECT n.nspname, c.relname, p.attname,
       string_agg(p.path || ' ' || pg_catalog.format_type(p.type, NULL), ', ' ORDER BY p.path COLLATE "C", p.type)
FROM part p
JOIN pg_catalog.pg_class c ON c.oid = p.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE p.path LIKE '%.%'
GROUP BY n.nspname, c.relname, p.attname
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C", p.attname::text COLLATE "C";
