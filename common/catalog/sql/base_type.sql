-- A column that not every server version has is asked for by way of to_jsonb, which answers NULL where it is missing.
-- A base type and its functions need each other: the functions are made for the type as a shell.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, t.typname AS name, NULL AS signature,
       pg_get_userbyid(t.typowner) AS owner,
       format('CREATE TYPE %I.%I (', n.nspname, t.typname)
       || concat_ws(', ',
            'INPUT = ' || t.typinput::regproc,
            'OUTPUT = ' || t.typoutput::regproc,
            CASE WHEN t.typreceive::oid <> 0 THEN 'RECEIVE = ' || t.typreceive::regproc END,
            CASE WHEN t.typsend::oid <> 0 THEN 'SEND = ' || t.typsend::regproc END,
            CASE WHEN t.typmodin::oid <> 0 THEN 'TYPMOD_IN = ' || t.typmodin::regproc END,
            CASE WHEN t.typmodout::oid <> 0 THEN 'TYPMOD_OUT = ' || t.typmodout::regproc END,
            CASE WHEN t.typanalyze::oid <> 0 THEN 'ANALYZE = ' || t.typanalyze::regproc END,
            'SUBSCRIPT = ' || nullif((SELECT to_jsonb(x)->>'typsubscript' FROM pg_type x WHERE x.oid = t.oid), '-'),
            'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::text END,
            CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
            'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4'
                                              ELSE 'double' END,
            'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended'
                                              ELSE 'main' END,
            CASE WHEN t.typcategory <> 'U' THEN 'CATEGORY = ' || quote_literal(t.typcategory::text) END,
            CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
            'DEFAULT = ' || quote_literal(t.typdefault),
            CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END,
            CASE WHEN t.typdelim <> ',' THEN 'DELIMITER = ' || quote_literal(t.typdelim::text) END,
            CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END)
       || ')' AS definition
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'b'
  AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = t.oid AND element.typarray <> 0)
  AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
                    AND d.refclassid = 'pg_extension'::regclass);
