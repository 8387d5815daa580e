SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       l.classoid AS parent_classid, l.objoid AS parent_objid, l.objsubid AS parent_objsubid,
       NULL AS schema, NULL AS name, ' by ' || quote_ident(l.provider) AS signature,
       l.provider, l.label
FROM pg_seclabel l;
