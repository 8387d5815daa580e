-- May this role silence triggers, rules and foreign keys by session_replication_role? From PostgreSQL 15 on it can be granted.
SELECT pg_catalog.has_parameter_privilege(current_user, 'session_replication_role', 'SET') AS may;
