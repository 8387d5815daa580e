-- The addresses of user mappings, which pg_dump's archive does not have.
SELECT m.umid AS object, m.srvid AS server, coalesce(m.usename, 'public') AS role
FROM pg_user_mappings m;
