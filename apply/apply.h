/*
 * The job of pgsyncer-apply: brings the stand-in to the state that the plan names, in one transaction that ends with a
 * proof, or changes nothing. The command line (main.c) fills struct apply_options and calls one of these.
 */
#pragma once

#include "common/error.h"
#include "common/progress.h"
#include "format/slices.h"

#include <stdbool.h>
#include <stdio.h>

struct apply_options {
    const char *plan_path;
    const char *standin_dsn;
    const char *main_dsn; /* for a plan of --fdw-mode; NULL: none was given */
    bool main_named;      /* on the command line, not by the environment alone */
    bool yes;             /* no question */
    bool dry_run;         /* the same path, then ROLLBACK */
    bool force_psql;      /* psql runs it */
    const char *psql;     /* the program: "psql", looked up in PATH, or a path */
    bool journal;         /* keep one row per plan in pgsyncer.journal on the stand-in; true unless --no-journal */
    enum verify_scope verify;
    const char *receipt_path;      /* where the JSON goes; NULL: nowhere */
    const char *lock_timeout;      /* as PostgreSQL's settings take them: "10s" */
    const char *statement_timeout; /* "0": none */
    enum progress_mode progress;
};

/* Applies the plan; the summary line goes to `out`. The exit status of a failure is that of err->code. */
bool apply_plan(const struct apply_options *options, FILE *out, struct error *err) must_check;

/* `check`: the file and the preflight alone, read only. Says on `out` that nothing stands in the way, or fails. */
bool apply_check(const struct apply_options *options, FILE *out, struct error *err) must_check;

/* `status`: the plan that the stand-in is at. `history`: every plan applied to it, oldest first. Both read the journal.
 */
bool apply_status(const char *standin_dsn, FILE *out, struct error *err) must_check;
bool apply_history(const char *standin_dsn, FILE *out, struct error *err) must_check;
