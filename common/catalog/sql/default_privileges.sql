-- ALTER DEFAULT PRIVILEGES: one row per role, schema, kind of object and grantee whose privileges are not the built-in
-- ones, which are in `initial` (a list within a schema adds to those, so that there `initial` is empty).
WITH acls AS (
    SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, d.defaclacl AS granted,
           CASE WHEN d.defaclnamespace = 0
                THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char", d.defaclrole)
           END AS by_default
    FROM pg_default_acl d
    WHERE CASE WHEN d.defaclnamespace = 0 THEN current_setting('pgsyncer.whole_database')::bool
               ELSE d.defaclnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[]) END
), entries AS (
    SELECT a.oid, s.initial, e.grantee,
           string_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END, ','
                      ORDER BY e.privilege_type COLLATE "C") AS privileges
    FROM acls a
    CROSS JOIN (VALUES (false), (true)) s (initial)
    CROSS JOIN aclexplode(CASE WHEN s.initial THEN a.by_default ELSE a.granted END) e
    GROUP BY 1, 2, 3
)
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       CASE WHEN x.namespace <> 0 THEN 'pg_namespace'::regclass::oid END AS parent_classid,
       nullif(x.namespace, 0) AS parent_objid, CASE WHEN x.namespace <> 0 THEN 0 END AS parent_objsubid,
       NULL AS schema, NULL AS name,
       format('for %I%s on %s to %I', x.role, ' in ' || quote_ident(x.in_schema), x.object_type, x.grantee) AS signature,
       x.role, x.in_schema, x.object_type, x.grantee, x.privileges, x.initial
FROM (SELECT pg_get_userbyid(a.defaclrole) AS role, a.defaclnamespace AS namespace, n.nspname AS in_schema,
             CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                  WHEN 'T' THEN 'TYPES' WHEN 'L' THEN 'LARGE OBJECTS' ELSE 'SCHEMAS' END AS object_type,
             CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END AS grantee,
             coalesce(now.privileges, '') AS privileges, coalesce(before.privileges, '') AS initial
      FROM acls a
      JOIN (SELECT DISTINCT oid, grantee FROM entries) g ON g.oid = a.oid
      LEFT JOIN entries now ON now.oid = a.oid AND now.grantee = g.grantee AND NOT now.initial
      LEFT JOIN entries before ON before.oid = a.oid AND before.grantee = g.grantee AND before.initial
      LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
      WHERE now.privileges IS DISTINCT FROM before.privileges) x;
