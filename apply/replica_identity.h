/* Tables whose rows the server lets nobody update or delete, because publications have them without a replica identity.
 */
#pragma once

#include "apply/job.h"

/* A line for each table, as they are before the plan's statements; none where these may change it. */
bool replica_identity_foresee(struct apply_job *job, struct string_list *problems, struct error *err) must_check;

/* Once the pre-data statements have run; ERROR_REFUSED where there is such a table. */
bool replica_identity_check(struct apply_job *job, struct error *err) must_check;
