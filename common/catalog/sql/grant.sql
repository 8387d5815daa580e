-- One row per object, grantee and grantor. Where an object has no list of its own, PostgreSQL's default counts, so that a
-- default that was revoked (PUBLIC's EXECUTE on functions, USAGE on types) is a difference. The owner's privileges
-- appear only where they are not all that an owner has; `of_owner` marks them, and `privileges` may then be empty. Columns
-- are not looked through where the reader knows that none has a list.
WITH acls (classid, objid, objsubid, owner, granted, by_default) AS (
    SELECT 'pg_namespace'::regclass::oid, oid, 0, nspowner, nspacl, acldefault('n', nspowner)
    FROM pg_namespace
    WHERE nspacl IS NOT NULL
    UNION ALL
    SELECT 'pg_class'::regclass::oid, oid, 0, relowner, relacl,
           acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)
    FROM pg_class
    WHERE relacl IS NOT NULL AND relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
    UNION ALL
    SELECT 'pg_class'::regclass::oid, a.attrelid, a.attnum, c.relowner, a.attacl, acldefault('c', c.relowner)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE (SELECT current_setting('pgsyncer.granted_columns', true)) IS DISTINCT FROM 'none'
      AND a.attacl IS NOT NULL AND NOT a.attisdropped
      AND c.relnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
    UNION ALL
    SELECT 'pg_proc'::regclass::oid, oid, 0, proowner, proacl, acldefault('f', proowner)
    FROM pg_proc
    WHERE pronamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
    UNION ALL
    SELECT 'pg_type'::regclass::oid, oid, 0, typowner, typacl, acldefault('T', typowner)
    FROM pg_type
    WHERE (typtype <> 'c' OR typrelid IN (SELECT c.oid FROM pg_class c WHERE c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = pg_type.oid AND element.typarray <> 0)
      AND typisdefined
      AND typnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
    UNION ALL
    SELECT 'pg_language'::regclass::oid, oid, 0, lanowner, lanacl, acldefault('l', lanowner)
    FROM pg_language
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass::oid, oid, 0, fdwowner, fdwacl, acldefault('F', fdwowner)
    FROM pg_foreign_data_wrapper
    WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass::oid, oid, 0, srvowner, srvacl, acldefault('S', srvowner)
    FROM pg_foreign_server
    WHERE srvacl IS NOT NULL
), entries AS (
    SELECT a.classid, a.objid, a.objsubid, a.owner, e.grantee, e.grantor,
           string_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END, ','
                      ORDER BY e.privilege_type COLLATE "C") AS privileges
    FROM acls a, aclexplode(coalesce(a.granted, a.by_default)) e
    WHERE a.granted IS NOT NULL OR e.grantee <> a.owner
    GROUP BY 1, 2, 3, 4, 5, 6
), owners AS (
    SELECT a.classid, a.objid, a.objsubid, a.owner,
           (SELECT string_agg(e.privilege_type, ',' ORDER BY e.privilege_type COLLATE "C")
            FROM aclexplode(a.by_default) e
            WHERE e.grantee = a.owner) AS privileges
    FROM acls a
    WHERE a.granted IS NOT NULL AND a.objsubid = 0
)
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       g.classid AS parent_classid, g.objid AS parent_objid, g.objsubid AS parent_objsubid,
       NULL AS schema, g.grantee AS name,
       CASE WHEN g.grantor <> g.owner THEN ' by ' || pg_get_userbyid(g.grantor) END AS signature,
       g.grantee, g.privileges, g.of_owner,
       CASE WHEN g.grantor <> g.owner THEN pg_get_userbyid(g.grantor) END AS grantor
FROM (SELECT e.classid, e.objid, e.objsubid, e.owner, e.grantor,
             CASE WHEN e.grantee = 0 THEN 'public' ELSE pg_get_userbyid(e.grantee) END AS grantee,
             e.privileges, 'false' AS of_owner
      FROM entries e
      WHERE e.grantee <> e.owner OR e.grantor <> e.owner OR e.objsubid <> 0
      UNION ALL
      SELECT o.classid, o.objid, o.objsubid, o.owner, o.owner, pg_get_userbyid(o.owner),
             coalesce(e.privileges, ''), 'true'
      FROM owners o
      LEFT JOIN entries e ON e.classid = o.classid AND e.objid = o.objid AND e.objsubid = o.objsubid
                         AND e.grantee = o.owner AND e.grantor = o.owner
      WHERE e.privileges IS DISTINCT FROM o.privileges) g;
