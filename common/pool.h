/*
 * An event loop over the connections of a few databases: tasks are queued per database, each is one statement, and each
 * runs on whichever connection of its database is free. One thread; callbacks run in it, one at a time.
 *
 * The order in which tasks of one database start is the order in which they were added; the order in which they answer
 * is not defined, so whoever needs an order puts results in order. A consumer that is behind pauses its task: the
 * connection is not read until the task is resumed, and the server waits.
 */
#pragma once

#include "common/database.h"

struct pool;
struct task;

/* Return false with err set to end the run; what else runs is cancelled then. */
typedef bool (*task_row)(struct task *task, const PGresult *result, int row, struct error *err);
typedef bool (*task_data)(struct task *task, const char *bytes, size_t length, struct error *err);
typedef bool (*task_done)(struct task *task, struct error *err);

/* What a task is made of; copied by pool_add(). The texts and parameters are borrowed until `done` was called. */
struct task_spec {
    const char *sql;
    size_t parameter_count;
    const char *const *parameters; /* text; NULL is SQL NULL */
    bool single_rows;              /* rows one by one as they come; else the result as a whole, which must be small */
    bool alone;                    /* no other task runs while it does: what it brings is large */
    task_row row;                  /* may be NULL */
    task_data data;                /* for COPY … TO STDOUT: one row each, with its newline */
    task_done done;                /* after the last row; may add tasks; may be NULL */
    void *context;
    const char *schema, *table; /* whose rows it brings, for an error to say; NULL: it does not */
};

struct task {
    struct task_spec spec;
    size_t side;      /* index of its database */
    uint64_t payload; /* the owner's own number */
    bool paused;      /* set and cleared by callbacks */
};

/* The databases are borrowed; their connections must be idle and are not to be used by others until pool_free(). */
struct pool *pool_new(struct database *const *databases, size_t count);
void pool_free(struct pool *pool); /* NULL is fine */
void pool_cleanup(struct pool **pool);

void pool_add(struct pool *pool, size_t side, const struct task_spec *spec, uint64_t payload);

/* Runs until no task is left. After a failure the queue is empty and the connections are idle again. */
bool pool_run(struct pool *pool, struct error *err) must_check;

/* One statement on every connection of every database, such as a setting. */
bool pool_run_everywhere(struct pool *pool, const char *sql, struct error *err) must_check;
