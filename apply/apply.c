/* The job, in order. */
#include "apply/apply.h"

#include "apply/base_state.h"
#include "apply/confirm.h"
#include "apply/constraints.h"
#include "apply/force_psql.h"
#include "apply/foreign_server.h"
#include "apply/journal.h"
#include "apply/large_objects.h"
#include "apply/main_database.h"
#include "apply/preflight.h"
#include "apply/proof.h"
#include "apply/psql.h"
#include "apply/receipt.h"
#include "apply/rows.h"
#include "apply/silence.h"
#include "apply/statements.h"
#include "apply/transaction.h"
#include "common/log.h"
#include "common/memory.h"
#include "format/script.h"

static void failures_free(struct proof_failures *failures)
{
    free(failures->items);
}

/* What preflight saw may have changed before the locks were there. */
static bool check_again_under_locks(struct apply_job *job, struct error *err)
{
    return journal_check(job, err) && base_state_check(job, &job->connection, err);
}

static bool change_rows(struct apply_job *job, struct error *err)
{
    cleanup(measures_free) struct measures security = {0}, silence = {0};

    return rows_check_configuration(job, err) && rows_apply_large_objects(job, err) &&
           row_security_lift(job, &security, err) && silence_begin(job, &silence, err) &&
           foreign_server_open(job, err) && rows_apply(job, err) && foreign_server_close(job, err) &&
           silence_end(job, &silence, err) && constraints_check(job, err) && row_security_restore(job, &security, err);
}

static bool prove(struct apply_job *job, struct proof_failures *failures, struct error *err)
{
    cleanup(measures_free) struct measures security = {0};

    return job->options->verify == VERIFY_NONE ||
           (row_security_lift(job, &security, err) && proof_of_rows(job, failures, err) &&
            row_security_restore(job, &security, err) && base_state_prove_result(job, &job->connection, err));
}

/* A dry run must leave nothing: there the pre-commit phase is part of the transaction. */
static bool pre_commit_of_dry_run(struct apply_job *job, struct error *err)
{
    return !job->options->dry_run || job->pre_committed || statements_run(job, PHASE_PRE_COMMIT, err);
}

static bool run_transaction(struct apply_job *job, struct proof_failures *failures, struct error *err)
{
    return transaction_begin(job, err) &&                                                 /* the locks */
           check_again_under_locks(job, err) &&                                           /* exit 7, 8 */
           pre_commit_of_dry_run(job, err) && statements_run(job, PHASE_PRE_DATA, err) && /* what loosens */
           change_rows(job, err) &&                                                       /* exit 9 */
           statements_run(job, PHASE_POST_DATA, err) &&                                   /* what tightens */
           silent(job, sequences_apply, err) &&                                           /* last_value, is_called */
           prove(job, failures, err) &&                                                   /* exit 7, 10 */
           large_objects_end(job, err) &&
           (!job->options->journal || job->options->dry_run || silent(job, journal_write, err)) &&
           transaction_measure(job, err) && /* locks held, WAL written */
           (job->options->dry_run ? transaction_roll_back(job, err) : transaction_commit(job, err));
}

/*
 * New enum labels can be used only once they are committed, so a dry run of a plan that adds some ends at the first use
 * of one. That is no fault of the plan.
 */
static bool end_dry_run_at_label(struct apply_job *job, struct error *err)
{
    cleanup(error_clear) struct error reason = {0};

    bool before_12 = !labels_in_transactions(job->connection.server_version);

    if (!job->options->dry_run || strcmp(err->sqlstate, before_12 ? "25001" : "55P04") != 0)
        return false;
    reason = *err;
    *err = (struct error){0};
    log_warning("the dry run ends at %s: %s", reason.context != NULL ? reason.context : "a new enum label",
                reason.message);
    log_notice(before_12
                   ? "Before PostgreSQL 12, new enum labels come in no transaction that could be rolled back; what "
                     "comes after was not tried."
                   : "New enum labels can be used only once they are committed; what comes after was not tried.");
    job->incomplete = true;
    return job->options->force_psql || transaction_roll_back(job, err);
}

bool apply_plan(const struct apply_options *options, FILE *out, struct error *err)
{
    cleanup(job_close) struct apply_job job;
    cleanup(failures_free) struct proof_failures failures = {0};

    if (!job_open(&job, options, err) ||                                           /* the file: exit 5 */
        (options->force_psql && !script_check(&job.plan, options->verify, err)) || /* exit 13 */
        (options->force_psql && !psql_check(options->psql, err)) ||                /* exit 3, 13 */
        !main_option_check(&job, err) ||                                           /* exit 3 */
        !proof_is_possible(&job, err) ||                                           /* exit 13 */
        !receipt_check(options, err) ||                                            /* exit 3 */
        !confirm(&job, err) ||                                                     /* exit 11 */
        !job_connect(&job, err) ||                                                 /* exit 4 */
        !main_connect(&job, err) ||                                                /* exit 4, 7 */
        !preflight(&job, err) ||                                                   /* exit 4, 7, 8 */
        (!options->dry_run && !options->force_psql && !transaction_pre_commit(&job, err)))
        return false;
    if (!(options->force_psql ? force_psql : run_transaction)(&job, &failures, err) &&
        !end_dry_run_at_label(&job, err)) {
        if (err->code == ERROR_VERIFICATION && failures.count > 0)
            proof_explain(&job, &failures, err);
        return false;
    }
    progress_end(job.progress);
    receipt_print(&job, out);
    if (receipt_write(&job, err))
        return true;
    return options->dry_run ? false : error_context(err, "the plan is applied");
}

bool apply_check(const struct apply_options *options, FILE *out, struct error *err)
{
    cleanup(job_close) struct apply_job job;

    if (!job_open(&job, options, err) || !main_option_check(&job, err) || !job_connect(&job, err) ||
        !main_connect(&job, err) || !preflight(&job, err))
        return false;
    progress_end(job.progress);
    fprintf(out, "Nothing stands in the way of applying plan %s to %s.\n", job.plan.manifest->plan_id,
            job.standin.dbname);
    return true;
}
