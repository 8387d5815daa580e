/* One connection to one of the two databases. */
#include "common/connection.h"

#include "common/dsn.h"
#include "common/interrupt.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/pinned_settings.h"
#include "common/text.h"

#include <errno.h>
#include <poll.h>

/* The first line is the message; what libpq adds in more lines is the detail. */
static const char recovery_conflict[] = "40001"; /* on a hot standby */

static bool hint_at_recovery(struct error *err)
{
    return error_hint(err, "Recovery removed rows that the snapshot still needs: raise max_standby_streaming_delay on "
                           "the standby or turn on hot_standby_feedback.");
}

static bool set_failure(struct connection *connection, struct error *err)
{
    cleanup(text_free) struct text rest = {0};
    const char *message = PQerrorMessage(connection->pg);
    size_t first = strcspn(message, "\n");

    if (err->code != ERROR_NONE)
        return false;
    for (const char *at = message + first; *at != '\0'; at++)
        if (*at != '\t' && (*at != '\n' || (rest.length > 0 && at[1] != '\0')))
            text_append_char(&rest, *at);
    error_set(err, ERROR_CONNECTION, "%s: %.*s", connection->side, (int)first,
              first > 0 ? message : "the connection failed");
    if (rest.length > 0)
        error_detail(err, "%s", rest.data);
    return connection->ended_by_recovery ? hint_at_recovery(err) : false;
}

enum error_code connection_code_of(const char *sqlstate)
{
    static const struct {
        const char *prefix;
        enum error_code code;
    } codes[] = {
        {"08", ERROR_CONNECTION},    /* connection */
        {"28", ERROR_CONNECTION},    /* authorization */
        {"3D000", ERROR_CONNECTION}, /* no such database */
        {"42501", ERROR_CONNECTION}, /* privilege */
        {"53", ERROR_CONNECTION},    /* resources: disk full, too many connections */
        {"57P", ERROR_CONNECTION},   /* the server is going away */
        {"55P03", ERROR_CONNECTION}, /* lock_timeout */
        {"57014", ERROR_CONNECTION}, /* statement_timeout, or someone else cancelled it */
        {"40001", ERROR_CONNECTION}, /* on a hot standby: conflict with recovery */
        {"P0", ERROR_REFUSED},       /* a trigger or event trigger that raises an exception */
        {"2201B", ERROR_USAGE},      /* a name pattern that is no regular expression */
    };

    if (strcmp(sqlstate, "57014") == 0 && interrupt_requested())
        return ERROR_INTERRUPTED;
    for (size_t i = 0; i < array_length(codes); i++)
        if (strncmp(sqlstate, codes[i].prefix, strlen(codes[i].prefix)) == 0)
            return codes[i].code;
    return ERROR_INTERNAL;
}

static bool on_standby(const struct connection *connection)
{
    const char *value = PQparameterStatus(connection->pg, "in_hot_standby");

    return value != NULL && strcmp(value, "on") == 0;
}

/* A value or row of which the server cannot make a text. Both messages are the same in all languages, or have a place.
 */
static bool is_too_long(const PGresult *result, const char *message)
{
    static const char allocation[] = "invalid memory alloc request size";
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

    return strncmp(message, allocation, strlen(allocation)) == 0 ||
           (function != NULL && strncmp(function, "enlargeStringInfo", strlen("enlargeStringInfo")) == 0);
}

/* Names of the server's functions are the same in all languages. */
static bool is_raised_by(const PGresult *result, const char *name)
{
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

    return function != NULL && strcmp(function, name) == 0;
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

    if (err->code != ERROR_NONE)
        return false;
    if (sqlstate == NULL)
        sqlstate = "";
    bool too_long = is_too_long(result, message);
    bool misplaced =
        is_raised_by(result, "ExecPartitionCheckEmitError");        /* in a partition that is not the row's own here */
    bool without_place = is_raised_by(result, "ExecFindPartition"); /* no partition takes the row */
    error_set(err, too_long || misplaced || without_place ? ERROR_REFUSED : connection_code_of(sqlstate), "%s: %s",
              connection->side, message);
    error_sqlstate(err, sqlstate);
    if (detail != NULL)
        error_detail(err, "%s", detail);
    if (strcmp(sqlstate, recovery_conflict) == 0 && on_standby(connection))
        hint_at_recovery(err); /* the server's own, to try again, would lead here again */
    else if (hint != NULL)
        error_hint(err, "%s", hint);
    else if (misplaced)
        error_hint(err,
                   "Main has the row in the partition of this name; here its value belongs to another one. So it is "
                   "with hash partitions by an enum type, whose labels hash otherwise in each database, and with "
                   "ranges of texts, where the databases have different collations. Partition by a list, or by a "
                   "column with a collation of its own.");
    else if (without_place)
        error_hint(err,
                   "Main has a row that none of the stand-in's partitions takes. Make a partition for it there, or "
                   "a default one, or let the plan carry the schema too (--sync-schema).");
    else if (too_long)
        error_hint(err, "PostgreSQL makes no text of 1 GB or more, and a value or row would need one. pg_dump cannot "
                        "read it either. Leave its table out (--exclude-table).");
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

/*
 * After a cancel: takes what the server still sends, so that the connection can be used again. A server that is out of
 * reach is given up; the connection ends with the program then.
 */
static void drain(struct connection *connection)
{
    enum { PATIENCE = 10000 }; /* ms */
    struct pollfd wait = {.fd = PQsocket(connection->pg), .events = POLLIN};

    for (;;) {
        (void)PQflush(connection->pg);
        while (PQisBusy(connection->pg))
            if (poll(&wait, 1, PATIENCE) <= 0 || !PQconsumeInput(connection->pg))
                return;
        cleanup(result_clear) PGresult *result = PQgetResult(connection->pg);
        if (result == NULL || PQresultStatus(result) == PGRES_COPY_IN || PQresultStatus(result) == PGRES_COPY_OUT)
            return;
    }
}

/* Reads results until there are no more or a COPY begins; keeps the last. */
static bool finish(struct connection *connection, PGresult **result, struct error *err)
{
    cleanup(result_clear) PGresult *kept = NULL;
    bool good = true;

    for (;;) {
        if (!wait_for_result(connection, err)) {
            drain(connection);
            return false;
        }
        PGresult *next = PQgetResult(connection->pg);
        if (next == NULL)
            break;
        result_clear(&kept);
        kept = next;
        good = good && connection_check(connection, kept, err);
        if (PQresultStatus(kept) == PGRES_COPY_IN || PQresultStatus(kept) == PGRES_COPY_OUT)
            break;
    }
    if (!good)
        return false;
    if (kept == NULL)
        return set_failure(connection, err);
    if (result != NULL)
        *result = take(kept);
    return true;
}

bool connection_query(struct connection *connection, const char *sql, size_t parameter_count,
                      const char *const *parameters, PGresult **result, struct error *err)
{
    if (connection->query != NULL)
        return connection->query(connection, sql, parameter_count, parameters, result, err);
    if (!PQsendQueryParams(connection->pg, sql, (int)parameter_count, NULL, parameters, NULL, NULL, 0))
        return set_failure(connection, err);
    return finish(connection, result, err);
}

bool connection_run(struct connection *connection, const char *sql, struct error *err)
{
    if (connection->query != NULL)
        return connection->query(connection, sql, 0, NULL, NULL, err);
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

/* Sends what libpq has buffered. */
static bool flush_out(struct connection *connection, struct error *err)
{
    for (int pending; (pending = PQflush(connection->pg)) != 0;) {
        if (pending < 0)
            return set_failure(connection, err);
        if (!connection_wait(connection, true, err))
            return false;
        if (!PQconsumeInput(connection->pg))
            return set_failure(connection, err);
    }
    return true;
}

bool connection_copy_put(struct connection *connection, const char *data, size_t length, struct error *err)
{
    const size_t most = 1 << 20; /* PQputCopyData takes an int, and one piece should not grow libpq's buffer much */

    while (length > 0) {
        size_t piece = length < most ? length : most;
        int queued = PQputCopyData(connection->pg, data, (int)piece);
        if (queued < 0)
            return set_failure(connection, err);
        if (queued > 0) {
            data += piece;
            length -= piece;
        }
        if (!flush_out(connection, err))
            return false;
    }
    return true;
}

bool connection_copy_end(struct connection *connection, uint64_t *rows, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    int queued;

    while ((queued = PQputCopyEnd(connection->pg, NULL)) == 0)
        if (!flush_out(connection, err))
            return false;
    if (queued < 0)
        return set_failure(connection, err);
    if (!finish(connection, &result, err))
        return false;
    if (rows != NULL)
        *rows = strtoull(PQcmdTuples(result), NULL, 10);
    return true;
}

/* One row, or NULL at the end. */
static bool next_row(struct connection *connection, char **row, int *length, struct error *err)
{
    while ((*length = PQgetCopyData(connection->pg, row, 1)) == 0) {
        if (!connection_wait(connection, false, err))
            return false;
        if (!PQconsumeInput(connection->pg))
            return set_failure(connection, err);
    }
    return true;
}

static bool take_rows(struct connection *connection, connection_take_row take_row, void *context, struct error *err)
{
    char *row = NULL;
    int length;

    for (;;) {
        if (!next_row(connection, &row, &length, err))
            return false;
        if (length < 0) /* the end, or a failure that the next result tells */
            return true;
        bool taken = take_row(context, row, (size_t)length, err);
        PQfreemem(row);
        if (!taken) {
            cancel_running(connection);
            return false;
        }
    }
}

/* After a failure: what the server still sends of the COPY, until the statement is over. */
static void drop_rows(struct connection *connection)
{
    cleanup(error_clear) struct error ignored = {0};
    char *row = NULL;
    int length;

    while (next_row(connection, &row, &length, &ignored) && length > 0)
        PQfreemem(row);
    drain(connection);
}

bool connection_copy_rows(struct connection *connection, const char *sql, connection_take_row take_row, void *context,
                          struct error *err)
{
    if (!connection_query(connection, sql, 0, NULL, NULL, err))
        return false;
    if (take_rows(connection, take_row, context, err))
        return finish(connection, NULL, err);
    drop_rows(connection);
    return false;
}

/*
 * Waits for the server to have rolled back, so that no lock outlives the program. Closing alone would do it too, but at
 * a time that nobody can tell.
 */
static void roll_back(struct connection *connection)
{
    PGTransactionStatusType status = PQtransactionStatus(connection->pg);

    if (status == PQTRANS_ACTIVE) {
        cancel_running(connection);
        (void)PQputCopyEnd(connection->pg, "abandoned"); /* does nothing outside COPY FROM STDIN */
        drain(connection);
        status = PQtransactionStatus(connection->pg);
    }
    if ((status == PQTRANS_INTRANS || status == PQTRANS_INERROR) && PQsendQuery(connection->pg, "ROLLBACK"))
        drain(connection);
}

void connection_close(struct connection *connection)
{
    if (connection->pg != NULL)
        roll_back(connection);
    PQfinish(connection->pg);
    connection->pg = NULL;
}

void result_clear(PGresult **result)
{
    PQclear(*result);
    *result = NULL;
}

/* A time limit of the role's or database's own is lifted before anything else, which may take longer. */
static bool pin_session(struct connection *connection, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "SET statement_timeout = 0; SELECT ");
    for (size_t i = 0; i < pinned_setting_count; i++)
        if (connection->server_version >= pinned_settings[i].since)
            text_appendf(&sql, "%spg_catalog.set_config('%s', '%s', false)", i > 0 ? ", " : "", pinned_settings[i].name,
                         pinned_settings[i].value);
    return connection_run(connection, sql.data, err);
}

static int64_t clock_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* libpq leaves connect_timeout to whoever waits: when it is over, on clock_milliseconds(); 0 where there is none. */
static int64_t connect_deadline(struct connection *connection)
{
    PQconninfoOption *options = PQconninfo(connection->pg);
    int64_t deadline = 0;

    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
        if (strcmp(option->keyword, "connect_timeout") == 0 && option->val != NULL) {
            long seconds = strtol(option->val, NULL, 10);
            if (seconds > 0 && seconds < 1000000)
                deadline = clock_milliseconds() + (seconds < 2 ? 2 : seconds) * 1000;
        }
    PQconninfoFree(options);
    return deadline;
}

static bool poll_connection(struct connection *connection, struct error *err)
{
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    int64_t deadline = connect_deadline(connection);

    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED)
            return set_failure(connection, err);
        struct pollfd waits[2] = {
            {.fd = PQsocket(connection->pg), .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT},
            {.fd = interrupt_fd(), .events = POLLIN},
        };
        int64_t left = deadline != 0 ? deadline - clock_milliseconds() : -1;
        if (deadline != 0 && left <= 0)
            return error_set(err, ERROR_CONNECTION, "%s: no connection within connect_timeout", connection->side);
        if (poll(waits, 2, (int)left) < 0 && errno != EINTR)
            return error_set(err, ERROR_INTERNAL, "poll: %s", strerror(errno));
        if (!interrupt_check(err))
            return false;
        if (waits[0].revents != 0)
            state = PQconnectPoll(connection->pg);
    }
    return true;
}

static void log_notice_from_server(void *context, const PGresult *result)
{
    struct connection *connection = context;
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    /* A session that is idle when it is ended learns of it so. */
    connection->ended_by_recovery |= sqlstate != NULL && strcmp(sqlstate, recovery_conflict) == 0;
    log_warning("%s: %s", connection->side, message != NULL ? message : PQresultErrorMessage(result));
}

static bool open_session(struct connection *connection, const char *dsn, struct error *err)
{
    const char *const names[] = {"dbname", "fallback_application_name", NULL};
    const char *const values[] = {dsn, "pgsyncer", NULL};

    connection->pg = PQconnectStartParams(names, values, 1);
    if (connection->pg == NULL)
        return error_set(err, ERROR_INTERNAL, "out of memory");
    if (PQstatus(connection->pg) == CONNECTION_BAD)
        return set_failure(connection, err);
    if (!poll_connection(connection, err)) {
        if (err->code == ERROR_CONNECTION && PQconnectionNeedsPassword(connection->pg))
            error_hint(err, "Give the password in libpq's password file (~/.pgpass) or in PGPASSWORD.");
        return false;
    }
    if (PQsetnonblocking(connection->pg, 1) != 0)
        return set_failure(connection, err);
    PQsetNoticeReceiver(connection->pg, log_notice_from_server, connection);
    connection->server_version = PQserverVersion(connection->pg);
    if (connection->server_version < 100000) {
        error_set(err, ERROR_CONNECTION, "%s: PostgreSQL %s is too old", connection->side,
                  PQparameterStatus(connection->pg, "server_version"));
        return error_hint(err, "PGSyncer works with PostgreSQL 10 and newer.");
    }
    return pin_session(connection, err);
}

bool connection_open(struct connection *connection, const char *side, const char *dsn, struct error *err)
{
    *connection = (struct connection){.side = side};
    if (!dsn_check(side, dsn, err))
        return false;
    if (open_session(connection, dsn, err))
        return true;
    connection_close(connection);
    return false;
}
