-- What rows must be like for constraints, unique indexes, NOT NULL columns and partitions of this database, in pieces of
-- SQL over a row source that has the table's columns. $1 ... $4: kind (constraint, index, not null, partition), schema,
-- table, name (of the constraint, index or column). The rows that break it are
--     SELECT example FROM SOURCE AS alias WHERE bad                          kind check, exclude
--     SELECT example FROM SOURCE AS alias WHERE bad (... PARENT AS p bad_tail  kind foreign key, exclude
--     GROUP BY groups HAVING count(*) > 1                                    kind unique, with WHERE counted
WITH asked AS (
    SELECT a.number, a.kind, a.name, c.oid AS relid, c.relkind, c.relname
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS a (kind, schema, "table", name, number)
    JOIN pg_namespace n ON n.nspname = a.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = a."table"
), key AS (
    SELECT DISTINCT ON (i.indrelid) i.indrelid,
           ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                 WHERE k.n <= i.indkey_count ORDER BY k.n) AS columns
    FROM (SELECT x.*, coalesce((to_jsonb(x) ->> 'indnkeyatts')::int, x.indnatts) AS indkey_count FROM pg_index x) i
    WHERE i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
      AND i.indrelid IN (SELECT relid FROM asked)
      AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) k JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k
                      WHERE NOT a.attnotnull)
    ORDER BY i.indrelid, i.indisprimary DESC, i.indexrelid
), check_rule AS (
    SELECT a.number, 'check' AS kind, format('(%s) IS FALSE', pg_get_expr(k.conbin, k.conrelid)) AS bad,
           format('%s for every row', pg_get_constraintdef(k.oid)) AS condition, k.connoinherit AS alone
    FROM asked a
    JOIN pg_constraint k ON a.kind = 'constraint' AND k.conrelid = a.relid AND k.conname = a.name AND k.contype = 'c'
    UNION ALL
    SELECT a.number, 'check', format('%I IS NULL', a.name), format('no NULL in %I', a.name), false
    FROM asked a
    WHERE a.kind = 'not null'
    UNION ALL
    SELECT a.number, CASE WHEN p.definition LIKE '%satisfies_hash_partition(%' THEN 'hash' ELSE 'check' END,
           format('(%s) IS FALSE', p.definition), 'every row within the bounds of the partition', true
    FROM asked a, pg_get_partition_constraintdef(a.relid) AS p (definition)
    WHERE a.kind = 'partition' AND p.definition IS NOT NULL
), foreign_rule AS (
    SELECT a.number, k.confrelid, r.columns, r.types, r.parent_columns, r.matches, r.names,
           CASE WHEN k.confmatchtype = 'f' THEN format('(%s) AND NOT (%s AND EXISTS (SELECT FROM ', r.some, r.present)
                ELSE format('%s AND NOT (EXISTS (SELECT FROM ', r.present) END AS bad,
           CASE WHEN coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) THEN 'period' ELSE 'foreign key' END AS kind,
           format('every (%s) in %s (%s)', r.names, k.confrelid::regclass, r.parent_names) AS condition
    FROM asked a
    JOIN pg_constraint k ON a.kind = 'constraint' AND k.conrelid = a.relid AND k.conname = a.name AND k.contype = 'f'
    CROSS JOIN LATERAL (
        SELECT array_agg(f.attname::text ORDER BY u.n) AS columns,
               array_agg(format_type(p.atttypid, p.atttypmod) ORDER BY u.n) AS types,
               array_agg(p.attname::text ORDER BY u.n) AS parent_columns,
               string_agg(quote_ident(f.attname), ', ' ORDER BY u.n) AS names,
               string_agg(quote_ident(p.attname), ', ' ORDER BY u.n) AS parent_names,
               string_agg(format('f.%I IS NOT NULL', f.attname), ' AND ' ORDER BY u.n) AS present,
               string_agg(format('f.%I IS NOT NULL', f.attname), ' OR ' ORDER BY u.n) AS some,
               array_agg(format('p.%I%s OPERATOR(%I.%s) ', p.attname, l.collate, s.nspname, o.oprname) ORDER BY u.n) AS matches
        FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY AS u (f, p, op, n)
        JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = u.f
        JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = u.p
        JOIN pg_operator o ON o.oid = u.op
        JOIN pg_namespace s ON s.oid = o.oprnamespace
        LEFT JOIN LATERAL ( -- as the server does: that of the referenced column decides
            SELECT format(' COLLATE %I.%I', w.nspname, c.collname) AS collate
            FROM pg_collation c
            JOIN pg_namespace w ON w.oid = c.collnamespace
            WHERE c.oid = p.attcollation AND p.attcollation <> f.attcollation) l ON true) r
), indexes AS (
    SELECT a.number, i.indexrelid, coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts) AS key_count,
           i.indcollation::oid[] AS collations, pg_get_expr(i.indpred, i.indrelid) AS predicate, k.conexclop,
           coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_count
    FROM asked a
    LEFT JOIN pg_constraint k ON a.kind = 'constraint' AND k.conrelid = a.relid AND k.conname = a.name AND k.contype IN ('p', 'u', 'x')
    LEFT JOIN pg_class c ON a.kind = 'index' AND c.relname = a.name AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = a.relid)
    JOIN pg_index i ON i.indexrelid = coalesce(k.conindid, c.oid) AND i.indrelid = a.relid AND (i.indisunique OR k.contype = 'x')
), index_rule AS (
    SELECT i.number, i.conexclop IS NOT NULL AS excludes, i.predicate, i.nulls_count, r.*
    FROM indexes i
    CROSS JOIN LATERAL (
        SELECT array_agg(e.text ORDER BY n) AS expressions,
               array_agg(format_type(t.atttypid, t.atttypmod) ORDER BY n) AS types,
               string_agg(e.text || ' IS NOT NULL', ' AND ' ORDER BY n) AS present,
               string_agg(format('%s AS e%s', e.text, n), ', ' ORDER BY n) AS selected,
               string_agg(format('a.e%s::text', n), ', ' ORDER BY n) AS shown,
               string_agg(e.text, ', ' ORDER BY n) AS names,
               string_agg(CASE WHEN o.oid IS NOT NULL THEN format('a.e%1$s OPERATOR(%2$I.%3$s) b.e%1$s', n, s.nspname, o.oprname) END,
                          ' AND ' ORDER BY n) AS matches,
               coalesce(bool_and(o.oprcanhash), true) AS all_equal
        FROM generate_series(1, i.key_count) AS n
        JOIN pg_attribute t ON t.attrelid = i.indexrelid AND t.attnum = n
        LEFT JOIN pg_collation co ON co.oid = i.collations[n - 1] AND (to_jsonb(co) ->> 'collisdeterministic') = 'false'
        LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
        LEFT JOIN pg_operator o ON o.oid = i.conexclop[n]
        LEFT JOIN pg_namespace s ON s.oid = o.oprnamespace
        CROSS JOIN LATERAL (SELECT pg_get_indexdef(i.indexrelid, n, true) || CASE WHEN co.oid IS NOT NULL THEN format(' COLLATE %I.%I', cn.nspname, co.collname) ELSE '' END AS text) e) r
), piece AS (
    SELECT number, kind, bad, NULL AS bad_tail, condition, alone, NULL::text[] AS groups, NULL::text[] AS types, NULL AS counted,
           NULL::oid AS parent, NULL::text[] AS columns, NULL::text[] AS matches, NULL::text[] AS parent_columns
    FROM check_rule
    UNION ALL
    SELECT number, kind, bad,
           ' WHERE ' || (SELECT string_agg(format('%sf.%I', m, c), ' AND ') FROM unnest(matches, columns) AS x (m, c)) || '))',
           condition, true, NULL, types, NULL, confrelid, columns, matches, parent_columns
    FROM foreign_rule
    UNION ALL
    SELECT number, CASE WHEN excludes AND NOT all_equal THEN 'exclude' ELSE 'unique' END,
           format('EXISTS (SELECT FROM (SELECT ctid, tableoid, %s FROM ', selected),
           format('%s) AS b WHERE (b.tableoid, b.ctid) <> (a.tableoid, a.ctid) AND %s)', ' WHERE ' || predicate, matches),
           format(CASE WHEN excludes AND NOT all_equal THEN 'no two rows that exclude each other in (%s)%s' ELSE 'no (%s) twice%s' END,
                  names, ' where ' || predicate),
           true, expressions, types,
           concat_ws(' AND ', '(' || predicate || ')', CASE WHEN NOT nulls_count THEN present END), NULL, NULL,
           ARRAY[selected, coalesce(' WHERE ' || predicate, ''), shown], NULL
    FROM index_rule
)
SELECT p.number - 1 AS number, p.kind, p.bad, p.bad_tail, p.condition, (p.alone AND a.relkind <> 'p')::text AS alone,
       p.groups::text, p.types::text, p.counted,
       CASE WHEN p.parent IS NOT NULL THEN pn.nspname END AS parent_schema, pc.relname AS parent_table,
       (pc.relkind IS DISTINCT FROM 'p')::text AS parent_only,
       p.columns::text, p.matches::text, p.parent_columns::text,
       key.columns::text AS key,
       (SELECT array_agg(format_type(x.atttypid, x.atttypmod) ORDER BY k.n)::text
        FROM unnest(key.columns) WITH ORDINALITY AS k (name, n)
        JOIN pg_attribute x ON x.attrelid = a.relid AND x.attname = k.name) AS key_types
FROM piece p
JOIN asked a ON a.number = p.number
LEFT JOIN key ON key.indrelid = a.relid
LEFT JOIN pg_class pc ON pc.oid = p.parent
LEFT JOIN pg_namespace pn ON pn.oid = pc.relnamespace
ORDER BY p.number;
