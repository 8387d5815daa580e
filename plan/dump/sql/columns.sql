-- What pg_dump does not say of columns: their numbers and those of their defaults, by which pg_depend names them, and the
-- type and NOT NULL of those that come from a parent or a type. NOT NULL has a
-- constraint from PostgreSQL 18 on. `key` is the entry's address:
-- a composite type's is its type.
SELECT CASE c.relkind WHEN 'c' THEN c.reltype ELSE c.oid END AS key, c.oid AS relation, a.attnum AS number,
       a.attname AS name, d.oid AS default_object, a.attislocal AS local,
       CASE WHEN a.attinhcount > 0 OR c.reloftype <> 0 THEN format_type(a.atttypid, a.atttypmod) END AS type,
       CASE WHEN (a.attinhcount > 0 OR c.reloftype <> 0) AND a.attcollation <> t.typcollation
            THEN (SELECT format('%I.%I', n.nspname, l.collname)
                  FROM pg_collation l
                  JOIN pg_namespace n ON n.oid = l.collnamespace
                  WHERE l.oid = a.attcollation) END AS collation,
       CASE WHEN a.attinhcount > 0 OR c.reloftype <> 0 THEN a.attnotnull ELSE false END::text AS not_null,
       CASE WHEN nn.own THEN nn.conname END AS not_null_name,
       CASE WHEN NOT nn.own THEN nn.conname END AS not_null_inherited_name,
       CASE WHEN nn.own AND nn.connoinherit THEN 'true' END AS not_null_no_inherit,
       CASE WHEN NOT nn.convalidated THEN 'false' END AS not_null_validated,
       nn.description AS not_null_comment,
       CASE WHEN a.attinhcount > 0 AND to_jsonb(a)->>'attgenerated' <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS generated,
       CASE WHEN a.attinhcount > 0
            THEN CASE to_jsonb(a)->>'attgenerated' WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END
       END AS generated_kind
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN (SELECT k.*, CASE WHEN k.coninhcount = 0 THEN true WHEN p.relispartition THEN false ELSE k.conislocal END AS own,
                  de.description
           FROM pg_constraint k
           JOIN pg_class p ON p.oid = k.conrelid
           LEFT JOIN pg_description de ON de.classoid = 'pg_constraint'::regclass AND de.objoid = k.oid AND de.objsubid = 0
           WHERE k.contype = 'n') nn
       ON nn.conrelid = a.attrelid AND nn.conkey[1] = a.attnum
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'f', 'c')
  AND c.relpersistence <> 't'
  AND c.relnamespace = ANY (current_setting('pgsyncer.namespaces')::oid[])
ORDER BY 1, a.attnum;
