-- How values of the partition key of the table $1.$2 are compared, by the key's place: their type, and operators with the
-- key's collation.
SELECT pg_catalog.format_type(CASE WHEN t.typtype = 'p' THEN a.atttypid ELSE o.opcintype END, NULL) AS type,
       l.collate AS collation,
       format('OPERATOR(%I.%s)', (SELECT nspname FROM pg_namespace WHERE oid = lt.oprnamespace), lt.oprname) AS less,
       format('OPERATOR(%I.%s)', (SELECT nspname FROM pg_namespace WHERE oid = eq.oprnamespace), eq.oprname) AS equal
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_partitioned_table p ON p.partrelid = c.oid
CROSS JOIN LATERAL unnest(p.partattrs::int2[], p.partclass::oid[], p.partcollation::oid[]) WITH ORDINALITY AS k (attnum, opclass, collid, n)
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0
JOIN pg_opclass o ON o.oid = k.opclass
JOIN pg_type t ON t.oid = o.opcintype
JOIN pg_amop la ON la.amopfamily = o.opcfamily AND la.amoplefttype = o.opcintype AND la.amoprighttype = o.opcintype AND la.amopstrategy = 1
JOIN pg_operator lt ON lt.oid = la.amopopr
JOIN pg_amop ea ON ea.amopfamily = o.opcfamily AND ea.amoplefttype = o.opcintype AND ea.amoprighttype = o.opcintype AND ea.amopstrategy = 3
JOIN pg_operator eq ON eq.oid = ea.amopopr
CROSS JOIN LATERAL (SELECT coalesce((SELECT format(' COLLATE %I.%I', cn.nspname, co.collname)
                                     FROM pg_collation co
                                     JOIN pg_namespace cn ON cn.oid = co.collnamespace
                                     WHERE co.oid = k.collid), '') AS collate) l
WHERE n.nspname = $1 AND c.relname = $2 AND p.partstrat IN ('l', 'r')
ORDER BY k.n;
