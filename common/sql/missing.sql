-- What a plan's statements need by name and this server does not have: a line each. $1 is {"roles":[{"name":...,"user":...}],
-- "tablespaces":[alike], "extensions":[{"name":...,"version":...,"from":...}], "collations":[{"name":...,"definition":...}],
-- "outside":[...]}; `user` is what needs it, `from` the version that is there. The second column: true where it may be
-- there all the same.
WITH asked AS (
    SELECT n.* FROM jsonb_to_record($1::jsonb) AS n(roles jsonb, tablespaces jsonb, extensions jsonb, collations jsonb)
), extension AS (
    SELECT e.name, e.version, e."from",
           EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = e.name) AS known,
           -- Without a version, as from a main of another major version, the server's default is taken.
           e.version IS NULL OR EXISTS (SELECT FROM pg_available_extension_versions v
                                        WHERE v.name = e.name AND v.version = e.version) AS there,
           -- What goes back a version is dropped and made again.
           CASE WHEN e.version || e."from" ~ '^[0-9.]+$'
                THEN string_to_array(e.version, '.')::int8[] > string_to_array(e."from", '.')::int8[] ELSE true END AS rises
    FROM asked, jsonb_to_recordset(asked.extensions) AS e(name text, version text, "from" text)
), sorting AS (
    SELECT c.name,
           substring(c.definition FROM 'provider = ([a-z]+)') AS provider,
           c.definition LIKE '%deterministic = false%' AS nondeterministic,
           c.definition LIKE '%rules = %' AS rules,
           replace(substring(c.definition FROM 'lc_collate = ''((?:[^'']|'''')*)'''), '''''', '''') AS locale
    FROM asked, jsonb_to_recordset(asked.collations) AS c(name text, definition text)
), line AS (
    SELECT 1 AS place, format('role %I does not exist; %s needs it', r.name, r.user) AS line, false AS doubt
    FROM asked, jsonb_to_recordset(asked.roles) AS r(name text, "user" text)
    WHERE NOT EXISTS (SELECT FROM pg_roles x WHERE x.rolname = r.name)
    UNION ALL
    SELECT 2, format('tablespace %I does not exist; %s needs it', t.name, t.user), false
    FROM asked, jsonb_to_recordset(asked.tablespaces) AS t(name text, "user" text)
    WHERE NOT EXISTS (SELECT FROM pg_tablespace x WHERE x.spcname = t.name)
    UNION ALL
    SELECT 3, format('extension %I is not available on the server', e.name), false
    FROM extension e
    WHERE NOT e.known
    UNION ALL
    SELECT 3, format('extension %I version %s is not available on the server, which has %s', e.name, e.version,
                     (SELECT string_agg(v.version, ', ' ORDER BY v.version) FROM pg_available_extension_versions v WHERE v.name = e.name)),
           false
    FROM extension e
    WHERE e.known AND NOT e.there AND (e."from" IS NULL OR (e."from" <> e.version AND NOT e.rises))
    UNION ALL
    SELECT 3, format('extension %I cannot go from version %s to %s on the server', e.name, e."from", e.version), false
    FROM extension e
    WHERE e.known AND e."from" <> e.version AND e.rises
      AND NOT CASE WHEN e.known THEN EXISTS (SELECT FROM pg_extension_update_paths(e.name) p
                                             WHERE p.source = e."from" AND p.target = e.version AND p.path IS NOT NULL) END
    UNION ALL
    SELECT 3, format('extension %I needs extension %I, which is not installed', e.name, r), false
    FROM extension e
    JOIN pg_available_extension_versions v ON v.name = e.name
     AND v.version = coalesce(e.version, (SELECT a.default_version FROM pg_available_extensions a WHERE a.name = e.name))
    CROSS JOIN LATERAL unnest(v.requires) AS r
    WHERE (e."from" IS NULL OR (e."from" <> e.version AND NOT e.rises))
      AND NOT EXISTS (SELECT FROM pg_extension x WHERE x.extname = r)
      AND NOT EXISTS (SELECT FROM extension x WHERE x.name = r)
    UNION ALL
    SELECT 4, format('collation %s is of the provider %s, which the server was built without', c.name, c.provider), false
    FROM sorting c
    WHERE CASE c.provider WHEN 'icu' THEN NOT EXISTS (SELECT FROM pg_collation x WHERE x.collprovider = 'i')
                          WHEN 'builtin' THEN current_setting('server_version_num')::int < 170000 ELSE false END
    UNION ALL
    SELECT 4, format('collation %s is not deterministic, which needs PostgreSQL 12', c.name), false
    FROM sorting c
    WHERE c.nondeterministic AND current_setting('server_version_num')::int < 120000
    UNION ALL
    SELECT 4, format('collation %s has rules of its own, which needs PostgreSQL 16', c.name), false
    FROM sorting c
    WHERE c.rules AND current_setting('server_version_num')::int < 160000
    UNION ALL
    SELECT 4, format('collation %s needs the operating system''s locale %L: nothing says whether the server''s machine has it',
                     c.name, c.locale), true
    FROM sorting c
    WHERE c.provider = 'libc' AND c.locale NOT IN ('C', 'POSIX')
      AND NOT EXISTS (SELECT FROM pg_collation x WHERE x.collprovider = 'c' AND x.collcollate = c.locale)
      AND NOT EXISTS (SELECT FROM pg_database d WHERE d.datcollate = c.locale)
)
SELECT line, doubt
FROM line
ORDER BY place, line COLLATE "C";
