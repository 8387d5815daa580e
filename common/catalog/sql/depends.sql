-- Every dependency that the server records within this database (PostgreSQL before 14 has rows of type 'p' for what is
-- built in). Toast tables belong to their tables and nothing hangs on them.
-- A function's own expressions, of its body and defaults, name a type ('x') where its signature does not, or where there
-- is a second row for it. The casts keep the planner to the index by the dependent: thousands may refer to one type.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
       CASE
           WHEN d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'n'
               AND EXISTS (SELECT
                           FROM pg_proc p
                           WHERE p.oid = d.objid
                             AND (NOT d.refobjid = ANY (p.prorettype || p.proargtypes::oid[] || p.proallargtypes)
                                  OR EXISTS (SELECT
                                             FROM pg_depend o
                                             WHERE o.classid = d.classid
                                               AND o.objid = d.objid
                                               AND o.refclassid = d.refclassid
                                               AND o.refobjid::int8 = d.refobjid::int8
                                               AND o.deptype = 'n'
                                               AND o.ctid <> d.ctid)))
               THEN 'x'
           ELSE d.deptype
       END AS deptype
FROM pg_depend d
WHERE d.deptype <> 'p';
