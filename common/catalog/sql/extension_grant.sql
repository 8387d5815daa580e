-- Privileges on members of extensions that differ from those that CREATE EXTENSION left (pg_init_privs), which are in
-- `initial`. `on` is how GRANT names the member.
WITH acls AS (
    SELECT m.classid, m.objid, 0 AS objsubid, m.refobjid AS extension, coalesce(a.granted, a.by_default) AS granted,
           coalesce(i.initprivs, a.by_default) AS initial, a.on
    FROM pg_depend m
    JOIN (SELECT 'pg_proc'::regclass::oid AS classid, oid AS objid, proacl AS granted,
                 acldefault('f', proowner) AS by_default,
                 '' AS on
          FROM pg_proc
          UNION ALL
          SELECT 'pg_class'::regclass, oid, relacl,
                 acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner),
                 CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END
          FROM pg_class
          WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
          UNION ALL
          SELECT 'pg_type'::regclass, oid, typacl, acldefault('T', typowner), 'TYPE'
          FROM pg_type
          UNION ALL
          SELECT 'pg_namespace'::regclass, oid, nspacl, acldefault('n', nspowner), 'SCHEMA'
          FROM pg_namespace
          UNION ALL
          SELECT 'pg_language'::regclass, oid, lanacl, acldefault('l', lanowner), 'LANGUAGE'
          FROM pg_language
          UNION ALL
          SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwacl, acldefault('F', fdwowner), 'FOREIGN DATA WRAPPER'
          FROM pg_foreign_data_wrapper) a ON a.classid = m.classid AND a.objid = m.objid
    LEFT JOIN pg_init_privs i ON i.classoid = m.classid AND i.objoid = m.objid AND i.objsubid = 0
    WHERE m.deptype = 'e'
      AND (a.granted IS NOT NULL OR i.initprivs IS NOT NULL)
      AND coalesce(a.granted, a.by_default) <> coalesce(i.initprivs, a.by_default)
), entries AS (
    SELECT a.classid, a.objid, s.initial, e.grantee,
           string_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END, ','
                      ORDER BY e.privilege_type COLLATE "C") AS privileges
    FROM acls a
    CROSS JOIN (VALUES (false), (true)) s (initial)
    CROSS JOIN aclexplode(CASE WHEN s.initial THEN a.initial ELSE a.granted END) e
    GROUP BY 1, 2, 3, 4
)
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       'pg_extension'::regclass::oid AS parent_classid, x.extension AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, NULL AS name, format(' %s to %I', x.on, x.grantee) AS signature,
       x.on, x.grantee, x.privileges, x.initial
FROM (SELECT a.extension,
             CASE WHEN a.on <> '' THEN a.on WHEN o.type = 'procedure' THEN 'PROCEDURE' ELSE 'FUNCTION' END
             || ' ' || o.identity AS on,
             CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END AS grantee,
             coalesce(now.privileges, '') AS privileges, coalesce(before.privileges, '') AS initial
      FROM acls a
      CROSS JOIN pg_identify_object(a.classid, a.objid, 0) o
      JOIN (SELECT DISTINCT classid, objid, grantee FROM entries) g ON g.classid = a.classid AND g.objid = a.objid
      LEFT JOIN entries now ON now.classid = a.classid AND now.objid = a.objid AND now.grantee = g.grantee
                           AND NOT now.initial
      LEFT JOIN entries before ON before.classid = a.classid AND before.objid = a.objid AND before.grantee = g.grantee
                              AND before.initial
      WHERE now.privileges IS DISTINCT FROM before.privileges) x;
