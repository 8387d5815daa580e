/* The job, in order. */
#include "apply/apply.h"

#include "apply/base_state.h"
#include "apply/confirm.h"
#include "apply/constraints.h"
#include "apply/journal.h"
#include "apply/preflight.h"
#include "apply/proof.h"
#include "apply/receipt.h"
#include "apply/rows.h"
#include "apply/silence.h"
#include "apply/statements.h"
#include "apply/transaction.h"
#include "common/memory.h"

static void failures_free(struct proof_failures *failures)
{
    free(failures->items);
}

/* What preflight saw may have changed before the locks were there. */
static bool check_again_under_locks(struct apply_job *job, struct error *err)
{
    return journal_check(job, err) && base_state_check(job, err);
}

static bool change_rows(struct apply_job *job, struct error *err)
{
    cleanup(silence_free) struct silence silence = {0};

    return silence_begin(job, &silence, err) && rows_apply(job, err) && constraints_check(job, err) &&
           silence_end(job, &silence, err);
}

static bool prove(struct apply_job *job, struct proof_failures *failures, struct error *err)
{
    return proof_of_rows(job, failures, err) &&
           (job->options->verify == VERIFY_NONE || base_state_prove_result(job, err));
}

static bool run_transaction(struct apply_job *job, struct proof_failures *failures, struct error *err)
{
    return transaction_begin(job, err) &&               /* the locks */
           check_again_under_locks(job, err) &&         /* exit 7, 8 */
           statements_run(job, PHASE_PRE_DATA, err) &&  /* what loosens */
           change_rows(job, err) &&                     /* exit 9 */
           statements_run(job, PHASE_POST_DATA, err) && /* what tightens */
           sequences_apply(job, err) &&                 /* last_value, is_called */
           prove(job, failures, err) &&                 /* exit 7, 10 */
           (!job->options->journal || job->options->dry_run || journal_write(job, err)) &&
           transaction_measure(job, err) && /* locks held, WAL written */
           (job->options->dry_run ? transaction_roll_back(job, err) : transaction_commit(job, err));
}

/* In a dry run the pre-commit phase cannot be left out, nor carried out: it stays. */
static bool run_pre_commit(struct apply_job *job, struct error *err)
{
    if (!job->options->dry_run || job->pre_committed || !plan_has_phase(&job->plan, PHASE_PRE_COMMIT))
        return transaction_pre_commit(job, err);
    error_set(err, ERROR_REFUSED, "this plan has a pre-commit phase, which a dry run cannot take back");
    return error_hint(err, "pgsyncer-apply check runs the preflight alone.");
}

bool apply_plan(const struct apply_options *options, FILE *out, struct error *err)
{
    cleanup(job_close) struct apply_job job;
    cleanup(failures_free) struct proof_failures failures = {0};

    if (!job_open(&job, options, err) || /* the file: exit 5 */
        !confirm(&job, err) ||           /* exit 11 */
        !job_connect(&job, err) ||       /* exit 4 */
        !preflight(&job, err) ||         /* exit 4, 7, 8 */
        !run_pre_commit(&job, err))
        return false;
    if (!run_transaction(&job, &failures, err)) {
        if (err->code == ERROR_VERIFICATION && failures.count > 0)
            proof_explain(&job, &failures, err);
        return false;
    }
    progress_end(job.progress);
    receipt_print(&job, out);
    return receipt_write(&job, err);
}

bool apply_check(const struct apply_options *options, FILE *out, struct error *err)
{
    cleanup(job_close) struct apply_job job;

    if (!job_open(&job, options, err) || !job_connect(&job, err) || !preflight(&job, err))
        return false;
    progress_end(job.progress);
    fprintf(out, "Nothing stands in the way of applying plan %s to %s.\n", job.plan.manifest->plan_id,
            job.standin.dbname);
    return true;
}
