-- May this role silence triggers, rules and foreign keys by session_replication_role? Before PostgreSQL 15, who is a superuser may.
SELECT r.rolsuper AS may FROM pg_catalog.pg_roles r WHERE r.rolname = current_user;
