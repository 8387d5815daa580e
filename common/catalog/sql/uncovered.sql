-- What is there and no other query reads: a class, how many, and one of them by name. What initdb made (oids below
-- 16384) and the members of extensions do not count.
WITH present (class, classid, objid, namespace, name) AS (
    SELECT CASE relkind WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
           'pg_class'::regclass, oid, relnamespace, relname
    FROM pg_class
    WHERE relkind IN ('m', 'f')
    UNION ALL
    SELECT 'composite type', 'pg_type'::regclass, reltype, relnamespace, relname
    FROM pg_class
    WHERE relkind = 'c'
    UNION ALL
    SELECT CASE typtype WHEN 'r' THEN 'range type' WHEN 'p' THEN 'shell type' ELSE 'base type' END,
           'pg_type'::regclass, oid, typnamespace, typname
    FROM pg_type
    WHERE typtype IN ('b', 'r', 'p')
      AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = pg_type.oid)
    UNION ALL
    SELECT 'aggregate', 'pg_proc'::regclass, p.oid, p.pronamespace, p.proname
    FROM pg_aggregate a
    JOIN pg_proc p ON p.oid = a.aggfnoid
    UNION ALL
    SELECT 'rule', 'pg_rewrite'::regclass, r.oid, c.relnamespace, c.relname || '.' || r.rulename
    FROM pg_rewrite r
    JOIN pg_class c ON c.oid = r.ev_class
    WHERE r.rulename <> '_RETURN'
    UNION ALL
    SELECT 'policy', 'pg_policy'::regclass, p.oid, c.relnamespace, c.relname || '.' || p.polname
    FROM pg_policy p
    JOIN pg_class c ON c.oid = p.polrelid
    UNION ALL
    SELECT 'collation', 'pg_collation'::regclass, oid, collnamespace, collname
    FROM pg_collation
    UNION ALL
    SELECT 'conversion', 'pg_conversion'::regclass, oid, connamespace, conname
    FROM pg_conversion
    UNION ALL
    SELECT 'operator', 'pg_operator'::regclass, oid, oprnamespace, oprname
    FROM pg_operator
    UNION ALL
    SELECT 'operator class', 'pg_opclass'::regclass, oid, opcnamespace, opcname
    FROM pg_opclass
    UNION ALL
    SELECT 'operator family', 'pg_opfamily'::regclass, oid, opfnamespace, opfname
    FROM pg_opfamily
    UNION ALL
    SELECT 'statistics object', 'pg_statistic_ext'::regclass, oid, stxnamespace, stxname
    FROM pg_statistic_ext
    UNION ALL
    SELECT 'text search parser', 'pg_ts_parser'::regclass, oid, prsnamespace, prsname
    FROM pg_ts_parser
    UNION ALL
    SELECT 'text search template', 'pg_ts_template'::regclass, oid, tmplnamespace, tmplname
    FROM pg_ts_template
    UNION ALL
    SELECT 'text search dictionary', 'pg_ts_dict'::regclass, oid, dictnamespace, dictname
    FROM pg_ts_dict
    UNION ALL
    SELECT 'text search configuration', 'pg_ts_config'::regclass, oid, cfgnamespace, cfgname
    FROM pg_ts_config
    UNION ALL
    SELECT 'cast', 'pg_cast'::regclass, oid, NULL,
           format_type(castsource, NULL) || ' AS ' || format_type(casttarget, NULL)
    FROM pg_cast
    UNION ALL
    SELECT 'transform', 'pg_transform'::regclass, oid, NULL, format_type(trftype, NULL)
    FROM pg_transform
    UNION ALL
    SELECT 'language', 'pg_language'::regclass, oid, NULL, lanname
    FROM pg_language
    UNION ALL
    SELECT 'access method', 'pg_am'::regclass, oid, NULL, amname
    FROM pg_am
    UNION ALL
    SELECT 'event trigger', 'pg_event_trigger'::regclass, oid, NULL, evtname
    FROM pg_event_trigger
    UNION ALL
    SELECT 'foreign data wrapper', 'pg_foreign_data_wrapper'::regclass, oid, NULL, fdwname
    FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 'server', 'pg_foreign_server'::regclass, oid, NULL, srvname
    FROM pg_foreign_server
    UNION ALL
    SELECT 'user mapping', 'pg_user_mapping'::regclass, umid, NULL, usename || ' on ' || srvname
    FROM pg_user_mappings
    UNION ALL
    SELECT 'publication', 'pg_publication'::regclass, oid, NULL, pubname
    FROM pg_publication
    UNION ALL
    SELECT 'subscription', 'pg_subscription'::regclass, s.oid, NULL, s.subname
    FROM pg_subscription s
    JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
    UNION ALL
    SELECT 'default privileges', 'pg_default_acl'::regclass, oid, nullif(defaclnamespace, 0),
           'of ' || pg_get_userbyid(defaclrole)
    FROM pg_default_acl
    UNION ALL
    SELECT 'large object', 'pg_largeobject'::regclass, oid, NULL, oid::text
    FROM pg_largeobject_metadata
    UNION ALL
    SELECT 'security label', 'pg_seclabel'::regclass, objoid, NULL, provider
    FROM pg_seclabel
)
SELECT p.class, count(*), min(concat_ws('.', n.nspname, p.name) COLLATE "C") AS example
FROM present p
LEFT JOIN pg_namespace n ON n.oid = p.namespace
WHERE p.objid >= 16384
  AND CASE WHEN p.namespace IS NULL THEN current_setting('pgsyncer.whole_database')::bool
           ELSE p.namespace = ANY (current_setting('pgsyncer.namespaces')::oid[]) END
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = p.classid AND d.objid = p.objid AND d.deptype IN ('e', 'i'))
GROUP BY p.class
ORDER BY p.class;
