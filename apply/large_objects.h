/* Large objects on the stand-in. */
#pragma once

#include "apply/job.h"

/*
 * Makes the view through which they are read and written, and writes what the plan has of them. Its triggers must be
 * able to act: before silence_begin(). Nothing is done where the plan does not look at large objects.
 */
bool large_objects_apply(struct apply_job *job, struct error *err) must_check;

/* Makes the view alone, in a transaction that only looks. */
bool large_objects_begin(struct apply_job *job, struct error *err) must_check;
bool large_objects_end(struct apply_job *job, struct error *err) must_check; /* takes it away */
