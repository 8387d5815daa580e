-- Makes the server and the user mapping that pg_temp.pgsyncer_options (part, name, value) describes: part `name` has the
-- names of the server and the wrapper, `server` and `user` have options.
--
-- The password reaches the server in COPY data and stands in no statement that a client sends, so that neither
-- log_statement nor log_min_duration_statement nor pg_stat_activity shows it. An error would be logged with the statement
-- that PL/pgSQL ran, as the context of any other message is: hence it is caught, and raised again without. What would look
-- at statements inside of this one, and all messages to the server's log, are turned off for the one that has the
-- password, and on again, where the role may; where it may not, foreign_server_problems.sql has looked.
DO $do$
DECLARE
    server text := (SELECT o.value FROM pg_temp.pgsyncer_options o WHERE o.part = 'name' AND o.name = 'server');
    wrapper text := (SELECT o.value FROM pg_temp.pgsyncer_options o WHERE o.part = 'name' AND o.name = 'wrapper');
    watching record;
    watchers jsonb := '{}';
    state text;
    message text;
    hint text;
BEGIN
    EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER %I OPTIONS (%s)', server, wrapper,
                   (SELECT string_agg(format('%I %L', o.name, o.value), ', ') FROM pg_temp.pgsyncer_options o WHERE o.part = 'server'));
    FOR watching IN
        SELECT s.name, s.setting, v.off
        FROM (VALUES ('log_min_messages', 'panic'), ('pg_stat_statements.track', 'none'), ('pgaudit.log', 'none'), ('debug_print_parse', 'off'),
                     ('debug_print_rewritten', 'off'), ('debug_print_plan', 'off')) AS v(name, off)
        JOIN pg_catalog.pg_settings s ON s.name = v.name
        WHERE s.setting <> v.off
          AND (s.context = 'user' OR (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user))
    LOOP
        watchers := watchers || jsonb_build_object(watching.name, watching.setting);
        PERFORM pg_catalog.set_config(watching.name, watching.off, true);
    END LOOP;
    EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER %I OPTIONS (%s)', server,
                   (SELECT string_agg(format('%I %L', o.name, o.value), ', ') FROM pg_temp.pgsyncer_options o WHERE o.part = 'user'));
    PERFORM pg_catalog.set_config(w.key, w.value, true) FROM jsonb_each_text(watchers) AS w;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, HINT = hint;
END
$do$;
