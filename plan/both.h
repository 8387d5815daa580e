/* One job for each of the two databases, both at once. */
#pragma once

#include "common/error.h"

/* What is asked of one database; `side` is the caller's. Must not touch what the other side's job does. */
typedef bool (*side_job)(void *side, struct error *err);

/* Runs the job for both, in a thread each. Where both fail, main's error is reported. */
bool run_both(side_job job, void *main, void *standin, struct error *err) must_check;
