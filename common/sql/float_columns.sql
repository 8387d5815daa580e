-- Columns of the chosen tables (common/selection.h) whose type holds floats within another type
-- that is compared by its text: before 12, a server prints other texts of floats.
WITH RECURSIVE edges (holder, held) AS (
    SELECT t.typarray, t.oid FROM pg_catalog.pg_type t WHERE t.typarray <> 0
    UNION ALL
    SELECT t.oid, t.typbasetype FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT r.rngtypid, r.rngsubtype FROM pg_catalog.pg_range r
    UNION ALL
    SELECT (to_jsonb(r) ->> 'rngmultitypid')::oid, r.rngtypid FROM pg_catalog.pg_range r
    UNION ALL
    SELECT c.reltype, a.atttypid
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.reltype <> 0
), floats (oid, levels) AS (
    SELECT t.oid, 0
    FROM unnest(ARRAY['float4', 'float8', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle']::regtype[]) t (oid)
    UNION
    SELECT t.oid, 1
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_proc p ON p.oid = t.typoutput
    WHERE p.prosrc IN ('cube_out', 'float4out', 'float8out') AND t.oid NOT IN ('float4'::regtype, 'float8'::regtype)
      AND t.typtype = 'b'
    UNION
    SELECT e.holder, f.levels + 1
    FROM floats f
    JOIN edges e ON e.held = f.oid
    WHERE f.levels < 20
)
SELECT format('%I.%I', n.nspname, c.relname) AS name, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind = 'r'
  AND c.relpersistence <> 't'
  AND a.attnum > 0 AND NOT a.attisdropped
  AND n.oid = ANY (current_setting('pgsyncer.namespaces')::oid[])
  AND (current_setting('pgsyncer.relations') = ''
       OR c.oid IN (SELECT unnest(nullif(current_setting('pgsyncer.relations'), '')::oid[])))
  AND a.atttypid IN (SELECT f.oid FROM floats f WHERE f.levels > 0)
  AND a.atttypid NOT IN ('float4[]'::regtype, 'float8[]'::regtype)
  -- Domains over what is compared by its bytes are, too.
  AND NOT (t.typtype = 'd' AND t.typbasetype IN (SELECT f.oid FROM floats f WHERE f.levels = 0))
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C", a.attnum;
