/* Brings main's rows over, for a plan of --fdw-mode: those that it names, no others, as the plan saw them. */
#pragma once

#include "apply/foreign_server.h"

/*
 * Fills the temporary table of that kind with the rows that the plan names by key and fingerprint, or by fingerprint
 * alone: main's (`lookup` is foreign_table_create()'s), or, for rows to delete, the stand-in's own. Main's that are
 * no longer what the plan saw are noted in job->moved; own ones that are not there are ERROR_CONFLICT.
 */
bool fetch_named(struct apply_job *job, size_t number, enum rows_kind kind, const struct main_lookup *lookup,
                 struct error *err) must_check;

/* All rows that main's table has, straight into the stand-in's; checked against main's chunks in the plan. */
bool fetch_all(struct apply_job *job, size_t number, uint64_t *rows, struct error *err) must_check;
