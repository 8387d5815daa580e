/* Everything that would keep the plan from being applied, found before anything is changed and told at once. */
#pragma once

#include "apply/job.h"

/*
 * Read only, on the connection outside of a transaction. Fills job->may_replicate and ->pre_committed. A plan that was
 * applied is ERROR_ALREADY_APPLIED and nothing else; a schema that is not the base's is ERROR_BASE_STATE, all else
 * ERROR_CONNECTION; where several things are wrong, the detail has them all.
 */
bool preflight(struct apply_job *job, struct error *err) must_check;
