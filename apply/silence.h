/*
 * Keeps triggers, rules and foreign keys silent while rows change: main's have acted already, and what they did is in
 * the rows that come. session_replication_role where the role may set it; else what a table's owner can do, put back
 * exactly as it was. What is silent meanwhile is checked by constraints_check().
 */
#pragma once

#include "apply/job.h"

struct silence {
    PGresult *measures; /* step, off, on */
};

bool silence_begin(struct apply_job *job, struct silence *silence, struct error *err) must_check;
bool silence_end(struct apply_job *job, struct silence *silence, struct error *err) must_check;
void silence_free(struct silence *silence); /* also for the cleanup attribute */
