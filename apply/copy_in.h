/* Rows of the plan on their way into a COPY of the stand-in, as they are read. */
#pragma once

#include "apply/job.h"

/*
 * Sends all rows of one kind, which `sql` (COPY … FROM STDIN) takes; *rows is how many the server took. Where `binary`
 * is not NULL, it is the same in the binary format, and taken as long as rows have such a form (copy_binary.h).
 */
bool copy_in(struct apply_job *job, size_t table, enum rows_kind kind, const char *sql, const char *binary,
             uint64_t *rows, struct error *err) must_check;
