-- The addresses of the constraints, which pg_dump writes into CREATE TABLE without one, and what it leaves out because a
-- table or partition inherits it. The helpers of foreign keys are left out as in common/catalog/sql/constraint.sql.
SELECT c.oid AS object,
       CASE WHEN c.conrelid <> 0 THEN 'pg_class'::regclass ELSE 'pg_type'::regclass END::oid AS parent_class,
       CASE WHEN c.conrelid <> 0 THEN c.conrelid ELSE c.contypid END AS parent,
       c.conname AS name,
       NOT c.conislocal AS inherited,
       parent.oid AS parent_constraint,
       CASE WHEN parent.oid IS NOT NULL THEN format('%s.%I', parent.conrelid::regclass, parent.conname)
       END AS parent_constraint_name,
       CASE WHEN NOT c.conislocal THEN pg_get_constraintdef(c.oid) END AS definition,
       CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
                      WHEN 'x' THEN 'exclude' ELSE 'check' END AS type,
       c.condeferrable::text AS deferrable,
       c.condeferred::text AS deferred,
       c.convalidated::text AS validated,
       CASE WHEN c.contype = 'c' THEN c.connoinherit::text END AS no_inherit
FROM pg_constraint c
LEFT JOIN pg_constraint parent ON parent.oid = (to_jsonb(c)->>'conparentid')::oid
WHERE c.contype IN ('p', 'u', 'f', 'c', 'x')
  AND (c.contype <> 'f' OR parent.oid IS NULL OR parent.conrelid <> c.conrelid)
  AND c.connamespace = ANY (current_setting('pgsyncer.namespaces')::oid[]);
