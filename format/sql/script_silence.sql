-- Triggers and foreign keys must not act on rows that are main's already.
DO $pgsyncer$
DECLARE
    found text;
BEGIN
    SELECT string_agg(a.line, ', ' ORDER BY a.line) INTO found
    FROM (SELECT format('trigger %I of %I.%I', g.tgname, n.nspname, c.relname) AS line
          FROM pg_catalog.pg_trigger g
          JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.jsonb_to_recordset(current_setting('pgsyncer.touched')::jsonb) AS t(schema text, name text)
               ON t.schema = n.nspname AND t.name = c.relname
          WHERE g.tgenabled IN ('A', 'R')
          UNION ALL
          SELECT format('rule %I of %I.%I', r.rulename, n.nspname, c.relname)
          FROM pg_catalog.pg_rewrite r
          JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.jsonb_to_recordset(current_setting('pgsyncer.touched')::jsonb) AS t(schema text, name text)
               ON t.schema = n.nspname AND t.name = c.relname
          WHERE r.ev_enabled IN ('A', 'R')) a;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'triggers or rules would act on the rows of this plan'
            USING DETAIL = found, HINT = 'Use pgsyncer-apply, which keeps them silent.';
    END IF;
END
$pgsyncer$;
SET LOCAL session_replication_role = replica;
