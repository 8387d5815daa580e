/* --force-psql: the whole plan as one script that psql runs in one transaction. */
#include "apply/force_psql.h"

#include "apply/base_state.h"
#include "apply/psql.h"
#include "apply/transaction.h"
#include "common/log.h"
#include "common/memory.h"
#include "format/script.h"

#include <inttypes.h>

/* What psql's session says on its way, and where it is. */
struct run {
    struct apply_job *job;
    struct psql psql;
    FILE *stream;
    struct proof_differences differences;
    const struct plan_statement *statement; /* that runs; NULL: none does */
    size_t table;                           /* whose rows come, from 1; 0: none do */
    enum phase phase;                       /* of the statement before */
    bool in_statements, in_rows, in_proof;
    bool at_end; /* what is sent now ends with COMMIT, or ROLLBACK */
    double table_began;
};

static void run_end(struct run *run)
{
    if (run->stream != NULL)
        fclose(run->stream);
    psql_end(&run->psql);
    free(run->differences.items);
}

static void hear_statement(struct run *run, uint64_t id)
{
    const struct manifest *manifest = run->job->plan.manifest;
    uint64_t count = 0;

    run->table = 0;
    for (size_t i = 0; i < manifest->statement_count; i++)
        if (manifest->statements[i].id == id)
            run->statement = &manifest->statements[i];
    if (run->statement == NULL)
        return;
    if (!run->in_statements || run->phase != run->statement->phase) {
        for (size_t i = 0; i < manifest->statement_count; i++)
            count += manifest->statements[i].phase == run->statement->phase;
        progress_phase(run->job->progress, phase_name(run->statement->phase), count);
    }
    run->in_statements = true;
    run->phase = run->statement->phase;
    progress_step(run->job->progress, run->statement->object, 1);
}

static void hear_table(struct run *run, size_t number)
{
    const struct manifest *manifest = run->job->plan.manifest;
    uint64_t rows = 0;

    run->statement = NULL;
    run->table = number <= manifest->table_count ? number : 0;
    run->table_began = seconds_now();
    if (run->in_rows)
        return;
    run->in_rows = true;
    for (size_t i = 0; i < manifest->table_count; i++)
        rows += manifest->tables[i].inserts + manifest->tables[i].updates + manifest->tables[i].deletes;
    progress_phase(run->job->progress, "rows", rows);
}

static void hear_rows(struct run *run, size_t number, struct table_result result)
{
    struct table_result *done;

    if (number == 0 || number > run->job->plan.manifest->table_count)
        return;
    done = &run->job->tables[number - 1];
    done->inserted = result.inserted;
    done->updated = result.updated;
    done->deleted = result.deleted;
    done->seconds = seconds_now() - run->table_began;
    progress_step(run->job->progress, run->job->plan.manifest->tables[number - 1].shape.name,
                  done->inserted + done->updated + done->deleted);
}

static void hear_proved(struct run *run, size_t number, uint64_t slices)
{
    struct apply_job *job = run->job;

    if (number == 0 || number > job->plan.manifest->table_count)
        return;
    if (!run->in_proof)
        progress_phase(job->progress, "proof", 0);
    run->in_proof = true;
    run->statement = NULL;
    job->tables[number - 1].proved = true;
    job->tables[number - 1].slices = slices;
    job->tables_proved++;
    job->slices_proved += slices;
    progress_step(job->progress, job->plan.manifest->tables[number - 1].shape.name, 1);
}

static void hear_difference(struct run *run, size_t number, bool whole, uint64_t slice, struct fingerprint found)
{
    struct proof_differences *differences = &run->differences;

    if (number == 0 || number > run->job->plan.manifest->table_count)
        return;
    array_reserve((void **)&differences->items, &differences->capacity, differences->count + 1,
                  sizeof *differences->items);
    differences->items[differences->count++] = (struct proof_difference){number - 1, slice, whole, found};
}

/* The numbers of a message that begins so, `#` for each; false where it begins otherwise. */
static bool says(const char *said, const char *form, uint64_t *numbers)
{
    for (; *form != '\0'; form++) {
        char *end;

        if (*form != '#') {
            if (*said++ != *form)
                return false;
            continue;
        }
        if (*said < '0' || *said > '9')
            return false;
        *numbers++ = strtoull(said, &end, 10);
        said = end;
    }
    return true;
}

/* The INFO messages of format/script.c and its parts. */
static void hear(void *context, const char *said)
{
    struct run *run = context;
    struct apply_job *job = run->job;
    uint64_t n[4];

    if (says(said, "transaction #", n)) {
        free(job->transaction_id);
        job->transaction_id = format_string("%" PRIu64, n[0]);
    } else if (says(said, "statement #", n)) {
        hear_statement(run, n[0]);
    } else if (says(said, "table #", n)) {
        hear_table(run, n[0]);
    } else if (says(said, "rows # +# ~# -#", n)) {
        hear_rows(run, n[0], (struct table_result){.inserted = n[1], .updated = n[2], .deleted = n[3]});
    } else if (says(said, "proved # #", n)) {
        hear_proved(run, n[0], n[1]);
    } else if (says(said, "differs # whole # # #", n) || says(said, "differs # slice # # #", n)) {
        bool whole = strstr(said, " whole ") != NULL;
        hear_difference(run, n[0], whole, n[1], (struct fingerprint){.rows = n[2], .sum = n[3]});
    } else if (strncmp(said, "lock ", 5) == 0) {
        string_list_add(&job->locks, said + 5);
    } else if (says(said, "wal #", n)) {
        job->wal_bytes = n[0];
    } else if (strncmp(said, "another", 7) == 0) {
        log_notice("%s", said);
    }
}

/* Of the script: looks at the schema, before anything is changed and after everything was. */
static bool pause_script(void *context, enum script_point point, FILE *out, struct error *err)
{
    struct run *run = context;
    struct apply_job *job = run->job;
    struct connection session = {.side = job->connection.side,
                                 .server_version = job->connection.server_version,
                                 .query = psql_query,
                                 .context = &run->psql};

    if (fflush(out) != 0 || !psql_sync(&run->psql, err))
        return error_set(err, ERROR_INTERNAL, "cannot write to psql");
    run->statement = NULL;
    if (point == SCRIPT_LOCKED)
        return base_state_check(job, &session, err);
    if (job->options->verify != VERIFY_NONE && !base_state_prove_result(job, &session, err))
        return false;
    job->sequences_set = job->plan.manifest->sequence_count;
    progress_phase(job->progress, "commit", 0);
    run->at_end = true;
    return true;
}

static bool send_script(struct run *run, struct error *err)
{
    const struct apply_options *options = run->job->options;
    const struct script_options script = {
        .lock_timeout = options->lock_timeout,
        .statement_timeout = options->statement_timeout,
        .verify = options->verify,
        .dry_run = options->dry_run,
        .journal = options->journal,
        .pre_committed = run->job->pre_committed,
        .report = true,
        .tool = "pgsyncer-apply " PGSYNCER_VERSION,
        .pause = pause_script,
        .context = run,
    };

    if (script_print(&run->job->plan, &script, run->stream, err))
        return true;
    /* What the script's writer saw of it is only that it could not write. */
    if (run->psql.gone && run->psql.failure.code != ERROR_NONE)
        error_clear(err);
    return false;
}

/* Says what was going on, and what a constraint that does not hold means, as statements.c and rows.c do. */
static bool explain(const struct run *run, struct error *err)
{
    const struct plan_statement *statement = run->statement;

    if (statement != NULL)
        error_context(err, "statement %" PRIu64 ", %s %s %s", statement->id, action_name(statement->action),
                      statement->class, statement->object);
    if (run->table > 0 && !run->in_proof && statement == NULL && !run->at_end) {
        const struct table_shape *shape = &run->job->plan.manifest->tables[run->table - 1].shape;
        error_context(err, "rows of %s.%s", shape->schema, shape->name);
        return explain_rows_breach(err);
    }
    return statement != NULL ? explain_statement_breach(run->job, statement, err) : explain_breach(err);
}

static bool drive(struct run *run, struct error *err)
{
    if (send_script(run, err)) {
        fclose(take(run->stream)); /* flushed by script_print() */
        return psql_finish(&run->psql, err) || explain(run, err);
    }
    /* Without its end the script changes nothing. */
    fclose(take(run->stream));
    cleanup(error_clear) struct error ignored = {0};
    if (!psql_finish(&run->psql, err->code == ERROR_NONE ? err : &ignored))
        log_debug("psql: %s", err->message);
    if (err->code == ERROR_NONE)
        error_set(err, ERROR_INTERNAL, "psql ended without an error, and before its work was done");
    return explain(run, err);
}

bool force_psql(struct apply_job *job, struct proof_failures *failures, struct error *err)
{
    cleanup(run_end) struct run run = {.job = job};

    progress_phase(job->progress, "lock", 0);
    if (!psql_start(&run.psql, job->options->psql, &job->connection, hear, &run, err))
        return false;
    run.stream = psql_stream(&run.psql);
    if (run.stream == NULL)
        return error_set(err, ERROR_INTERNAL, "out of memory");
    if (drive(&run, err))
        return true;
    psql_stop(&run.psql);
    if (run.differences.count > 0 && err->code == ERROR_VERIFICATION &&
        !proof_adopt(job, &run.differences, failures, err))
        return false;
    return job->transaction_id != NULL && transaction_settle(job, run.at_end && !job->options->dry_run, err);
}
