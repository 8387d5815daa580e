-- Is the schema what it must be? The catalog is read by pgsyncer's own queries into pgsyncer_found, and compared with what
-- the plan says, pgsyncer_expected.
DO $pgsyncer$
DECLARE
    loops text := current_setting('enable_nestloop');
    item record;
    chosen record;
    lines text;
    differences bigint;
BEGIN
    -- On catalogs that were never analyzed the planner would nest loops.
    PERFORM set_config('enable_nestloop', 'off', true);
    EXECUTE current_setting('pgsyncer.selection_query') INTO chosen
        USING current_setting('pgsyncer.selection_1'), current_setting('pgsyncer.selection_2'), current_setting('pgsyncer.selection_3'),
              current_setting('pgsyncer.selection_4'), current_setting('pgsyncer.selection_5');
    PERFORM set_config('pgsyncer.namespaces', chosen.namespaces::text, true),
            set_config('pgsyncer.relations', CASE WHEN current_setting('pgsyncer.by_tables')::boolean THEN chosen.relations::text ELSE '' END, true);
    FOR item IN SELECT c.class, c.satellite, c.query FROM pg_temp.pgsyncer_classes AS c ORDER BY c.number LOOP
        EXECUTE format($query$
            INSERT INTO pg_temp.pgsyncer_found (address, class, schema, name, words, key, fields)
            SELECT CASE WHEN q.lead_2 IS NOT NULL THEN concat_ws(' ', q.lead_1, q.lead_2, q.lead_3) END, $1, n.schema, n.name,
                   concat(CASE WHEN $2 THEN concat(p.class, ' ', p.words, ' to ' || q.lead_8)
                               ELSE concat_ws('.', coalesce(p.words, q.lead_7), q.lead_8) END, q.lead_9),
                   concat($1, E'\n', n.schema, E'\n', n.name, E'\n', q.lead_9, E'\n', p.key),
                   to_jsonb(q) - '{lead_1,lead_2,lead_3,lead_4,lead_5,lead_6,lead_7,lead_8,lead_9}'::text[]
            -- classid, objid, objsubid, parent's, schema, name, signature; a field may have such a name too
            FROM (%s) AS q (lead_1, lead_2, lead_3, lead_4, lead_5, lead_6, lead_7, lead_8, lead_9)
            LEFT JOIN pg_temp.pgsyncer_found AS p ON p.address = concat_ws(' ', q.lead_4, q.lead_5, q.lead_6)
            CROSS JOIN LATERAL (SELECT coalesce(q.lead_7::text, p.schema) AS schema,
                                       CASE WHEN $2 THEN q.lead_8::text ELSE coalesce(q.lead_8::text, p.name) END AS name) AS n
            WHERE q.lead_5 IS NULL OR p.address IS NOT NULL
            $query$, item.query) USING item.class, item.satellite;
    END LOOP;
    UPDATE pg_temp.pgsyncer_found AS f SET identity = e.identity FROM pg_temp.pgsyncer_expected AS e WHERE e.key = f.key;
    CREATE INDEX pgsyncer_found_address ON pg_temp.pgsyncer_found (address);
    ANALYZE pg_temp.pgsyncer_found;
    WITH differing AS (
        SELECT e.class, e.identity, 'missing' AS what
        FROM pg_temp.pgsyncer_expected AS e
        LEFT JOIN pg_temp.pgsyncer_found AS f ON f.key = e.key
        WHERE e.counts AND f.key IS NULL
        UNION ALL
        SELECT f.class, f.words, 'not expected'
        FROM pg_temp.pgsyncer_found AS f
        WHERE f.identity IS NULL AND NOT current_setting('pgsyncer.extras_allowed')::boolean
          -- A partition's foreign keys are the server's own.
          AND NOT (f.class = 'constraint' AND f.fields ->> 'parent_constraint' IS NOT NULL AND f.fields ->> 'type' = 'foreign key')
        UNION ALL
        SELECT e.class, e.identity,
               format('%s is %s, expected %s', n.name, coalesce(left(v.value, 80), 'not set'), coalesce(left(n.value, 80), 'not set'))
        FROM pg_temp.pgsyncer_expected AS e
        JOIN pg_temp.pgsyncer_found AS f ON f.key = e.key
        CROSS JOIN LATERAL jsonb_each_text(e.fields) AS n(name, value)
        CROSS JOIN LATERAL (SELECT f.fields ->> (n.name || '_ref') AS refs) AS r
        CROSS JOIN LATERAL (
            SELECT CASE
                -- A field that names objects: by their addresses, for which their identities stand in the plan.
                WHEN r.refs LIKE '{%' THEN
                    (SELECT array_agg(coalesce((SELECT o.identity FROM pg_temp.pgsyncer_found AS o
                                                WHERE o.address = substring(u.item from '^\d+ \d+ -?\d+')),
                                               regexp_replace(u.item, '^\d+ \d+ -?\d+ ', '')) ORDER BY u.n)::text
                     FROM unnest(r.refs::text[]) WITH ORDINALITY AS u(item, n))
                WHEN r.refs IS NOT NULL THEN
                    coalesce((SELECT o.identity FROM pg_temp.pgsyncer_found AS o WHERE o.address = substring(r.refs from '^\d+ \d+ -?\d+')),
                             regexp_replace(r.refs, '^\d+ \d+ -?\d+ ', ''))
                ELSE f.fields ->> n.name END AS value) AS v
        WHERE v.value IS DISTINCT FROM n.value
          AND NOT (n.name = 'not_null_name' AND v.value IS NULL)
    ), shown AS (
        SELECT format('%s %s: %s', d.class, d.identity, d.what) AS line, row_number() OVER (ORDER BY d.class, d.identity, d.what) AS n
        FROM differing AS d
    )
    SELECT count(*), string_agg(s.line, E'\n' ORDER BY s.n) FILTER (WHERE s.n <= 20) INTO differences, lines FROM shown AS s;
    IF differences > 0 THEN
        RAISE EXCEPTION USING ERRCODE = current_setting('pgsyncer.schema_sqlstate'), HINT = current_setting('pgsyncer.schema_hint'),
            MESSAGE = format('%s: %s difference%s', current_setting('pgsyncer.schema_message'), differences, CASE WHEN differences = 1 THEN '' ELSE 's' END),
            DETAIL = concat_ws(E'\n', lines, CASE WHEN differences > 20 THEN format('and %s more', differences - 20) END);
    END IF;
    DROP INDEX pg_temp.pgsyncer_found_address;
    DELETE FROM pg_temp.pgsyncer_found;
    DELETE FROM pg_temp.pgsyncer_expected;
    PERFORM set_config('enable_nestloop', loops, true);
END
$pgsyncer$;
