-- The grants on the schema public, as common/catalog/sql/grant.sql has them.
WITH entries AS (
    SELECT n.oid, n.nspowner AS owner, e.grantee, e.grantor,
           string_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END, ','
                      ORDER BY e.privilege_type COLLATE "C") AS privileges
    FROM pg_namespace n, aclexplode(n.nspacl) e
    WHERE n.nspname = 'public'
    GROUP BY 1, 2, 3, 4
)
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       'pg_namespace'::regclass::oid AS parent_classid, g.oid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, g.grantee AS name,
       CASE WHEN g.grantor <> g.owner THEN ' by ' || pg_get_userbyid(g.grantor) END AS signature,
       g.grantee, g.privileges, g.of_owner,
       CASE WHEN g.grantor <> g.owner THEN pg_get_userbyid(g.grantor) END AS grantor
FROM (SELECT e.oid, e.owner, e.grantor, e.privileges, 'false' AS of_owner,
             CASE WHEN e.grantee = 0 THEN 'public' ELSE pg_get_userbyid(e.grantee) END AS grantee
      FROM entries e
      WHERE e.grantee <> e.owner
      UNION ALL
      SELECT n.oid, n.nspowner, n.nspowner, coalesce(e.privileges, ''), 'true', pg_get_userbyid(n.nspowner)
      FROM pg_namespace n
      LEFT JOIN entries e ON e.grantee = n.nspowner AND e.grantor = n.nspowner
      WHERE n.nspname = 'public' AND n.nspacl IS NOT NULL AND e.privileges IS DISTINCT FROM 'CREATE,USAGE') g;
