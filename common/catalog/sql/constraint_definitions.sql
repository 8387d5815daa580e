SELECT pg_get_constraintdef(a.oid)
FROM unnest($1::oid[]) WITH ORDINALITY a (oid, number)
ORDER BY a.number;
