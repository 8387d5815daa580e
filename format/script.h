/*
 * A plan as one script that psql runs: the same steps, checks and statements as apply's, in the same order, in one
 * transaction. `show --sql` prints it; `apply --force-psql` runs it.
 *
 * What it refuses has an SQLSTATE of its own, PS and apply's exit status: PS005 (the plan is damaged), PS007 (base
 * state), PS008 (already applied), PS009 (conflict), PS010 (proof). What it does it says by INFO messages that begin
 * with "pgsyncer: ".
 */
#pragma once

#include "format/plan_reader.h"
#include "format/slices.h"

#include <stdio.h>

/* Where somebody else may look at the database, or speak to psql, before the script goes on. */
enum script_point {
    SCRIPT_LOCKED, /* the locks are there, nothing is changed */
    SCRIPT_PROVED, /* all is changed, and the rows are proved; the schema is not */
};

struct script_options {
    const char *lock_timeout, *statement_timeout; /* as PostgreSQL's settings take them */
    enum verify_scope verify;
    bool dry_run; /* ROLLBACK in place of COMMIT; the pre-commit phase becomes part of the transaction */
    bool journal;
    bool pre_committed; /* the stand-in has the labels of the pre-commit phase */
    bool report;        /* say by INFO which statement comes, and what was locked and written */
    const char *tool;   /* for the journal: "pgsyncer-apply 0.1.0" */

    /* Called at each point, with everything before it written to `out`; false ends the script there. May be NULL. */
    bool (*pause)(void *context, enum script_point point, FILE *out, struct error *err);
    void *context;
};

/* ERROR_REFUSED where psql cannot do what the plan wants. */
bool script_check(const struct plan *plan, enum verify_scope verify, struct error *err) must_check;

bool script_print(const struct plan *plan, const struct script_options *options, FILE *out,
                  struct error *err) must_check;
