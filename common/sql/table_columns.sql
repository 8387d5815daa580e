-- The columns of the tables of tables.sql: how each goes into the row's fingerprint (docs/fingerprints.md), and its
-- place in the key. A key is the primary key, else the replica identity, else the unique index with the fewest columns,
-- over columns that are not null and not generated, without predicate or expression, and not deferrable.
WITH RECURSIVE chosen AS (
    SELECT c.oid
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r'
      AND c.relpersistence <> 't'
      AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
), domain (oid, base) AS (
    SELECT t.oid, t.typbasetype FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT d.oid, t.typbasetype FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.base AND t.typtype = 'd'
), attribute AS (
    SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attidentity, a.attnotnull, a.attgenerated,
           a.attcollation, coalesce(d.base, a.atttypid) AS base, d.oid IS NOT NULL AND a.attcollation <> d.typcollation AS recollated
    FROM pg_catalog.pg_attribute a
    JOIN chosen c ON c.oid = a.attrelid
    LEFT JOIN (SELECT d.oid, d.base, y.typcollation
               FROM domain d
               JOIN pg_catalog.pg_type t ON t.oid = d.base AND t.typtype <> 'd'
               JOIN pg_catalog.pg_type y ON y.oid = d.oid) d
           ON d.oid = a.atttypid
    WHERE a.attnum > 0 AND NOT a.attisdropped
), form (base, form, send) AS (
    -- The hash is as exact as the text.
    SELECT v.type::regtype::oid, 'value', NULL
    FROM (VALUES ('bool'), ('"char"'), ('name'), ('bytea'), ('int2'), ('int4'), ('oid'), ('date'), ('uuid')) v (type)
    UNION ALL
    -- The binary form is, and is quick to make.
    SELECT s.type::regtype::oid, 'send', s.send
    FROM (VALUES ('int8', 'int8send'), ('float4', 'float4send'), ('float8', 'float8send'),
                 ('numeric', 'numeric_send'), ('money', 'cash_send'), ('bpchar', 'bpcharsend'),
                 ('time', 'time_send'), ('timetz', 'timetz_send'), ('timestamp', 'timestamp_send'),
                 ('timestamptz', 'timestamptz_send'), ('interval', 'interval_send'), ('jsonb', 'jsonb_send'),
                 ('inet', 'inet_send'), ('cidr', 'cidr_send'), ('xml', 'xml_send'),
                 -- Servers before 12 print other texts of floats.
                 ('point', 'point_send'), ('line', 'line_send'), ('lseg', 'lseg_send'), ('box', 'box_send'),
                 ('path', 'path_send'), ('polygon', 'poly_send'), ('circle', 'circle_send'),
                 ('float4[]', 'array_send'), ('float8[]', 'array_send')) s (type, send)
    UNION ALL
    -- A cast to text that is not the type's output function may print something else than COPY does.
    SELECT t.castsource, 'output', NULL
    FROM pg_catalog.pg_cast t
    JOIN pg_catalog.pg_type s ON s.oid = t.castsource
    JOIN pg_catalog.pg_proc p ON p.oid = s.typoutput
    WHERE t.casttarget = 'text'::regtype
      AND (t.castmethod = 'f' OR (t.castmethod = 'b' AND p.prosrc NOT IN ('textout', 'varcharout')))
      AND t.castsource NOT IN ('bool'::regtype, 'name'::regtype, '"char"'::regtype, 'bpchar'::regtype,
                               'inet'::regtype, 'cidr'::regtype, 'xml'::regtype)
), other_class (oids) AS (
    -- Operator classes whose equality is not =.
    SELECT array_agg(o.oid)
    FROM pg_catalog.pg_opclass o
    JOIN pg_catalog.pg_amop m ON m.amopfamily = o.opcfamily AND m.amopstrategy = 3
                              AND m.amoplefttype = o.opcintype AND m.amoprighttype = o.opcintype
    JOIN pg_catalog.pg_operator e ON e.oid = m.amopopr
    WHERE e.oprname <> '='
), key AS (
    SELECT DISTINCT ON (i.indrelid) i.*
    FROM pg_catalog.pg_index i
    JOIN chosen c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    WHERE i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate AND NOT i.indisexclusion
      AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (SELECT FROM attribute a
                      WHERE a.attrelid = i.indrelid
                        AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                        AND (NOT a.attnotnull OR a.attgenerated <> ''))
      -- A NOT NULL that is not valid (PostgreSQL 18) says nothing about the rows that are there.
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint n
                      WHERE n.conrelid = i.indrelid AND n.contype = 'n' AND NOT n.convalidated
                        AND n.conkey[1] = ANY (i.indkey::int2[]))
      -- = is not found for domains over enums.
      AND NOT EXISTS (SELECT FROM attribute a
                      JOIN pg_catalog.pg_type e ON e.oid = a.base AND e.typtype = 'e'
                      WHERE a.attrelid = i.indrelid AND a.base <> a.atttypid
                        AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
      -- What its index takes for different, = must too: it finds the rows.
      AND NOT coalesce(i.indclass::oid[] && (SELECT o.oids FROM other_class o), false)
      AND NOT EXISTS (SELECT FROM attribute a
                      JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND NOT l.collisdeterministic
                      WHERE a.attrelid = i.indrelid
                        AND EXISTS (SELECT FROM generate_series(0, i.indnkeyatts - 1) p
                                    WHERE i.indkey[p] = a.attnum AND i.indcollation[p] <> a.attcollation))
    ORDER BY i.indrelid, i.indisprimary DESC, i.indisreplident DESC, i.indnkeyatts, x.relname::text COLLATE "C"
), key_column AS (
    SELECT k.indrelid, k.indkey[p] AS attnum, p AS position, nullif(n.nspname, 'pg_catalog') AS equality_schema
    FROM key k
    CROSS JOIN LATERAL generate_series(0, k.indnkeyatts - 1) p
    JOIN pg_catalog.pg_opclass c ON c.oid = k.indclass[p]
    LEFT JOIN pg_catalog.pg_amop o ON o.amopfamily = c.opcfamily AND o.amopstrategy = 3
                                  AND o.amoplefttype = c.opcintype AND o.amoprighttype = c.opcintype
    LEFT JOIN pg_catalog.pg_operator e ON e.oid = o.amopopr
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.oprnamespace
), other_unique AS (
    SELECT i.indexrelid, i.indrelid, i.indkey
    FROM pg_catalog.pg_index i
    JOIN chosen c ON c.oid = i.indrelid
    WHERE (i.indisunique OR i.indisexclusion)
      AND NOT EXISTS (SELECT FROM key k WHERE k.indexrelid = i.indexrelid)
), unique_column AS (
    SELECT u.indrelid, k.attnum::int4 AS attnum
    FROM other_unique u
    CROSS JOIN LATERAL unnest(u.indkey::int2[]) k (attnum)
    UNION
    SELECT u.indrelid, d.refobjsubid
    FROM other_unique u
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = u.indexrelid
                               AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = u.indrelid
)
SELECT a.attrelid AS table_oid,
       a.attname AS name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       coalesce(f.form, 'text') AS form,
       f.send,
       nullif(a.attgenerated <> '', false) AS generated,
       nullif(a.attidentity = 'a', false) AS identity_always,
       CASE WHEN u.attnum IS NOT NULL THEN true END AS "unique",
       k.position AS key_position,
       k.equality_schema,
       CASE WHEN k.position IS NOT NULL AND a.recollated THEN (
           SELECT format('%I.%I', n.nspname, l.collname)
           FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
           WHERE l.oid = a.attcollation) END AS key_collation,
       -- Every server sorts these alike, and width_bucket() finds its place among them by bisection.
       CASE WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'oid'::regtype, 'date'::regtype,
                                'time'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'uuid'::regtype)
            THEN true END AS sorts_alike
FROM attribute a
LEFT JOIN form f ON f.base = a.base
LEFT JOIN key_column k ON k.indrelid = a.attrelid AND k.attnum = a.attnum
LEFT JOIN unique_column u ON u.indrelid = a.attrelid AND u.attnum = a.attnum
ORDER BY a.attrelid, a.attnum;
