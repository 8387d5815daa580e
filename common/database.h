/*
 * One of the two databases as one moment shows it: a REPEATABLE READ, READ ONLY snapshot, exported by the first
 * connection and shared by the others (pg_export_snapshot). Works on a hot standby too.
 */
#pragma once

#include "common/connection.h"
#include "common/database_identity.h"

struct database {
    struct connection *connections; /* [0] exported the snapshot; all are inside their transaction */
    size_t connection_count;
    struct database_identity identity;
};

bool database_open(struct database *database, const char *side, const char *dsn, size_t connections,
                   struct error *err) must_check;
void database_close(struct database *database); /* also for the cleanup attribute */

bool database_identify(struct connection *connection, struct database_identity *identity, struct error *err) must_check;
