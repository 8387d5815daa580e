/*
 * Keeps triggers, rules and foreign keys silent while rows change: main's have acted already, and what they did is in
 * the rows that come. session_replication_role where the role may set it; else what a table's owner can do, put back
 * exactly as it was. What is silent meanwhile is checked by constraints_check(). Row security that would hide rows from
 * an owner is lifted in the same way, for the rows and for the proof.
 */
#pragma once

#include "apply/job.h"

struct measures {   /* `struct measures measures = {0}` are none */
    PGresult *list; /* a statement and the one that takes it back */
};

/*
 * Before the statements of the plan have run: the tables that silence_begin() will lock against readers (quoted and
 * qualified, some more than once), what keeps the role from it, and what no role can do. The lists are added to.
 */
bool silence_foresee(struct apply_job *job, struct string_list *locked, struct string_list *problems,
                     struct string_list *refusals, struct error *err) must_check;

bool silence_begin(struct apply_job *job, struct measures *measures, struct error *err) must_check;
bool silence_end(struct apply_job *job, const struct measures *measures, struct error *err) must_check;

/* Does work of our own, no statement of the plan: no event trigger acts on it either, where the role can help it. */
bool silent(struct apply_job *job, bool (*work)(struct apply_job *job, struct error *err),
            struct error *err) must_check;

bool row_security_lift(struct apply_job *job, struct measures *measures, struct error *err) must_check;
bool row_security_restore(struct apply_job *job, const struct measures *measures, struct error *err) must_check;

void measures_free(struct measures *measures); /* also for the cleanup attribute */
