/*
 * A program that runs as a child process: started without a shell, spoken to through pipes, ended with its owner. And
 * what one of PostgreSQL's own programs is told so that it reaches the database that a connection of ours has reached.
 */
#pragma once

#include "common/connection.h"
#include "common/text.h"

#include <sys/types.h>

struct strings { /* NULL-terminated, as execve() wants them; `struct strings strings = {0}` is an empty one */
    char **items;
    size_t count, capacity;
};

void strings_add(struct strings *strings, char *owned);
void strings_free(struct strings *strings); /* also for the cleanup attribute; wipes them: a password may be among */

struct child {
    pid_t process;             /* 0: none */
    int input, output, errors; /* our ends of its standard input, output and error; -1: none */
};

/*
 * Starts arguments[0], which is looked up in PATH. Without `with_input` it reads from /dev/null. A program that cannot
 * be started is ERROR_USAGE. Signals of a terminal do not reach it: its owner ends it.
 */
bool child_start(struct child *child, const struct strings *arguments, const struct strings *environment,
                 bool with_input, struct error *err) must_check;

/* Takes what is there, closes the descriptor at its end. False where that would be more than `most` bytes. */
bool child_take_bytes(int *descriptor, struct text *text, size_t most) must_check;

void child_close(int *descriptor);

/* Waits for its end; status as waitpid() has it. */
bool child_reap(struct child *child, int *status, struct error *err) must_check;

/* Ends one that still is there; also for the cleanup attribute. */
void child_end(struct child *child);

/* Appends keyword='value', as a conninfo string has it. */
void conninfo_append(struct text *conninfo, const char *keyword, const char *value);

/*
 * Our environment, in which libpq's variables name the database, the user and the password of the connection: nothing
 * of that is to be seen in a process list. Parameters that have no variable and are no secrets (keepalives) are
 * appended to `conninfo`, for an argument; one that has none and may be secret is ERROR_REFUSED.
 */
bool child_environment(const struct connection *connection, struct strings *environment, struct text *conninfo,
                       struct error *err) must_check;
