/* One connection to one of the two databases. */
#include "common/connection.h"

#include "common/interrupt.h"
#include "common/memory.h"
#include "common/text.h"

#include <errno.h>
#include <poll.h>

/*
 * What would change the text of a value or the way of a statement is the same on every connection, whatever the role,
 * the database or postgresql.conf say. Settings that a server version lacks are passed over (second column: since
 * when).
 */
static const struct {
    const char *name, *value;
    int since;
} pinned_settings[] = {
    {"client_encoding", "UTF8", 0},
    {"DateStyle", "ISO, YMD", 0},
    {"IntervalStyle", "postgres", 0},
    {"TimeZone", "UTC", 0},
    {"extra_float_digits", "3", 0},
    {"bytea_output", "hex", 0},
    {"xmlbinary", "base64", 0},
    {"xmloption", "content", 0},
    {"lc_monetary", "C", 0},
    {"lc_numeric", "C", 0},
    {"lc_time", "C", 0},
    {"lc_messages", "C", 0},
    {"search_path", "", 0},
    {"row_security", "off", 0},
    {"synchronize_seqscans", "off", 0},
    {"standard_conforming_strings", "on", 0},
    {"default_transaction_isolation", "read committed", 0},
    {"statement_timeout", "0", 0},
    {"lock_timeout", "0", 0},
    {"idle_in_transaction_session_timeout", "0", 0},
    {"transaction_timeout", "0", 170000},
    {"idle_session_timeout", "0", 140000},
    {"jit", "off", 110000},
    {"check_function_bodies", "off", 0},
    {"client_min_messages", "warning", 0},
    {"quote_all_identifiers", "off", 0},
};

static bool set_failure(struct connection *connection, struct error *err)
{
    const char *message = PQerrorMessage(connection->pg);
    const char *first = strncmp(message, "connection to server", 20) == 0 ? message : message;
    size_t length = strlen(first);

    while (length > 0 && (first[length - 1] == '\n' || first[length - 1] == ' '))
        length--;
    error_set(err, ERROR_CONNECTION, "%s: %.*s", connection->side, (int)length, first);
    return false;
}

bool connection_check(struct connection *connection, const PGresult *result, struct error *err)
{
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE ||
        status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_EMPTY_QUERY)
        return true;

    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);

    if (result == NULL || message == NULL)
        return set_failure(connection, err);

    enum error_code code = ERROR_INTERNAL;
    if (sqlstate != NULL) {
        /* 08 connection, 28 authorization, 42501 privilege, 53 resources, 57P server going away, 55P03 lock not
         * available. */
        if (strncmp(sqlstate, "08", 2) == 0 || strncmp(sqlstate, "28", 2) == 0 || strcmp(sqlstate, "42501") == 0 ||
            strncmp(sqlstate, "53", 2) == 0 || strncmp(sqlstate, "57P", 3) == 0 || strcmp(sqlstate, "55P03") == 0)
            code = ERROR_CONNECTION;
        else if (strcmp(sqlstate, "57014") == 0 && interrupt_requested())
            code = ERROR_INTERRUPTED;
    }
    error_set(err, code, "%s: %s", connection->side, message);
    error_sqlstate(err, sqlstate);
    if (detail != NULL)
        error_detail(err, "%s", detail);
    if (hint != NULL)
        error_hint(err, "%s", hint);
    return false;
}

static void cancel_running(struct connection *connection)
{
    char message[256];
    PGcancel *cancel = PQgetCancel(connection->pg);

    if (cancel != NULL) {
        PQcancel(cancel, message, sizeof message);
        PQfreeCancel(cancel);
    }
}

bool connection_wait(struct connection *connection, bool writing, struct error *err)
{
    struct pollfd waits[2] = {
        {.fd = PQsocket(connection->pg), .events = (short)(POLLIN | (writing ? POLLOUT : 0))},
        {.fd = interrupt_fd(), .events = POLLIN},
    };

    while (!interrupt_requested()) {
        int ready = poll(waits, 2, -1);
        if (ready > 0 && waits[0].revents != 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return error_set(err, ERROR_INTERNAL, "poll: %s", strerror(errno));
    }
    cancel_running(connection);
    return error_set(err, ERROR_INTERRUPTED, "interrupted");
}

/* Sends what is left in libpq's buffer and waits until a result can be had without blocking. */
static bool wait_for_result(struct connection *connection, struct error *err)
{
    for (;;) {
        int pending = PQflush(connection->pg);
        if (pending < 0)
            return set_failure(connection, err);
        if (pending == 0 && !PQisBusy(connection->pg))
            return true;
        if (!connection_wait(connection, pending > 0, err))
            return false;
        if (!PQconsumeInput(connection->pg))
            return set_failure(connection, err);
    }
}

/* Reads results until there are no more; keeps the last, or the first that failed. */
static bool finish(struct connection *connection, PGresult **result, struct error *err)
{
    PGresult *kept = NULL;

    for (;;) {
        if (!wait_for_result(connection, err))
            break;
        PGresult *next = PQgetResult(connection->pg);
        if (next == NULL)
            break;
        if (err->code == ERROR_NONE && !connection_check(connection, next, err)) {
            PQclear(next);
            continue;
        }
        PQclear(kept);
        kept = next;
        ExecStatusType status = PQresultStatus(kept);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
            break;
    }
    if (err->code == ERROR_INTERRUPTED)
        while (PQgetResult(connection->pg) != NULL)
            continue; /* the cancelled statement's end, so that ROLLBACK can be sent; libpq frees with the connection */
    if (err->code != ERROR_NONE || kept == NULL) {
        PQclear(kept);
        return err->code != ERROR_NONE ? false : set_failure(connection, err);
    }
    if (result != NULL)
        *result = kept;
    else
        PQclear(kept);
    return true;
}

bool connection_query(struct connection *connection, const char *sql, size_t parameter_count,
                      const char *const *parameters, PGresult **result, struct error *err)
{
    if (!PQsendQueryParams(connection->pg, sql, (int)parameter_count, NULL, parameters, NULL, NULL, 0))
        return set_failure(connection, err);
    return finish(connection, result, err);
}

bool connection_run(struct connection *connection, const char *sql, struct error *err)
{
    if (!PQsendQuery(connection->pg, sql))
        return set_failure(connection, err);
    return finish(connection, NULL, err);
}

bool connection_value(struct connection *connection, const char *sql, size_t parameter_count,
                      const char *const *parameters, char **value, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(connection, sql, parameter_count, parameters, &result, err))
        return false;
    if (PQntuples(result) < 1 || PQnfields(result) < 1)
        return error_set(err, ERROR_INTERNAL, "%s: a query that must return a row returned none", connection->side);
    *value = PQgetisnull(result, 0, 0) ? NULL : copy_string(PQgetvalue(result, 0, 0));
    return true;
}

bool connection_copy_put(struct connection *connection, const char *data, size_t length, struct error *err)
{
    enum {
        PIECE = 1 << 20
    }; /* PQputCopyData takes an int, and one piece should not grow libpq's buffer without bound */

    while (length > 0) {
        size_t piece = length < PIECE ? length : PIECE;
        int queued = PQputCopyData(connection->pg, data, (int)piece);
        if (queued < 0)
            return set_failure(connection, err);
        if (queued > 0) {
            data += piece;
            length -= piece;
        }
        for (int pending; (pending = PQflush(connection->pg)) != 0;) {
            if (pending < 0)
                return set_failure(connection, err);
            if (!connection_wait(connection, true, err))
                return false;
            if (!PQconsumeInput(connection->pg))
                return set_failure(connection, err);
        }
    }
    return true;
}

bool connection_copy_end(struct connection *connection, uint64_t *rows, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (PQputCopyEnd(connection->pg, NULL) < 0)
        return set_failure(connection, err);
    if (!finish(connection, &result, err))
        return false;
    if (rows != NULL)
        *rows = strtoull(PQcmdTuples(result), NULL, 10);
    return true;
}

void connection_close(struct connection *connection)
{
    PQfinish(connection->pg);
    connection->pg = NULL;
}

void result_clear(PGresult **result)
{
    PQclear(*result);
    *result = NULL;
}

static bool pin_session(struct connection *connection, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    for (size_t i = 0; i < array_length(pinned_settings); i++)
        if (connection->server_version >= pinned_settings[i].since)
            text_appendf(&sql, "%s pg_catalog.set_config('%s', '%s', false)", sql.length > 0 ? "," : "SELECT",
                         pinned_settings[i].name, pinned_settings[i].value);
    return connection_query(connection, sql.data, 0, NULL, NULL, err);
}

bool connection_open(struct connection *connection, const char *side, const char *dsn, struct error *err)
{
    const char *const names[] = {"dbname", "fallback_application_name", NULL};
    const char *const values[] = {dsn, "pgsyncer", NULL};

    *connection = (struct connection){.side = side};
    connection->pg = PQconnectStartParams(names, values, 1);
    if (connection->pg == NULL)
        return error_set(err, ERROR_INTERNAL, "out of memory");
    if (PQstatus(connection->pg) == CONNECTION_BAD)
        return set_failure(connection, err);

    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED)
            return set_failure(connection, err);
        struct pollfd waits[2] = {
            {.fd = PQsocket(connection->pg), .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT},
            {.fd = interrupt_fd(), .events = POLLIN},
        };
        if (poll(waits, 2, -1) < 0 && errno != EINTR)
            return error_set(err, ERROR_INTERNAL, "poll: %s", strerror(errno));
        if (!interrupt_check(err))
            return false;
        if (waits[0].revents != 0)
            state = PQconnectPoll(connection->pg);
    }
    if (PQsetnonblocking(connection->pg, 1) != 0)
        return set_failure(connection, err);
    connection->server_version = PQserverVersion(connection->pg);
    if (connection->server_version < 100000)
        return error_set(err, ERROR_CONNECTION, "%s: PostgreSQL %s is too old", side,
                         PQparameterStatus(connection->pg, "server_version")),
               error_hint(err, "PGSyncer works with PostgreSQL 10 and newer.");
    return pin_session(connection, err);
}
