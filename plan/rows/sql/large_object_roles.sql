-- The roles that own large objects ($1: if it matters) or have privileges on them ($2), as missing.sql takes them.
SELECT jsonb_build_object('roles', coalesce(jsonb_agg(jsonb_build_object('name', r.rolname, 'user', 'large object ' || n.example)
                                                      ORDER BY r.rolname), '[]'), 'outside', '[]'::jsonb)
FROM (SELECT a.role, min(a.oid) AS example
      FROM (SELECT m.oid, m.lomowner AS role FROM pg_catalog.pg_largeobject_metadata m WHERE $1::bool
            UNION ALL
            SELECT m.oid, x.grantee
            FROM pg_catalog.pg_largeobject_metadata m
            CROSS JOIN LATERAL aclexplode(m.lomacl) x
            WHERE $2::bool AND x.grantee <> m.lomowner) a
      GROUP BY a.role) n
JOIN pg_catalog.pg_roles r ON r.oid = n.role;
