-- Is this the server that the plan was made for?
DO $pgsyncer$
DECLARE
    encoding text := (SELECT pg_encoding_to_char(d.encoding) FROM pg_database d WHERE d.datname = current_database());
BEGIN
    IF current_setting('server_version_num')::integer / 10000 <> current_setting('pgsyncer.server_version_num')::integer / 10000 THEN
        RAISE EXCEPTION USING ERRCODE = 'PS007',
            MESSAGE = format('the server is PostgreSQL %s; the plan was made for %s', current_setting('server_version'),
                             current_setting('pgsyncer.server_version'));
    END IF;
    IF encoding <> coalesce(nullif(current_setting('pgsyncer.encoding'), ''), encoding) THEN
        RAISE EXCEPTION USING ERRCODE = 'PS007', MESSAGE = 'the database''s encoding is not the one that the plan was made for';
    END IF;
END
$pgsyncer$;
