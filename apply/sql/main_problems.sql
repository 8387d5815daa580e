-- Run on main: what keeps its rows from being fetched by this role; main itself has moved on where `moved` is true. $1 has
-- the tables: [{"schema":...,"name":...,"columns":[...]}, ...].
WITH wanted AS (
    SELECT format('%I.%I', t.schema, t.name) AS name, t.columns, n.oid AS namespace, c.oid
    FROM jsonb_to_recordset($1::jsonb) AS t(schema text, name text, columns text[])
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
    LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name AND c.relkind IN ('r', 'p')
)
SELECT true AS moved, format('table %s: main has no such table any longer', w.name) AS problem
FROM wanted w
WHERE w.oid IS NULL
UNION ALL
SELECT true, format('table %s: main has no column %I any longer', w.name, k)
FROM wanted w, unnest(w.columns) AS k
WHERE w.oid IS NOT NULL
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                  WHERE a.attrelid = w.oid AND a.attname = k AND a.attnum > 0 AND NOT a.attisdropped)
UNION ALL
SELECT false, format('table %s: %I may not read it in main', w.name, current_user)
FROM wanted w
WHERE w.oid IS NOT NULL
  AND NOT (pg_catalog.has_schema_privilege(w.namespace, 'USAGE')
           AND (pg_catalog.has_table_privilege(w.oid, 'SELECT')
                OR NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                               WHERE a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
                                 AND a.attname = ANY (w.columns::name[])
                                 AND NOT pg_catalog.has_column_privilege(w.oid, a.attnum, 'SELECT'))))
UNION ALL
SELECT false, format('table %s: row security hides rows of main from %I', w.name, current_user)
FROM wanted w
WHERE w.oid IS NOT NULL AND pg_catalog.row_security_active(w.oid);
