/* Runs the plan's DDL, one phase at a time, inside the transaction that is open, if there is one. */
#include "apply/statements.h"

#include "apply/silence.h"
#include "common/memory.h"

#include <inttypes.h>

static bool run_sql(struct apply_job *job, const struct plan_statement *statement, const char *sql, struct error *err)
{
    cleanup(measures_free) struct measures security = {0};

    if (statement->phase == PHASE_PRE_COMMIT || !statement_checks_foreign_key(statement, sql))
        return connection_run(&job->connection, sql, err);
    return row_security_lift(job, &security, err) && connection_run(&job->connection, sql, err) &&
           row_security_restore(job, &security, err);
}

static bool run_statement(struct apply_job *job, const struct plan_statement *statement, struct error *err)
{
    PGTransactionStatusType within = PQtransactionStatus(job->connection.pg);
    cleanup(free_string) char *sql = NULL;
    size_t length;

    if (!plan_load_entry(&job->plan, statement->entry, &sql, &length, err))
        return false;
    if (strlen(sql) != length)
        return error_set(err, ERROR_ARCHIVE, "%s holds a NUL byte", statement->entry);
    if (!run_sql(job, statement, sql, err)) {
        error_context(err, "statement %" PRIu64 ", %s %s %s", statement->id, action_name(statement->action),
                      statement->class, statement->object);
        if (strcmp(err->sqlstate, "42501") == 0 && strcmp(statement->class, "materialized view") == 0)
            return error_hint(err, "REFRESH reads as the view's owner. Let it read what the view reads, on both sides, "
                                   "or leave the view out of the plan.");
        return explain_statement_breach(job, statement, err);
    }
    /* A plan that ends our transaction would escape the proof. */
    if (PQtransactionStatus(job->connection.pg) != within)
        return error_set(err, ERROR_ARCHIVE, "%s ends the transaction", statement->entry);
    return true;
}

bool statements_run(struct apply_job *job, enum phase phase, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;
    uint64_t count = 0;

    for (size_t i = 0; i < manifest->statement_count; i++)
        count += manifest->statements[i].phase == phase;
    if (count == 0)
        return true;
    progress_phase(job->progress, phase_name(phase), count);
    for (size_t i = 0; i < manifest->statement_count; i++) {
        const struct plan_statement *statement = &manifest->statements[i];

        if (statement->phase != phase)
            continue;
        if (!run_statement(job, statement, err))
            return false;
        progress_step(job->progress, statement->object, 1);
    }
    return true;
}
