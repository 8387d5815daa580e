/* Checks what session_replication_role = replica keeps the server from checking, with one query per constraint. */
#pragma once

#include "apply/job.h"

/* Every foreign key from or to a touched table, every deferrable unique or exclusion constraint on one, as they are
 * while the rows change. A breach is ERROR_CONFLICT with the rows named. */
bool constraints_check(struct apply_job *job, struct error *err) must_check;
