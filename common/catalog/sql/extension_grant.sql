-- Privileges on members of extensions that differ from those that CREATE EXTENSION left (pg_init_privs), which are in
-- `initial`; where the whole database is read, also those on the system's own objects, by what initdb left. `on` is how
-- GRANT names the object; a privilege on a column names the column.
WITH members AS (
    SELECT m.classid, m.objid, m.refobjid AS extension
    FROM pg_depend m
    WHERE m.objsubid = 0 AND m.deptype = 'e' AND m.refclassid = 'pg_extension'::regclass
), holders (classid, objid, objsubid, granted, kind, owner, "on", column_name, namespace) AS (
    SELECT 'pg_proc'::regclass::oid, oid, 0, proacl, 'f'::"char", proowner, '', NULL::name, pronamespace
    FROM pg_proc
    UNION ALL
    SELECT 'pg_class'::regclass, oid, 0, relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner,
           CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, NULL, relnamespace
    FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    UNION ALL
    SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, 'c', c.relowner, 'TABLE', a.attname, c.relnamespace
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE current_setting('pgsyncer.whole_database')::bool
      AND a.attrelid < 16384 AND (a.attacl IS NOT NULL OR EXISTS (
        SELECT FROM pg_init_privs i
        WHERE i.classoid = 'pg_class'::regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum))
    UNION ALL
    SELECT 'pg_type'::regclass, oid, 0, typacl, 'T', typowner, 'TYPE', NULL, typnamespace
    FROM pg_type
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 0, nspacl, 'n', nspowner, 'SCHEMA', NULL, oid
    FROM pg_namespace
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, lanacl, 'l', lanowner, 'LANGUAGE', NULL, 'pg_catalog'::regnamespace
    FROM pg_language
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwacl, 'F', fdwowner, 'FOREIGN DATA WRAPPER', NULL, NULL
    FROM pg_foreign_data_wrapper
), acls AS (
    SELECT h.classid, h.objid, h.on, h.column_name, m.extension,
           coalesce(h.granted, acldefault(h.kind, h.owner)) AS granted,
           coalesce(i.initprivs, acldefault(h.kind, h.owner)) AS initial
    FROM (SELECT h.*
          FROM holders h
          WHERE h.granted IS NOT NULL
             OR (h.classid, h.objid, h.objsubid) IN (SELECT i.classoid, i.objoid, i.objsubid FROM pg_init_privs i)
          OFFSET 0) h
    LEFT JOIN members m ON m.classid = h.classid AND m.objid = h.objid
    LEFT JOIN pg_init_privs i ON i.classoid = h.classid AND i.objoid = h.objid AND i.objsubid = h.objsubid
    WHERE (h.granted IS NOT NULL OR i.initprivs IS NOT NULL)
      AND (m.extension IS NOT NULL OR (current_setting('pgsyncer.whole_database')::bool AND h.objid < 16384
                                       AND h.namespace = 'pg_catalog'::regnamespace))
), changed AS (
    SELECT DISTINCT a.classid, a.objid
    FROM acls a
    WHERE a.granted <> a.initial
), entries AS (
    SELECT a.classid, a.objid, s.initial, e.grantee,
           string_agg(e.privilege_type || coalesce('(' || quote_ident(a.column_name) || ')', '')
                      || CASE WHEN e.is_grantable THEN '*' ELSE '' END, ','
                      ORDER BY e.privilege_type COLLATE "C", a.column_name::text COLLATE "C" NULLS FIRST) AS privileges
    FROM acls a
    JOIN changed c ON c.classid = a.classid AND c.objid = a.objid
    CROSS JOIN (VALUES (false), (true)) s (initial)
    CROSS JOIN aclexplode(CASE WHEN s.initial THEN a.initial ELSE a.granted END) e
    GROUP BY 1, 2, 3, 4
)
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       CASE WHEN x.extension IS NOT NULL THEN 'pg_extension'::regclass::oid END AS parent_classid,
       x.extension AS parent_objid,
       CASE WHEN x.extension IS NOT NULL THEN 0 END AS parent_objsubid,
       NULL AS schema, NULL AS name,
       format('%s%s to %I', CASE WHEN x.extension IS NOT NULL THEN ' ' END, x.on, x.grantee) AS signature,
       x.on, x.grantee, x.privileges, x.initial
FROM (SELECT a.extension,
             CASE WHEN a.on <> '' THEN a.on WHEN o.type = 'procedure' THEN 'PROCEDURE' ELSE 'FUNCTION' END
             || ' ' || o.identity AS on,
             CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END AS grantee,
             coalesce(now.privileges, '') AS privileges, coalesce(before.privileges, '') AS initial
      FROM (SELECT DISTINCT classid, objid, extension, acls.on FROM acls) a
      CROSS JOIN pg_identify_object(a.classid, a.objid, 0) o
      JOIN (SELECT DISTINCT classid, objid, grantee FROM entries) g ON g.classid = a.classid AND g.objid = a.objid
      LEFT JOIN entries now ON now.classid = a.classid AND now.objid = a.objid AND now.grantee = g.grantee
                           AND NOT now.initial
      LEFT JOIN entries before ON before.classid = a.classid AND before.objid = a.objid AND before.grantee = g.grantee
                              AND before.initial
      WHERE now.privileges IS DISTINCT FROM before.privileges) x;
