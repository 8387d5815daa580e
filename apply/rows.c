/*
 * Carries out the rows half of the plan: every table's delta by set-based statements, and the sequences. The SQL is
 * format/row_statements.c's; here it gets its rows and its order.
 */
#include "apply/rows.h"

#include "apply/copy_in.h"
#include "apply/fetch.h"
#include "apply/foreign_server.h"
#include "apply/large_objects.h"
#include "apply/main_database.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/quote.h"
#include "format/large_objects.h"
#include "format/row_statements.h"
#include "format/sql.h"

#include <inttypes.h>

static bool check_count(const struct plan_table *table, enum rows_kind kind, uint64_t expected, uint64_t found,
                        struct error *err)
{
    if (expected == found)
        return true;
    return error_set(err, ERROR_ARCHIVE, "%s.%s: the plan counts %" PRIu64 " rows to %s and holds %" PRIu64,
                     table->shape.schema, table->shape.name, expected, rows_kind_name(kind), found);
}

/* `lookup`: foreign_table_create()'s, for rows that are main's to give. */
static bool fill_temporary_tables(struct apply_job *job, size_t number, const struct row_statements *statements,
                                  const struct main_lookup *lookup, struct error *err)
{
    bool before_images = job->plan.manifest->options.before_images;
    const struct plan_table *table = &job->plan.manifest->tables[number];
    const uint64_t expected[ROWS_KINDS] = {
        [ROWS_DELETE] = table->deletes,
        [ROWS_UPDATE] = table->updates,
        [ROWS_INSERT] = table->inserts,
        [ROWS_BEFORE] = table->deletes + table->updates,
    };

    for (enum rows_kind kind = 0; kind < ROWS_KINDS; kind++) {
        uint64_t rows = 0;

        if (statements->create[kind] == NULL)
            continue;
        enum rows_form form = rows_form(table, kind, before_images);
        if (!connection_run(&job->connection, statements->create[kind], err))
            return false;
        if (form == ROWS_KEYED || form == ROWS_FINGERPRINTS) {
            if (!fetch_named(job, number, kind, lookup, err))
                return false;
            continue;
        }
        if (!copy_in(job, number, kind, statements->copy[kind], NULL, &rows, err) ||
            !check_count(table, kind, expected[kind], rows, err))
            return false;
    }
    return statements->analyze == NULL || connection_run(&job->connection, statements->analyze, err);
}

static const char *explain_conflict(const char *kind, const char *change)
{
    if (strcmp(kind, "NOTFOUND") == 0)
        return "the row is gone";
    if (strcmp(kind, "CONFLICT") == 0)
        return "a row is there already";
    return strcmp(change, "delete") == 0 ? "the row to be deleted has changed" : "the row to be updated has changed";
}

static bool check_conflicts(struct apply_job *job, const struct plan_table *table, const char *sql, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(text_free) struct text lines = {0};

    if (!connection_query(&job->connection, sql, 0, NULL, &result, err))
        return false;
    if (PQntuples(result) == 0)
        return true;
    for (int i = 0; i < PQntuples(result); i++) {
        const char *kind = PQgetvalue(result, i, 0), *change = PQgetvalue(result, i, 1);
        text_appendf(&lines, "%s%s %s %s: %s", i > 0 ? "\n" : "", kind, change, PQgetvalue(result, i, 2),
                     explain_conflict(kind, change));
    }

    uint64_t total = strtoull(PQgetvalue(result, 0, 3), NULL, 10);
    if (total > (uint64_t)PQntuples(result))
        text_appendf(&lines, "\nand %" PRIu64 " more", total - (uint64_t)PQntuples(result));
    error_set(err, ERROR_CONFLICT, "%s.%s: %" PRIu64 " row%s not as the plan saw %s", table->shape.schema,
              table->shape.name, total, total == 1 ? " is" : "s are", total == 1 ? "it" : "them");
    error_detail(err, "%s", lines.data);
    return error_hint(err, "%s", row_statements_hint(table));
}

/* Runs one statement, if there is one, and adds its row count. */
static bool run_counted(struct apply_job *job, const char *sql, uint64_t *rows, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (sql == NULL)
        return true;
    if (!connection_query(&job->connection, sql, 0, NULL, &result, err))
        return false;
    *rows += strtoull(PQcmdTuples(result), NULL, 10);
    return true;
}

static bool copy_straight(struct apply_job *job, size_t number, const struct row_statements *statements,
                          struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    struct table_result *done = &job->tables[number];

    if (table->fdw)
        return fetch_all(job, number, &done->inserted, err);
    /* What is read here instead of by the server is proved, or it is not done. */
    const char *binary = job->options->verify != VERIFY_NONE ? statements->copy_binary : NULL;
    return copy_in(job, number, ROWS_INSERT, statements->copy_straight, binary, &done->inserted, err) &&
           check_count(table, ROWS_INSERT, table->inserts, done->inserted, err);
}

static bool change_table(struct apply_job *job, size_t number, const struct row_statements *statements,
                         struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    struct table_result *done = &job->tables[number];
    uint64_t moved = 0, kept = 0;

    if (statements->empty != NULL && !connection_run(&job->connection, statements->empty, err))
        return false;
    if (statements->find_conflicts != NULL && !check_conflicts(job, table, statements->find_conflicts, err))
        return false;
    if (table->strategy == STRATEGY_COPY)
        return copy_straight(job, number, statements, err);
    if (!run_counted(job, statements->keep, &kept, err) || !run_counted(job, statements->delete, &done->deleted, err) ||
        !run_counted(job, statements->delete_moved, &moved, err) ||
        !run_counted(job, statements->update, &done->updated, err) ||
        !run_counted(job, statements->insert_moved, &done->inserted, err) ||
        !run_counted(job, statements->insert, &done->inserted, err))
        return false;
    done->updated += moved;
    done->inserted -= moved < done->inserted ? moved : done->inserted;
    return true;
}

static void lookup_free(struct main_lookup *lookup)
{
    free(lookup->condition);
}

/* Once something of main has moved on, the other tables are only looked at for more of it. */
static bool apply_table(struct apply_job *job, size_t number, struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    cleanup(row_statements_free) struct row_statements statements = {0};
    cleanup(lookup_free) struct main_lookup lookup = {0};

    if (!row_statements_make(table, job->plan.manifest->options.before_images, &statements, err) ||
        (table_is_fetched(table) && !foreign_table_create(job, number, &lookup, err)) ||
        !fill_temporary_tables(job, number, &statements, &lookup, err))
        return false;
    if ((job->moved.count == 0 || table->strategy == STRATEGY_COPY) && !change_table(job, number, &statements, err))
        return false;
    return (!table_is_fetched(table) || foreign_table_drop(job, err)) &&
           (statements.drop == NULL || connection_run(&job->connection, statements.drop, err));
}

bool rows_check_configuration(struct apply_job *job, struct error *err)
{
    const char *const parameters[] = {job->compared};
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(text_free) struct text lines = {0};

    if (!connection_query(&job->connection, sql_configuration, 1, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        text_appendf(&lines, "%s%s", i > 0 ? "\n" : "", PQgetvalue(result, i, 0));
    if (lines.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "the stand-in's extensions have other rows for the user's than the plan");
    error_detail(err, "%s", lines.data);
    return error_hint(err,
                      "Nothing was changed. Bring the extensions to the same version on both sides first, and make "
                      "a new plan.");
}

static bool refuse_moved(const struct apply_job *job, struct error *err)
{
    if (job->moved.count == 0)
        return true;
    error_set(err, ERROR_BASE_STATE, "main has moved on since the plan was made");
    error_detail(err, "%s", job->moved.lines.data);
    return error_hint(err, "Nothing was changed. Make a new plan.");
}

/* Nothing is done where the table's rows do not change. */
static bool apply_if_touched(struct apply_job *job, size_t number, struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    const struct table_shape *shape = &table->shape;
    struct table_result *done = &job->tables[number];
    double started = seconds_now();

    if (!table_is_touched(table))
        return true;
    if (!apply_table(job, number, err)) {
        error_context(err, "rows of %s.%s", shape->schema, shape->name);
        return explain_rows_breach(err);
    }
    done->seconds = seconds_now() - started;
    log_debug("%s.%s: +%" PRIu64 " ~%" PRIu64 " -%" PRIu64 " in %.3f s", shape->schema, shape->name, done->inserted,
              done->updated, done->deleted, done->seconds);
    return true;
}

/* Those that are large objects, or those that are not. */
static bool apply_tables(struct apply_job *job, bool are_large_objects, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;

    for (size_t i = 0; i < manifest->table_count; i++)
        if (is_large_objects(&manifest->tables[i].shape) == are_large_objects && !apply_if_touched(job, i, err))
            return false;
    return true;
}

bool rows_apply_large_objects(struct apply_job *job, struct error *err)
{
    if (!large_objects_begin(job, err))
        return false;
    if (job->plan.manifest->options.large_objects)
        progress_phase(job->progress, "large objects", 0);
    return apply_tables(job, true, err);
}

bool rows_apply(struct apply_job *job, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;
    uint64_t rows = 0;

    for (size_t i = 0; i < manifest->entry_count; i++)
        rows += manifest->entries[i].rows;
    for (size_t i = 0; i < manifest->table_count; i++)
        rows += rows_form(&manifest->tables[i], ROWS_INSERT, true) == ROWS_NONE ? manifest->tables[i].inserts : 0;
    progress_phase(job->progress, "rows", rows);
    return apply_tables(job, false, err) && refuse_moved(job, err);
}

static bool set_sequence(struct apply_job *job, const struct plan_sequence *sequence, struct error *err)
{
    cleanup(text_free) struct text name = {0}, restart = {0};

    quote_qualified(&name, sequence->schema, sequence->name);
    /* RESTART gives the sequence a new file, so that what setval writes there is rolled back with the transaction. */
    text_appendf(&restart, "ALTER SEQUENCE %s RESTART", name.data);

    const char *const parameters[] = {name.data, sequence->last_value, sequence->is_called ? "true" : "false"};
    if (!connection_run(&job->connection, restart.data, err) ||
        !connection_query(&job->connection, "SELECT pg_catalog.setval($1::regclass, $2::bigint, $3::boolean)", 3,
                          parameters, NULL, err))
        return error_context(err, "sequence %s", name.data);
    job->sequences_set++;
    return true;
}

bool sequences_apply(struct apply_job *job, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;

    if (manifest->sequence_count == 0)
        return true;
    progress_phase(job->progress, "sequences", manifest->sequence_count);
    for (size_t i = 0; i < manifest->sequence_count; i++)
        if (!set_sequence(job, &manifest->sequences[i], err))
            return false;
    return true;
}
