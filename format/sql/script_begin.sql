BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
DO $pgsyncer$
BEGIN
    -- What changes the meaning of names, values and texts. Settings that this server does not know are passed over.
    PERFORM pg_catalog.set_config(s.name, v.value, true)
    FROM (VALUES ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),
                 ('extra_float_digits', '3'), ('bytea_output', 'hex'), ('xmlbinary', 'base64'), ('xmloption', 'content'),
                 ('lc_monetary', 'C'), ('lc_numeric', 'C'), ('lc_time', 'C'), ('search_path', ''), ('row_security', 'off'),
                 ('synchronize_seqscans', 'off'), ('standard_conforming_strings', 'on'), ('check_function_bodies', 'off'),
                 ('quote_all_identifiers', 'off'), ('default_tablespace', ''), ('jit', 'off'),
                 ('client_min_messages', 'warning'), ('idle_in_transaction_session_timeout', '0'),
                 ('idle_session_timeout', '0'), ('transaction_timeout', '0'))
         AS v(name, value)
    JOIN pg_catalog.pg_settings s ON s.name = v.name;
END
$pgsyncer$;
