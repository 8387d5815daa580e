-- The initial databases' own comments (oids below 16384) are left out, but for those that a user may change.
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       d.classoid AS parent_classid, d.objoid AS parent_objid, d.objsubid AS parent_objsubid,
       NULL AS schema, NULL AS name, NULL AS signature,
       d.description AS text
FROM pg_description d
WHERE d.objoid >= 16384
   OR d.classoid IN ('pg_namespace'::regclass, 'pg_extension'::regclass);
