/* Main, where apply needs it: for a plan of --fdw-mode, whose rows it fetches. */
#pragma once

#include "apply/job.h"

/* Is --maindsn there where the plan needs it, and only there? ERROR_USAGE else. */
bool main_option_check(const struct apply_job *job, struct error *err) must_check;

/*
 * Connects to main, where the plan needs it, and refuses another database than the one that the plan was made from
 * (ERROR_BASE_STATE). The session looks around and reads no rows: those go through the stand-in's server.
 */
bool main_connect(struct apply_job *job, struct error *err) must_check;

/* Rows of (moved, problem): what keeps the rows of main from being read, all at once. PQclear() the result. */
bool main_find_problems(struct apply_job *job, PGresult **problems, struct error *err) must_check;

/* Does apply fetch rows of main for this table? */
bool table_is_fetched(const struct plan_table *table);

/* How many rows of the table postgres_fdw takes at a time: about 8 MiB of them, by what they take on main's disks. */
bool main_fetch_size(struct apply_job *job, const struct plan_table *table, uint64_t *rows,
                     struct error *err) must_check;
