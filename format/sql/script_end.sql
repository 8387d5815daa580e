-- What the server did not check while foreign keys were silent: every foreign key from or to a table of this plan.
DO $pgsyncer$
DECLARE
    foreign_key record;
    broken boolean;
BEGIN
    FOR foreign_key IN
        WITH touched AS (
            SELECT c.oid
            FROM pg_catalog.jsonb_to_recordset(current_setting('pgsyncer.touched')::jsonb) AS t(schema text, name text)
            JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
        )
        SELECT format('%I of %s', k.conname, k.conrelid::regclass) AS name,
               format('SELECT EXISTS (SELECT FROM ONLY %s AS f WHERE %s AND NOT EXISTS (SELECT FROM %s%s AS p WHERE %s))',
                      k.conrelid::regclass, r.present, CASE WHEN p.relkind = 'r' THEN 'ONLY ' ELSE '' END,
                      k.confrelid::regclass, r.matches) AS query
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid AND c.relkind = 'r'
        JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
        CROSS JOIN LATERAL (
            SELECT string_agg(format('f.%I IS NOT NULL', f.attname), ' AND ' ORDER BY u.n) AS present,
                   string_agg(format('p.%I OPERATOR(%I.%s) f.%I', q.attname, s.nspname, o.oprname, f.attname),
                              ' AND ' ORDER BY u.n) AS matches
            FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY AS u(f, p, op, n)
            JOIN pg_catalog.pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = u.f
            JOIN pg_catalog.pg_attribute q ON q.attrelid = k.confrelid AND q.attnum = u.p
            JOIN pg_catalog.pg_operator o ON o.oid = u.op
            JOIN pg_catalog.pg_namespace s ON s.oid = o.oprnamespace) r
        WHERE k.contype = 'f' AND k.convalidated
          AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
          AND NOT coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false)
          AND (k.conrelid IN (SELECT oid FROM touched) OR k.confrelid IN (SELECT oid FROM touched)
               OR k.confrelid IN (SELECT i.inhparent FROM pg_catalog.pg_inherits i JOIN touched t ON t.oid = i.inhrelid))
        ORDER BY 1
    LOOP
        EXECUTE foreign_key.query INTO broken;
        IF broken THEN
            RAISE EXCEPTION 'the rows would break the foreign key %', foreign_key.name;
        END IF;
    END LOOP;
    IF current_setting('pgsyncer.transaction', true) IS DISTINCT FROM txid_current()::text THEN
        RAISE EXCEPTION 'a statement of the plan ended the transaction';
    END IF;
END
$pgsyncer$;
COMMIT;
