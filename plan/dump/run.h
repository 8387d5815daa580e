/*
 * Runs pg_dump as a child process: no shell, and no password in its arguments (it goes through the environment, which
 * only the same user can read).
 */
#pragma once

#include "common/connection.h"
#include "common/text.h"

struct dump_request {
    const char *program;        /* "pg_dump", looked up in PATH, or a path */
    const char *snapshot;       /* as pg_export_snapshot() named it, on the same server */
    const char *const *schemas; /* names; none is the whole database */
    size_t schema_count;
    const char *const *tables; /* the only ones, or those to leave out: schema, name, schema, name, … */
    size_t table_count;        /* pairs */
    bool tables_only;          /* the tables are the only ones, whatever `schemas` says */
};

/*
 * Appends the archive to `output`. The connection says where to: the server that it reached, its user and its database.
 * A pg_dump older than the server, one that cannot be started and one that fails are errors, the last with what it
 * wrote to standard error; an interrupt ends it.
 */
bool dump_run(const struct connection *connection, const struct dump_request *request, struct text *output,
              struct error *err) must_check;
