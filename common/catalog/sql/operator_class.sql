SELECT 'pg_opclass'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, c.opcname AS name, ' USING ' || quote_ident(am.amname) AS signature,
       pg_get_userbyid(c.opcowner) AS owner,
       format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS ', n.nspname, c.opcname,
              CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END, format_type(c.opcintype, NULL), am.amname,
              fn.nspname, f.opfname)
       || coalesce(nullif(concat_ws(', ', CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL) END,
                             members.list), ''),
                   'STORAGE ' || format_type(c.opcintype, NULL)) AS definition
FROM pg_opclass c
JOIN pg_am am ON am.oid = c.opcmethod
JOIN pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace fn ON fn.oid = f.opfnamespace
LEFT JOIN (SELECT refobjid, string_agg(member, ', ' ORDER BY kind, number, format_type(lefttype, NULL) COLLATE "C", format_type(righttype, NULL) COLLATE "C") AS list
           FROM (SELECT d.refobjid, 1 AS kind, m.amopstrategy AS number, m.amoplefttype AS lefttype, m.amoprighttype AS righttype,
                  format('OPERATOR %s %I.%s(%s, %s)', m.amopstrategy, s.nspname, o.oprname,
                         format_type(m.amoplefttype, NULL), format_type(m.amoprighttype, NULL))
                  || CASE WHEN m.amopsortfamily <> 0
                          THEN format(' FOR ORDER BY %I.%I', fs.nspname, f.opfname) ELSE '' END AS member
           FROM pg_depend d
           JOIN pg_amop m ON m.oid = d.objid
           JOIN pg_operator o ON o.oid = m.amopopr
           JOIN pg_namespace s ON s.oid = o.oprnamespace
           LEFT JOIN pg_opfamily f ON f.oid = m.amopsortfamily
           LEFT JOIN pg_namespace fs ON fs.oid = f.opfnamespace
           WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass
           UNION ALL
           SELECT d.refobjid, 2, m.amprocnum, m.amproclefttype, m.amprocrighttype,
                  format('FUNCTION %s (%s, %s) %s', m.amprocnum, format_type(m.amproclefttype, NULL),
                         format_type(m.amprocrighttype, NULL), m.amproc::regprocedure)
           FROM pg_depend d
           JOIN pg_amproc m ON m.oid = d.objid
           WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = 'pg_opclass'::regclass) m
           GROUP BY refobjid) members ON members.refobjid = c.oid
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_opclass'::regclass AND d.objid = c.oid AND d.deptype = 'e');
