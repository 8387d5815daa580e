/*
 * One connection to one of the two databases: opened with pinned session settings, waited on together with interrupts,
 * its failures turned into struct error. A DSN is a libpq URI or conninfo string; libpq's environment, service file and
 * password file work. No message repeats a DSN or a password.
 */
#pragma once

#include "common/error.h"

#include <libpq-fe.h>
#include <stddef.h>
#include <stdint.h>

struct connection {
    PGconn *pg;
    const char *side;       /* "main" or "stand-in", for messages; borrowed */
    int server_version;     /* 150018 for 15.18 */
    bool ended_by_recovery; /* the server, a standby, said that it ends this session for a conflict with recovery */

    /* Where it is set, connection_query() and what is made of it ask this instead of `pg`: a session that another
     * program has with the same server. */
    bool (*query)(struct connection *connection, const char *sql, size_t parameter_count, const char *const *parameters,
                  PGresult **result, struct error *err);
    void *context; /* its own */
};

/*
 * Connects and pins the session (common/pinned_settings.h). Release with connection_close(); nothing is left
 * open on failure. The struct must stay where it is until then: libpq's notices refer to it.
 */
bool connection_open(struct connection *connection, const char *side, const char *dsn, struct error *err) must_check;
void connection_close(
    struct connection *connection); /* also for the cleanup attribute; waits for the rollback of what is open */

/*
 * Runs one statement with text parameters ($1 …, NULL is SQL NULL; the server infers their types) and waits for its
 * result. `result` may be NULL where none is wanted; else release it with PQclear(). An interrupt cancels the
 * statement.
 */
bool connection_query(struct connection *connection, const char *sql, size_t parameter_count,
                      const char *const *parameters, PGresult **result, struct error *err) must_check;

/* Runs SQL without parameters that may hold several statements (simple protocol); results are dropped. */
bool connection_run(struct connection *connection, const char *sql, struct error *err) must_check;

/* One value of one row, as a string to free(); NULL for SQL NULL. No row at all is ERROR_INTERNAL. */
bool connection_value(struct connection *connection, const char *sql, size_t parameter_count,
                      const char *const *parameters, char **value, struct error *err) must_check;

/*
 * Waits until the socket is ready for reading (and, with `writing`, for writing too) or a signal came; then cancels
 * what runs and fails with ERROR_INTERRUPTED. For code that drives the asynchronous calls of libpq itself.
 */
bool connection_wait(struct connection *connection, bool writing, struct error *err) must_check;

/* Puts bytes of COPY … FROM STDIN on the wire, waiting as needed; then ends it and checks what the server says. */
bool connection_copy_put(struct connection *connection, const char *data, size_t length, struct error *err) must_check;
bool connection_copy_end(struct connection *connection, uint64_t *rows, struct error *err) must_check;

/*
 * Runs COPY … TO STDOUT and hands over its rows one by one, each with its newline. Where `take` fails, the rest is not
 * read and the statement is cancelled.
 */
typedef bool (*connection_take_row)(void *context, const char *row, size_t length, struct error *err);
bool connection_copy_rows(struct connection *connection, const char *sql, connection_take_row take_row, void *context,
                          struct error *err) must_check;

/* True when the result is no failure; else fills err from it: SQLSTATE, message, detail, hint, and the exit code they
 * mean. */
bool connection_check(struct connection *connection, const PGresult *result, struct error *err) must_check;

/* The exit code that a server's SQLSTATE means. */
enum error_code connection_code_of(const char *sqlstate);

void result_clear(PGresult **result); /* for the cleanup attribute */
