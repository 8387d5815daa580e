/*
 * The way from the stand-in to main inside of apply's transaction: a server of postgres_fdw, a user mapping and one
 * foreign table at a time, pg_temp.pgsyncer_main. They are gone before COMMIT, so nobody else ever sees them.
 */
#pragma once

#include "apply/job.h"

/* Makes the server and the user mapping, and the extension where it is missing, once main_connect() has been there.
 * Does nothing where the plan fetches no rows. */
bool foreign_server_open(struct apply_job *job, struct error *err) must_check;
bool foreign_server_close(struct apply_job *job, struct error *err) must_check; /* and removes them */

/* Rows of (problem): what keeps the role from making them. PQclear() the result. */
bool foreign_server_find_problems(struct apply_job *job, PGresult **problems, struct error *err) must_check;

/* How main looks up keys: SQL over the alias t that keeps it to those in pg_temp.pgsyncer_wanted from number $1 to
 * before $2, so many at most. NULL (and free() it else): it cannot. */
struct main_lookup {
    char *condition;
    uint64_t keys;
};

/* Makes pg_temp.pgsyncer_main, main's table of that number. */
bool foreign_table_create(struct apply_job *job, size_t number, struct main_lookup *lookup,
                          struct error *err) must_check;
bool foreign_table_drop(struct apply_job *job, struct error *err) must_check;

/* What failed while main was read through postgres_fdw: is it that main moved on? Returns false. */
bool explain_main(struct error *err);
