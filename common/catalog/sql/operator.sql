-- An operator without a function is a shell that another one's COMMUTATOR or NEGATOR made.
SELECT 'pg_operator'::regclass::oid AS classid, o.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, o.oprname AS name, format('(%s, %s)', coalesce(format_type(nullif(o.oprleft, 0), NULL), 'NONE'),
              coalesce(format_type(nullif(o.oprright, 0), NULL), 'NONE')) AS signature,
       pg_get_userbyid(o.oprowner) AS owner,
       format('CREATE OPERATOR %I.%s (', n.nspname, o.oprname)
       || concat_ws(', ',
            'PROCEDURE = ' || o.oprcode::regproc,
            'LEFTARG = ' || format_type(nullif(o.oprleft, 0), NULL),
            'RIGHTARG = ' || format_type(nullif(o.oprright, 0), NULL),
            CASE WHEN o.oprcom <> 0 THEN format('COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, com.oprname) END,
            CASE WHEN o.oprnegate <> 0 THEN format('NEGATOR = OPERATOR(%I.%s)', nn.nspname, neg.oprname) END,
            CASE WHEN o.oprrest::oid <> 0 THEN 'RESTRICT = ' || o.oprrest::regproc END,
            CASE WHEN o.oprjoin::oid <> 0 THEN 'JOIN = ' || o.oprjoin::regproc END,
            CASE WHEN o.oprcanhash THEN 'HASHES' END,
            CASE WHEN o.oprcanmerge THEN 'MERGES' END)
       || ')' AS definition
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
LEFT JOIN pg_operator com ON com.oid = o.oprcom
LEFT JOIN pg_namespace cn ON cn.oid = com.oprnamespace
LEFT JOIN pg_operator neg ON neg.oid = o.oprnegate
LEFT JOIN pg_namespace nn ON nn.oid = neg.oprnamespace
WHERE o.oprcode::oid <> 0
  AND n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e');
