/* The stand-in's journal, pgsyncer.journal: which plans were applied to it. */
#include "apply/journal.h"

#include "apply/receipt.h"
#include "apply/sql.h"
#include "common/memory.h"
#include "format/json.h"
#include "format/sql.h"

/* May this role read it, too? Its name alone would be an error to who may not use the schema. */
static bool journal_exists(struct connection *connection, bool *exists, bool *readable, struct error *err)
{
    cleanup(free_string) char *may_read = NULL;

    if (!connection_value(connection, sql_journal_readable, 0, NULL, &may_read, err))
        return false;
    *exists = may_read != NULL;
    *readable = may_read != NULL && strcmp(may_read, "t") == 0;
    return true;
}

/* A table of that name may be somebody else's. */
static bool explain_other_journal(struct error *err)
{
    if (strcmp(err->sqlstate, "42703") != 0)
        return error_context(err, "reading the journal");
    cleanup(error_clear) struct error reason = *err;
    *err = (struct error){0};
    error_set(err, ERROR_REFUSED, "pgsyncer.journal is not the journal of pgsyncer-apply");
    error_detail(err, "%s", reason.message);
    return error_hint(err, "Rename what is called so, or use --no-journal.");
}

bool journal_find(struct apply_job *job, char **applied_at, struct error *err)
{
    const char *const parameters[] = {job->plan.manifest->plan_id};
    bool exists = false, readable = false;

    *applied_at = NULL;
    return journal_exists(&job->connection, &exists, &readable, err) &&
           (!readable || connection_value(&job->connection,
                                          "SELECT (SELECT applied_at FROM pgsyncer.journal WHERE plan_id = $1)::text",
                                          1, parameters, applied_at, err));
}

bool journal_check(struct apply_job *job, struct error *err)
{
    cleanup(free_string) char *applied_at = NULL;

    if (!job->options->journal)
        return true;
    if (!journal_find(job, &applied_at, err))
        return explain_other_journal(err);
    if (applied_at == NULL)
        return true;
    error_set(err, ERROR_ALREADY_APPLIED, "this plan was already applied to the stand-in");
    error_detail(err, "Plan %s was applied at %s.", job->plan.manifest->plan_id, applied_at);
    return error_hint(err, "There is nothing to do; a new plan shows what differs by now.");
}

bool journal_write(struct apply_job *job, struct error *err)
{
    cleanup(json_release) json_t *row = receipt_journal_row(job);
    bool exists = false, readable = false;
    size_t length;
    cleanup(free_string) char *text = json_print(row, &length);
    const char *const parameters[] = {text};

    if (!journal_exists(&job->connection, &exists, &readable, err))
        return error_context(err, "writing the journal");
    /*
     * A plan of definitions alone makes no journal: the schema itself tells whether it was applied (base_state.c), and
     * the requirement that pg_dump --schema-only prints the same for both databases then holds to the letter.
     */
    if (!exists && !job->plan.manifest->options.sync_data)
        return true;
    if ((exists || connection_run(&job->connection, sql_journal, err)) &&
        connection_query(&job->connection, sql_journal_insert, 1, parameters, NULL, err))
        return true;
    return error_context(err, "writing the journal");
}

static const char *cell(const PGresult *result, int row, const char *column)
{
    return PQgetvalue(result, row, PQfnumber(result, column));
}

static void print_plan(const PGresult *result, int row, FILE *out)
{
    const char *lsn = cell(result, row, "main_lsn");

    fprintf(out, "%s  plan %s by %s: objects +%s ~%s -%s, rows +%s ~%s -%s; proof: %s; main: %s%s%s\n",
            cell(result, row, "applied_at"), cell(result, row, "plan_id"), cell(result, row, "applied_by"),
            cell(result, row, "objects_created"), cell(result, row, "objects_altered"),
            cell(result, row, "objects_dropped"), cell(result, row, "rows_inserted"), cell(result, row, "rows_updated"),
            cell(result, row, "rows_deleted"), cell(result, row, "proof"), cell(result, row, "main_database"),
            lsn[0] != '\0' ? " at " : "", lsn);
}

/* Prints the plans from the first, or only the last. */
static bool print_journal(const char *standin_dsn, bool only_last, FILE *out, struct error *err)
{
    cleanup(connection_close) struct connection connection = {0};
    cleanup(result_clear) PGresult *result = NULL;
    bool exists = false, readable = false;

    if (!connection_open(&connection, "stand-in", standin_dsn, err) ||
        !journal_exists(&connection, &exists, &readable, err))
        return false;
    if (exists && !connection_query(&connection, sql_journal_history, 0, NULL, &result, err))
        return explain_other_journal(err);

    int count = exists ? PQntuples(result) : 0;
    if (count == 0)
        fprintf(out, "No plan was applied to this database%s.\n", exists ? "" : ", or only with --no-journal");
    for (int i = only_last && count > 0 ? count - 1 : 0; i < count; i++)
        print_plan(result, i, out);
    return true;
}

bool apply_status(const char *standin_dsn, FILE *out, struct error *err)
{
    return print_journal(standin_dsn, true, out, err);
}

bool apply_history(const char *standin_dsn, FILE *out, struct error *err)
{
    return print_journal(standin_dsn, false, out, err);
}
