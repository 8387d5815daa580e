/* One run of apply: opening and closing what its stages share. */
#include "apply/job.h"

#include "common/database.h"
#include "common/memory.h"
#include "format/catalog_json.h"
#include "format/entry_name.h"

#include <time.h>

double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool plan_has_phase(const struct plan *plan, enum phase phase)
{
    for (size_t i = 0; i < plan->manifest->statement_count; i++)
        if (plan->manifest->statements[i].phase == phase)
            return true;
    return false;
}

bool job_open(struct apply_job *job, const struct apply_options *options, struct error *err)
{
    *job = (struct apply_job){.options = options, .started = seconds_now()};
    job->progress = progress_new(options->progress);
    progress_phase(job->progress, "verify the plan", 0);
    if (!plan_open(&job->plan, options->plan_path, err) ||
        !catalog_json_read(&job->plan, ENTRY_BASE_SCHEMA, &job->base, err) ||
        !catalog_json_read(&job->plan, ENTRY_MAIN_SCHEMA, &job->main, err))
        return false;
    job->tables = allocate(job->plan.manifest->table_count, sizeof *job->tables);
    job->touched = touched_describe(job->plan.manifest, TOUCHED_AFTER);
    job->base_touched = touched_describe(job->plan.manifest, TOUCHED_BEFORE);
    job->compared =
        touched_describe(job->plan.manifest, options->verify == VERIFY_FULL ? TOUCHED_COMPARED : TOUCHED_AFTER);
    return true;
}

bool job_connect(struct apply_job *job, struct error *err)
{
    const char *const timeouts[] = {job->options->lock_timeout, job->options->statement_timeout};
    static const char set_timeouts[] = "SELECT pg_catalog.set_config('lock_timeout', $1, false), "
                                       "pg_catalog.set_config('statement_timeout', $2, false), "
                                       "pg_catalog.set_config('default_tablespace', '', false)";

    if (!connection_open(&job->connection, "stand-in", job->options->standin_dsn, err))
        return false;
    if (!connection_query(&job->connection, set_timeouts, 2, timeouts, NULL, err)) {
        if (strcmp(err->sqlstate, "22023") == 0)
            err->code = ERROR_USAGE; /* --lock-timeout or --statement-timeout is no time */
        return false;
    }
    return database_identify(&job->connection, &job->standin, err);
}

void job_close(struct apply_job *job)
{
    connection_close(&job->connection);
    connection_close(&job->main_connection);
    text_free(&job->moved.lines);
    plan_close(&job->plan);
    catalog_free(job->base);
    catalog_free(job->main);
    database_identity_free(&job->standin);
    progress_free(job->progress);
    string_list_free(&job->locks);
    free(job->touched);
    free(job->base_touched);
    free(job->compared);
    free(job->tables);
    free(job->transaction_id);
    free(job->start_lsn);
}

void job_note_moved(struct apply_job *job, const char *format, ...)
{
    enum { SHOWN = 20 };
    va_list arguments;

    if (job->moved.count++ >= SHOWN)
        return;
    if (job->moved.lines.length > 0)
        text_append_char(&job->moved.lines, '\n');
    va_start(arguments, format);
    text_appendv(&job->moved.lines, format, arguments);
    va_end(arguments);
}

bool explain_rows_breach(struct error *err)
{
    if (err->code == ERROR_INTERNAL && strcmp(err->sqlstate, "42P10") == 0) {
        err->code = ERROR_REFUSED;
        return error_hint(err, "A publication of the stand-in's has a column list or filter that does not go with the "
                               "replica identity that the table has while its rows change. Take the table out of the "
                               "publication first.");
    }
    if (err->code == ERROR_INTERNAL && strncmp(err->sqlstate, "42883", 5) == 0) {
        err->code = ERROR_REFUSED;
        return error_hint(err, "An index or a generated column of the table does not take these rows beside those that "
                               "go: its type does not compare them, or its function does not find what it calls.");
    }
    return explain_breach(err);
}

/* Does the server not find what an expression calls, or refuse its types? */
static bool is_of_types(const struct error *err)
{
    static const char *const states[] = {"42883", "42804", "42704", "42725", "42846",
                                         "42P16", "42P17", "42P21", "42P22"};

    for (size_t i = 0; i < array_length(states); i++)
        if (strcmp(err->sqlstate, states[i]) == 0)
            return true;
    return false;
}

bool explain_statement_breach(const struct apply_job *job, const struct plan_statement *statement, struct error *err)
{
    bool of_index = strcmp(statement->class, "index") == 0 || strcmp(statement->class, "constraint") == 0;

    explain_breach(err);
    if (of_index && statement->phase == PHASE_POST_DATA &&
        (strncmp(err->sqlstate, "22", 2) == 0 || strncmp(err->sqlstate, "54", 2) == 0))
        return error_hint(err,
                          "An index is built of the rows too that the same transaction deleted. Where it is such a "
                          "row that it does not take, delete it on the stand-in first.");
    if (err->code == ERROR_INTERNAL && !job->plan.manifest->options.clean_extra && is_of_types(err)) {
        err->code = ERROR_REFUSED;
        return error_hint(err, "What only the stand-in has and keeps (a view, check, index or the like) may call what "
                               "main's types do not have. Drop it on the stand-in, or make the plan with "
                               "--clean-extra.");
    }
    return false;
}

bool explain_breach(struct error *err)
{
    bool of_rows = strncmp(err->sqlstate, "23", 2) == 0 || strncmp(err->sqlstate, "22", 2) == 0;

    if (err->code != ERROR_INTERNAL)
        return false;
    if (of_rows)
        err->code = ERROR_CONFLICT;
    else if (strncmp(err->sqlstate, "54", 2) == 0)
        err->code = ERROR_REFUSED;
    if (strcmp(err->sqlstate, "23503") == 0)
        return error_hint(err, "Where main's own rows break the key (a trigger or rule of main can keep its actions "
                               "from rows), correct them there.");
    return false;
}
