-- How main's table is reached through the foreign server. $1: {"server":..., "schema":..., "name":..., "columns":[...], "key":[...],
-- "fetch_size":...}.
-- made: the statement that makes pg_temp.pgsyncer_main, with the types that the columns of the stand-in's table have, of a
-- domain those beneath it, so that conditions on them can be sent.
-- condition: that the key is one of those wanted from number $1 to before $2, in the columns whose conditions postgres_fdw
-- sends to main (those of built-in types); NULL where there are none. What the subqueries give are the parameters of the
-- remote query: an array, or, where all of several columns can be sent, each key by itself, so that main looks up no
-- other combinations.
-- keys: $2 - $1 at most.
WITH RECURSIVE asked AS (
    SELECT r.* FROM jsonb_to_record($1::jsonb) AS r(server text, schema text, name text, columns jsonb, key jsonb, fetch_size text)
), named AS (
    SELECT c.position, a.attname AS name, a.atttypid AS type, a.atttypmod AS typmod
    FROM asked
    JOIN pg_catalog.pg_namespace n ON n.nspname = asked.schema
    JOIN pg_catalog.pg_class t ON t.relnamespace = n.oid AND t.relname = asked.name
    CROSS JOIN LATERAL jsonb_array_elements_text(asked.columns) WITH ORDINALITY AS c(name, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = c.name AND a.attnum > 0
), typed AS (
    SELECT * FROM named
    UNION ALL
    SELECT c.position, c.name, d.typbasetype, d.typtypmod
    FROM typed c
    JOIN pg_catalog.pg_type d ON d.oid = c.type AND d.typtype = 'd'
), based AS (
    SELECT c.position, c.name, pg_catalog.format_type(c.type, c.typmod) AS type,
           pg_catalog.format_type(c.type, -1) AS element, t.typcollation <> 0 AS collates,
           t.oid < 10000 AND NOT (t.typelem <> 0 AND t.typlen = -1) AS built_in
    FROM typed c
    JOIN pg_catalog.pg_type t ON t.oid = c.type AND t.typtype <> 'd'
), key_column AS (
    SELECT k.position - 1 AS number, b.name, b.element, b.built_in,
           CASE WHEN b.collates THEN ' COLLATE pg_catalog."default"' ELSE '' END AS collate
    FROM asked
    CROSS JOIN LATERAL jsonb_array_elements_text(asked.key) WITH ORDINALITY AS k(name, position)
    JOIN based b ON b.name = k.name
), lookup AS (
    SELECT count(*) > 1 AND bool_and(k.built_in) AS one_by_one, greatest(200 / greatest(count(*), 1), 1) AS at_a_time FROM key_column k
)
SELECT format('CREATE FOREIGN TABLE pg_temp.pgsyncer_main (%s) SERVER %I OPTIONS (schema_name %L, table_name %L, fetch_size %L)',
              (SELECT string_agg(format('%I %s', b.name, b.type), ', ' ORDER BY b.position) FROM based b),
              asked.server, asked.schema, asked.name, asked.fetch_size) AS made,
       CASE WHEN lookup.one_by_one
            THEN (SELECT string_agg((SELECT format('(%s)', string_agg(format('t.%I = (SELECT w.k%s::%s%s FROM pg_temp.pgsyncer_wanted AS w '
                                                                             'WHERE w.n = $1::int8 + %s)', k.name, k.number, k.element, k.collate, i), ' AND '))
                                     FROM key_column k), ' OR ')
                  FROM generate_series(0, lookup.at_a_time - 1) i)
            ELSE (SELECT string_agg(format('t.%I = ANY ((SELECT array_agg(w.k%s::%s%s) FROM pg_temp.pgsyncer_wanted AS w '
                                           'WHERE w.n >= $1 AND w.n < $2)::%s[])', k.name, k.number, k.element, k.collate, k.element), ' AND ')
                  FROM key_column k
                  WHERE k.built_in) END AS condition,
       CASE WHEN lookup.one_by_one THEN lookup.at_a_time ELSE 1000 END AS keys
FROM asked, lookup;
