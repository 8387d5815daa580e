-- NOT NULL of domains, which has a constraint from PostgreSQL 17 on: pg_dump leaves out a name that the server would choose.
SELECT c.contypid AS domain, c.conname AS name, d.description AS comment
FROM pg_constraint c
LEFT JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.contype = 'n'
  AND c.contypid <> 0
  AND c.connamespace = ANY (current_setting('pgsyncer.namespaces')::oid[]);
