-- Large objects as rows (format/large_objects.h), for a role that may read the system catalog that holds them.
SELECT m.oid AS loid, -1 AS pageno,
       convert_to(jsonb_strip_nulls(jsonb_build_object(
           'size', coalesce((SELECT p.pageno::int8 * 2048 + length(p.data) FROM pg_catalog.pg_largeobject p
                             WHERE p.loid = m.oid ORDER BY p.pageno DESC LIMIT 1), 0),
           'owner', CASE WHEN current_setting('pgsyncer.owners')::bool THEN pg_get_userbyid(m.lomowner) END,
           'acl', CASE WHEN current_setting('pgsyncer.privileges')::bool
                       THEN coalesce((SELECT jsonb_agg(jsonb_build_array(a.grantee, a.privilege, a.grantable) ORDER BY a.grantee COLLATE "C" NULLS FIRST, a.privilege, a.grantable)
                                      FROM (SELECT DISTINCT CASE WHEN x.grantee = m.lomowner THEN NULL WHEN x.grantee = 0 THEN ''
                                                                 ELSE pg_get_userbyid(x.grantee)::text END AS grantee,
                                                   x.privilege_type AS privilege, x.is_grantable AS grantable
                                            FROM aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) x) a), '[]') END,
           'comment', CASE WHEN current_setting('pgsyncer.comments')::bool
                           THEN (SELECT d.description FROM pg_catalog.pg_description d
                                 WHERE d.classoid = 'pg_catalog.pg_largeobject'::regclass AND d.objoid = m.oid AND d.objsubid = 0) END,
           'labels', (SELECT jsonb_object_agg(l.provider, l.label) FROM pg_catalog.pg_seclabel l
                      WHERE l.classoid = 'pg_catalog.pg_largeobject'::regclass AND l.objoid = m.oid)))::text, 'UTF8') AS data
FROM pg_catalog.pg_largeobject_metadata m
UNION ALL
SELECT p.loid, p.pageno,
       CASE WHEN length(p.data) = 2048 THEN p.data ELSE decode(rpad(encode(p.data, 'hex'), 4096, '0'), 'hex') END
FROM pg_catalog.pg_largeobject p
WHERE p.data <> substring(decode(repeat('00', 2048), 'hex') FROM 1 FOR length(p.data))
