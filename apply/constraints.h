/* Checks what the server was kept from checking while rows changed, with one query per constraint. */
#pragma once

#include "apply/job.h"

/* Every foreign key from or to a touched table, every deferrable unique or exclusion constraint on one, once the
 * rows have changed and silence_end() has put back what it must. A breach is ERROR_CONFLICT with the rows named. */
bool constraints_check(struct apply_job *job, struct error *err) must_check;
