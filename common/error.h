/*
 * What went wrong: for people (message, detail, hint), for scripts (exit code, SQLSTATE), and for whoever looks into it
 * (context: what the program was doing, outermost first).
 *
 * A function that can fail takes `struct error *err` last, returns false and fills it. The first error set stays: a
 * later one, from cleaning up, does not hide it.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

/* Code, exit status, and what --help and the documentation say of it. The only place where exit codes are defined. */
#define ERROR_CODES(X)                                                                                                 \
    X(ERROR_NONE, 0, "done")                                                                                           \
    X(ERROR_INTERNAL, 1, "internal error")                                                                             \
    X(ERROR_CHANGES_PRESENT, 2, "changes present (--detailed-exitcode only)")                                          \
    X(ERROR_USAGE, 3, "usage")                                                                                         \
    X(ERROR_CONNECTION, 4, "connection or privilege")                                                                  \
    X(ERROR_ARCHIVE, 5, "archive damaged, unsafe or over a limit")                                                     \
    X(ERROR_POLICY, 6, "signature or policy")                                                                          \
    X(ERROR_BASE_STATE, 7, "the stand-in is not in the base state")                                                    \
    X(ERROR_ALREADY_APPLIED, 8, "already applied or out of order")                                                     \
    X(ERROR_CONFLICT, 9, "conflict, rolled back")                                                                      \
    X(ERROR_VERIFICATION, 10, "verification failed, rolled back")                                                      \
    X(ERROR_DECLINED, 11, "declined")                                                                                  \
    X(ERROR_OUTCOME_UNKNOWN, 12, "outcome of COMMIT unknown, run status")                                              \
    X(ERROR_REFUSED, 13, "refused: what is asked for cannot be done safely")                                           \
    X(ERROR_INTERRUPTED, 130, "interrupted, rolled back")

enum error_code {
#define X(code, exit_status, meaning) code,
    ERROR_CODES(X)
#undef X
};

struct error {
    enum error_code code;
    char sqlstate[6];                        /* five characters, or empty where no server said it */
    char *message, *detail, *hint, *context; /* owned; NULL where there is none */
};

#define must_check __attribute__((warn_unused_result))

/* Sets the error unless one is set already. Always returns false, so that a caller can `return error_set(…)`. */
bool error_set(struct error *err, enum error_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The analyzer sees one file at a time, and must know this to follow a failure. (error.c itself excepted.) */
#if defined(__clang_analyzer__) && !defined(ERROR_C)
#define error_set(...) (error_set(__VA_ARGS__), false)
#endif

/* Add to the error that was just set; each replaces what stood there. Return false. */
bool error_detail(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool error_hint(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool error_sqlstate(struct error *err, const char *sqlstate);

/* Puts "while doing X" in front of the context, on the error's way up. Returns false. */
bool error_context(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

void error_clear(struct error *err); /* back to none; also for the cleanup attribute */

int error_exit_status(enum error_code code);
const char *error_meaning(enum error_code code);
