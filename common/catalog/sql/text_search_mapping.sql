-- One per token type of a configuration: its dictionaries, in order.
SELECT NULL AS classid, NULL AS objid, NULL AS objsubid,
       'pg_ts_config'::regclass::oid AS parent_classid, c.oid AS parent_objid, 0 AS parent_objsubid,
       NULL AS schema, t.alias AS name, NULL AS signature,
       array_agg(format('%I.%I', dn.nspname, d.dictname) ORDER BY m.mapseqno)::text AS dictionaries
FROM pg_ts_config c
JOIN pg_ts_config_map m ON m.mapcfg = c.oid
JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
JOIN pg_ts_dict d ON d.oid = m.mapdict
JOIN pg_namespace dn ON dn.oid = d.dictnamespace
WHERE c.cfgnamespace = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
GROUP BY c.oid, t.alias;
