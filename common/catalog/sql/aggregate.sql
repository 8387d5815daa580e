-- A column that not every server version has is asked for by way of to_jsonb, which answers NULL where it is missing.
SELECT 'pg_proc'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
       NULL AS parent_classid, NULL AS parent_objid, NULL AS parent_objsubid,
       n.nspname AS schema, p.proname AS name, format('(%s)', coalesce(nullif(oidvectortypes(p.proargtypes), ''), '*')) AS signature,
       pg_get_userbyid(p.proowner) AS owner,
       format('CREATE AGGREGATE %I.%I(%s) (', n.nspname, p.proname,
              coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'))
       || concat_ws(', ',
            'SFUNC = ' || a.aggtransfn::regproc,
            'STYPE = ' || format_type(a.aggtranstype, NULL),
            CASE WHEN a.aggtransspace <> 0 THEN 'SSPACE = ' || a.aggtransspace END,
            'INITCOND = ' || quote_literal(a.agginitval),
            CASE WHEN a.aggfinalfn::oid <> 0 THEN 'FINALFUNC = ' || a.aggfinalfn::regproc END,
            CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
            CASE WHEN (to_jsonb(a)->>'aggfinalmodify') <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                 THEN 'FINALFUNC_MODIFY = ' || CASE (to_jsonb(a)->>'aggfinalmodify') WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                                                     ELSE 'READ_WRITE' END END,
            CASE WHEN a.aggcombinefn::oid <> 0 THEN 'COMBINEFUNC = ' || a.aggcombinefn::regproc END,
            CASE WHEN a.aggserialfn::oid <> 0 THEN 'SERIALFUNC = ' || a.aggserialfn::regproc END,
            CASE WHEN a.aggdeserialfn::oid <> 0 THEN 'DESERIALFUNC = ' || a.aggdeserialfn::regproc END,
            CASE WHEN a.aggmtransfn::oid <> 0 THEN 'MSFUNC = ' || a.aggmtransfn::regproc END,
            CASE WHEN a.aggminvtransfn::oid <> 0 THEN 'MINVFUNC = ' || a.aggminvtransfn::regproc END,
            CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,
            CASE WHEN a.aggmtransspace <> 0 THEN 'MSSPACE = ' || a.aggmtransspace END,
            'MINITCOND = ' || quote_literal(a.aggminitval),
            CASE WHEN a.aggmfinalfn::oid <> 0 THEN 'MFINALFUNC = ' || a.aggmfinalfn::regproc END,
            CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
            CASE WHEN a.aggmtransfn::oid <> 0
                  AND (to_jsonb(a)->>'aggmfinalmodify') <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                 THEN 'MFINALFUNC_MODIFY = ' || CASE (to_jsonb(a)->>'aggmfinalmodify') WHEN 'r' THEN 'READ_ONLY'
                                                                       WHEN 's' THEN 'SHAREABLE'
                                                                       ELSE 'READ_WRITE' END END,
            CASE WHEN a.aggsortop <> 0 THEN 'SORTOP = ' || sort_operator.name END,
            CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END,
            CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)
       || ')' AS definition
FROM pg_proc p
JOIN pg_aggregate a ON a.aggfnoid = p.oid
JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN (SELECT o.oid, format('OPERATOR(%I.%s)', s.nspname, o.oprname) AS name
           FROM pg_operator o
           JOIN pg_namespace s ON s.oid = o.oprnamespace) sort_operator ON sort_operator.oid = a.aggsortop
WHERE n.oid = ANY ((SELECT current_setting('pgsyncer.namespaces')::oid[])::oid[])
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'));
