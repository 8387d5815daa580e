/* The view through which the stand-in's large objects are read and written like any table. */
#pragma once

#include "apply/job.h"

/* Nothing is done where the plan does not look at large objects. */
bool large_objects_begin(struct apply_job *job, struct error *err) must_check; /* makes the view */
bool large_objects_end(struct apply_job *job, struct error *err) must_check;   /* takes it away */
