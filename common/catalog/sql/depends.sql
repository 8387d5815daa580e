-- Every dependency that the server records within this database (PostgreSQL before 14 has rows of type 'p' for what is
-- built in). Toast tables belong to their tables and nothing hangs on them.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_depend d
WHERE d.deptype <> 'p';
