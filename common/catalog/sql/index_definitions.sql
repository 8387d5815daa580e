SELECT pg_get_indexdef(a.oid)
FROM unnest($1::oid[]) WITH ORDINALITY a (oid, number)
ORDER BY a.number;
