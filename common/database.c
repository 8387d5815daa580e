/* One of the two databases as one moment shows it. */
#include "common/database.h"

#include "common/memory.h"
#include "common/quote.h"
#include "common/sql.h"

static char *column_value(const PGresult *result, const char *column)
{
    int number = PQfnumber(result, column);

    return copy_string(PQgetisnull(result, 0, number) ? "" : PQgetvalue(result, 0, number));
}

bool database_identify(struct connection *connection, struct database_identity *identity, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    *identity = (struct database_identity){.server_version_number = connection->server_version};
    if (!connection_query(connection, sql_identity, 0, NULL, &result, err))
        return error_context(err, "asking the %s database who it is", connection->side);
    if (PQntuples(result) != 1)
        return error_set(err, ERROR_INTERNAL, "%s: pg_database does not list the current database", connection->side);
    identity->dbname = column_value(result, "dbname");
    identity->server_version = column_value(result, "server_version");
    identity->encoding = column_value(result, "encoding");
    identity->collate = column_value(result, "collate");
    identity->ctype = column_value(result, "ctype");
    identity->lsn = column_value(result, "lsn");
    identity->snapshot = copy_string("");

    /* The privilege to call a function is checked before any CASE is evaluated: hence a statement of its own. */
    if (strcmp(PQgetvalue(result, 0, PQfnumber(result, "may_read_control")), "t") != 0)
        identity->system_identifier = copy_string("");
    else if (!connection_value(connection, "SELECT system_identifier FROM pg_catalog.pg_control_system()", 0, NULL,
                               &identity->system_identifier, err))
        return false;
    return connection->server_version < 150000 ||
           connection_value(connection, sql_collation_version, 0, NULL, &identity->collation_version, err);
}

static bool begin(struct connection *connection, const char *snapshot, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;");
    if (snapshot != NULL) {
        /* SET TRANSACTION SNAPSHOT takes a literal only. */
        text_append(&sql, " SET TRANSACTION SNAPSHOT ");
        quote_literal(&sql, snapshot);
    }
    return connection_run(connection, sql.data, err);
}

static bool open_all(struct database *database, const char *side, const char *dsn, size_t connections,
                     struct error *err)
{
    struct connection *first = &database->connections[0];
    char *snapshot = NULL;

    database->connection_count = 1;
    if (!connection_open(first, side, dsn, err) || !begin(first, NULL, err))
        return false;
    if (!database_identify(first, &database->identity, err) ||
        !connection_value(first, "SELECT pg_catalog.pg_export_snapshot()", 0, NULL, &snapshot, err))
        return false;
    free(database->identity.snapshot);
    database->identity.snapshot = snapshot;

    while (database->connection_count < connections) {
        struct connection *next = &database->connections[database->connection_count++];
        if (!connection_open(next, side, dsn, err))
            return err->code != ERROR_INTERRUPTED && err->hint == NULL
                       ? error_hint(err, "%zu of %zu connections were made: give fewer --workers.",
                                    database->connection_count - 1, connections)
                       : false;
        if (!begin(next, snapshot, err)) {
            if (err->hint == NULL && err->code != ERROR_INTERRUPTED)
                error_hint(err, "All connections must reach the same server: where the DSN names several hosts, "
                                "name one.");
            return error_context(err, "sharing the snapshot of the %s database", side);
        }
    }
    return true;
}

bool database_open(struct database *database, const char *side, const char *dsn, size_t connections, struct error *err)
{
    *database =
        (struct database){.connections = allocate(connections > 0 ? connections : 1, sizeof(struct connection))};
    if (open_all(database, side, dsn, connections, err))
        return true;
    database_close(database);
    return false;
}

void database_close(struct database *database)
{
    for (size_t i = 0; i < database->connection_count; i++)
        connection_close(&database->connections[i]);
    free(database->connections);
    database_identity_free(&database->identity);
    *database = (struct database){0};
}
