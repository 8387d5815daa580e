/* Runs the plan's DDL, one phase at a time, inside the transaction that is open. */
#pragma once

#include "apply/job.h"

bool statements_run(struct apply_job *job, enum phase phase, struct error *err) must_check;
