/* Which database, and as of which moment. Apart from database.h because the plan file knows it and knows no connection.
 */
#pragma once

/* Strings are owned by the struct that holds it; release with database_identity_free(). */
struct database_identity {
    char *dbname, *server_version; /* "15.18" */
    char *system_identifier;       /* decimal; empty where the role may not call pg_control_system() */
    char *encoding, *collate, *ctype;
    char *collation_version;   /* NULL where the server does not know one */
    char *snapshot, *lsn;      /* as pg_export_snapshot() and pg_current_wal_lsn() (or the replayed one) print them;
                                * snapshot is empty where none was exported */
    int server_version_number; /* 150018 */
};

void database_identity_free(struct database_identity *identity);
