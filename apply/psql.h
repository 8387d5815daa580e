/*
 * psql as a child process, and the session that it has: told what to do through a pipe, understood by what it writes to
 * standard error. Nothing goes through a shell, and its arguments hold neither the DSN nor a password.
 */
#pragma once

#include "common/child.h"

struct psql {
    const char *program; /* as it was named */
    struct child child;
    int status;                                    /* of its end, as waitpid() has it */
    bool gone;                                     /* it has closed its ends */
    bool reached;                                  /* see psql_sync() */
    bool collecting;                               /* standard output is kept; else dropped */
    struct text output;                            /* of standard output */
    struct text messages;                          /* of standard error, not yet understood */
    struct text other;                             /* lines of it that no server said */
    struct error failure;                          /* the first error that it wrote */
    void (*hear)(void *context, const char *said); /* of each INFO "pgsyncer: …", what follows */
    void *context;                                 /* of hear */
};

/* Is it a psql that can run the script? ERROR_USAGE where there is none, ERROR_REFUSED where it is too old. */
bool psql_check(const char *program, struct error *err) must_check;

/* Starts it, to reach what the connection has reached. Release with psql_end(), on failure too. */
bool psql_start(struct psql *psql, const char *program, const struct connection *connection,
                void (*hear)(void *context, const char *said), void *context, struct error *err) must_check;

/* A stream whose text psql runs as it comes; fclose() it. Writing fails once psql is gone, or an interrupt came. */
FILE *psql_stream(struct psql *psql);

/* Waits until everything that was sent so far has run. */
bool psql_sync(struct psql *psql, struct error *err) must_check;

/*
 * Ends its input and waits for its end; what went wrong in it becomes the error. Must not be called before psql_sync()
 * or the stream's fclose() have sent everything.
 */
bool psql_finish(struct psql *psql, struct error *err) must_check;

/* Makes it stop: cancels what runs; its transaction is rolled back. */
void psql_stop(struct psql *psql);
void psql_end(struct psql *psql); /* also for the cleanup attribute */

/* For struct connection.query; its context is the psql: a query of ours, run in psql's session. */
bool psql_query(struct connection *connection, const char *sql, size_t parameter_count, const char *const *parameters,
                PGresult **result, struct error *err) must_check;

/* One message of standard error, in pieces: for psql_hear(). */
struct psql_message {
    char sqlstate[6];
    bool is_error;
    struct text message, detail, hint;
};

/*
 * Takes the next complete message off the front of `text`; false where there is none yet. What no server said goes to
 * `other`. `program` is the name that it gives itself; `at_end`: nothing more will come. VERBOSITY must be verbose.
 */
bool psql_message_take(struct text *text, const char *program, bool at_end, struct psql_message *message,
                       struct text *other);
void psql_message_free(struct psql_message *message); /* also for the cleanup attribute */

/* What COPY … (FORMAT csv, HEADER true, FORCE_QUOTE *) wrote, as a result; PQclear() it. NULL: it is no such text. */
PGresult *psql_result(const char *csv, size_t length);
