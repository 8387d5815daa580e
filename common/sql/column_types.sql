-- How the values of types go into the row's fingerprint (docs/fingerprints.md), and what a key may be made of. $1, $2: a
-- column of each type, by its table's oid and its number. In psql: \bind '{1259}' '{2}' \g
WITH RECURSIVE form (base, form, send) AS (
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
), asked AS (
    SELECT q.number, (SELECT a.atttypid FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = q.attrelid AND a.attnum = q.attnum) AS type
    FROM unnest($1::oid[], $2::int2[]) WITH ORDINALITY q (attrelid, attnum, number)
), chain (number, type) AS (
    SELECT a.number, a.type FROM asked a
    UNION ALL
    SELECT c.number, t.typbasetype FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.type AND t.typtype = 'd'
)
SELECT coalesce(f.form, 'text') AS form,
       f.send,
       CASE WHEN t.oid <> a.type THEN true END AS is_domain,
       CASE WHEN t.oid <> a.type AND t.typtype = 'e' THEN true END AS is_domain_over_enum,
       -- Every server sorts these alike, and width_bucket() finds its place among them by bisection.
       CASE WHEN a.type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'oid'::regtype, 'date'::regtype,
                            'time'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'uuid'::regtype)
            THEN true END AS sorts_alike
FROM asked a
JOIN chain c ON c.number = a.number
JOIN pg_catalog.pg_type t ON t.oid = c.type AND t.typtype <> 'd'
LEFT JOIN form f ON f.base = t.oid
ORDER BY a.number;
