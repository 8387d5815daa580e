/* One run of apply: opening and closing what its stages share. */
#include "apply/job.h"

#include "common/database.h"
#include "common/memory.h"
#include "format/catalog_json.h"
#include "format/entry_name.h"
#include "format/json.h"
#include "format/row_statements.h"

#include <time.h>

double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool table_is_touched(const struct plan_table *table)
{
    return table->strategy != STRATEGY_SKIP && table->inserts + table->updates + table->deletes > 0;
}

bool plan_has_phase(const struct plan *plan, enum phase phase)
{
    for (size_t i = 0; i < plan->manifest->statement_count; i++)
        if (plan->manifest->statements[i].phase == phase)
            return true;
    return false;
}

/*
 * base: as they are before the statements. Of one with renamed columns the key is not known by its names then, and is
 * left out: any update may be of the key.
 *
 * [{"schema":…,"name":…,"key":[…],"created":false,"deletes":true,"inserts":true,"updates":true,"moves":true}, …] in the
 * manifest's order.
 */
static char *describe_tables(const struct manifest *manifest, bool all_compared, bool base)
{
    cleanup(json_release) json_t *tables = json_array();
    size_t length;

    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        const struct table_shape *shape = &table->shape;

        if (!table_is_touched(table) && (!all_compared || table->strategy == STRATEGY_SKIP))
            continue;
        json_t *description = json_object(), *key = json_array();
        json_object_set_new(description, "schema", json_string(shape->schema));
        bool renamed = base && table->base_name != NULL;
        json_object_set_new(description, "name", json_string(renamed ? table->base_name : shape->name));
        json_object_set_new(description, "created", json_boolean(table->created));
        json_object_set_new(description, "deletes", json_boolean(table->deletes > 0));
        json_object_set_new(description, "inserts", json_boolean(table->inserts > 0));
        json_object_set_new(description, "updates", json_boolean(table->updates > 0));
        json_object_set_new(description, "moves", json_boolean(table->updates > 0 && updates_move_rows(shape)));
        for (size_t k = 0; k < shape->key_count && !renamed; k++)
            json_array_append_new(key, json_string(shape->columns[shape->key[k]].name));
        json_object_set_new(description, "key", key);
        json_array_append_new(tables, description);
    }
    return json_print(tables, &length);
}

/* [{"schema":…,"table":…,"name":…}, …] */
static char *describe_unchecked(const struct catalog *main)
{
    cleanup(json_release) json_t *constraints = json_array();
    size_t length;

    for (size_t i = 0; i < main->count; i++) {
        const struct object *object = main->objects[i];
        const char *validated = object->class == CLASS_CONSTRAINT ? object_field(object, "validated") : NULL;

        if (validated != NULL && strcmp(validated, "false") == 0 && object->parent->class == CLASS_TABLE)
            json_array_append_new(constraints, json_pack("{s:s, s:s, s:s}", "schema", object->parent->schema, "table",
                                                         object->parent->name, "name", object->name));
    }
    return json_print(constraints, &length);
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
    job->touched = describe_tables(job->plan.manifest, false, false);
    job->base_touched = describe_tables(job->plan.manifest, false, true);
    job->unchecked = describe_unchecked(job->main);
    job->compared = describe_tables(job->plan.manifest, options->verify == VERIFY_FULL, false);
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
    plan_close(&job->plan);
    catalog_free(job->base);
    catalog_free(job->main);
    database_identity_free(&job->standin);
    progress_free(job->progress);
    string_list_free(&job->locks);
    free(job->touched);
    free(job->base_touched);
    free(job->compared);
    free(job->unchecked);
    free(job->tables);
    free(job->transaction_id);
    free(job->start_lsn);
}

bool explain_breach(struct error *err)
{
    bool of_rows = strncmp(err->sqlstate, "23", 2) == 0 || strncmp(err->sqlstate, "22", 2) == 0;

    if (err->code == ERROR_INTERNAL && of_rows)
        err->code = ERROR_CONFLICT;
    return false;
}
