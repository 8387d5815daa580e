-- What ALTER OPERATOR FAMILY ... ADD gave to families that are no objects here: the system's own, and those of extensions.
-- A member that an extension's script added is not recorded as the extension's: it shows in what the member is made of,
-- which is the extension's or, in an extension's own family, at least nobody else's.
WITH members AS (
    SELECT 'pg_amop'::regclass::oid AS classid, m.oid, m.amopfamily AS family, m.amoplefttype AS lefttype,
           m.amoprighttype AS righttype, 'pg_operator'::regclass::oid AS used_class, m.amopopr AS used, o.oprnamespace AS namespace,
           format('OPERATOR %s', m.amopstrategy) AS kind, format('%I.%s', s.nspname, o.oprname) AS name,
           CASE WHEN m.amopsortfamily <> 0
                THEN (SELECT format(' FOR ORDER BY %I.%I', fs.nspname, f.opfname)
                      FROM pg_opfamily f
                      JOIN pg_namespace fs ON fs.oid = f.opfnamespace
                      WHERE f.oid = m.amopsortfamily) END AS sorting
    FROM pg_amop m
    JOIN pg_operator o ON o.oid = m.amopopr
    JOIN pg_namespace s ON s.oid = o.oprnamespace
    WHERE m.oid >= 16384
    UNION ALL
    SELECT 'pg_amproc'::regclass, m.oid, m.amprocfamily, m.amproclefttype, m.amprocrighttype, 'pg_proc'::regclass,
           p.oid, p.pronamespace, format('FUNCTION %s', m.amprocnum), NULL, ' ' || p.oid::regprocedure
    FROM pg_amproc m
    JOIN pg_proc p ON p.oid = m.amproc
    WHERE m.oid >= 16384
), extension_members AS (
    SELECT d.classid, d.objid, d.refobjid AS extension
    FROM pg_depend d
    WHERE d.deptype = 'e'
)
SELECT m.classid, m.oid AS objid, 0 AS objsubid,
       CASE WHEN e.extension IS NOT NULL THEN 'pg_extension'::regclass::oid END AS parent_classid,
       e.extension AS parent_objid,
       CASE WHEN e.extension IS NOT NULL THEN 0 END AS parent_objsubid,
       NULL AS schema, NULL AS name,
       format('%s%s (%s, %s) of %s', CASE WHEN e.extension IS NOT NULL THEN ' ' END, m.kind, t.lefttype, t.righttype, t.family) AS signature,
       t.family,
       format('%s %s(%s, %s)%s', m.kind, m.name, t.lefttype, t.righttype, m.sorting) AS definition
FROM members m
JOIN pg_opfamily f ON f.oid = m.family
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am am ON am.oid = f.opfmethod
LEFT JOIN extension_members e ON e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid
CROSS JOIN LATERAL (SELECT format_type(m.lefttype, NULL) AS lefttype, format_type(m.righttype, NULL) AS righttype,
                           format('%I.%I USING %I', n.nspname, f.opfname, am.amname) AS family) t
WHERE NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = m.classid AND d.objid = m.oid AND d.refclassid = 'pg_opclass'::regclass)
  AND (f.oid < 16384 OR (e.extension IS NOT NULL AND m.used >= 16384))
  AND (current_setting('pgsyncer.whole_database')::bool
       OR m.namespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]))
  AND NOT EXISTS (SELECT FROM extension_members x
                  WHERE (x.classid = m.used_class AND x.objid = m.used)
                     OR (x.classid = 'pg_type'::regclass AND x.objid IN (m.lefttype, m.righttype)));
