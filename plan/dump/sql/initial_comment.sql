-- The comments of what pg_dump does not describe: the schema public, extensions (plpgsql among them) and subscriptions.
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       d.classoid AS parent_classid, d.objoid AS parent_objid, d.objsubid AS parent_objsubid,
       NULL AS schema, NULL AS name, NULL AS signature,
       d.description AS text
FROM pg_description d
WHERE d.classoid IN ('pg_extension'::regclass, 'pg_subscription'::regclass)
   OR (d.classoid = 'pg_namespace'::regclass
       AND d.objoid = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public'));
