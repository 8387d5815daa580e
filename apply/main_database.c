/* Main, where apply needs it: for a plan of --fdw-mode, whose rows it fetches. */
#include "apply/main_database.h"

#include "apply/sql.h"
#include "common/database.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/text.h"
#include "format/json.h"

/* Rows that postgres_fdw takes at a time. */
enum { FETCHED_BYTES = 8 * 1024 * 1024, MOST_FETCHED = 10000 };

bool table_is_fetched(const struct plan_table *table)
{
    return table->fdw && table->inserts + table->updates > 0;
}

bool main_option_check(const struct apply_job *job, struct error *err)
{
    bool wanted = job->plan.manifest->options.fdw_mode;

    if (wanted && job->options->main_dsn == NULL) {
        error_set(err, ERROR_USAGE, "the plan was made with --fdw-mode: its rows are fetched from main");
        return error_hint(err, "Give --maindsn, or set MAIN_DSN.");
    }
    /* MAIN_DSN may be set for pgsyncer-plan's sake. */
    if (!wanted && job->options->main_named) {
        error_set(err, ERROR_USAGE, "--maindsn is for plans made with --fdw-mode; this one has its rows in it");
        return error_hint(err, "Leave --maindsn out.");
    }
    return true;
}

static void compare(struct text *lines, const char *what, const char *planned, const char *found)
{
    /* Not everybody may ask for the system identifier. */
    if (planned[0] != '\0' && found[0] != '\0' && strcmp(planned, found) != 0)
        text_appendf(lines, "%s%s: %s; the plan was made from %s", lines->length > 0 ? "\n" : "", what, found, planned);
}

static bool refuse_other(const struct apply_job *job, const struct database_identity *found, struct error *err)
{
    const struct database_identity *planned = &job->plan.manifest->main;
    cleanup(text_free) struct text lines = {0};

    compare(&lines, "database", planned->dbname, found->dbname);
    compare(&lines, "system identifier", planned->system_identifier, found->system_identifier);
    compare(&lines, "encoding", planned->encoding, found->encoding);
    if (planned->server_version_number / 10000 != found->server_version_number / 10000)
        compare(&lines, "PostgreSQL", planned->server_version, found->server_version);
    if (lines.length == 0)
        return true;
    error_set(err, ERROR_BASE_STATE, "--maindsn is not the database that the plan was made from");
    error_detail(err, "%s", lines.data);
    return error_hint(err, "Nothing was changed.");
}

bool main_connect(struct apply_job *job, struct error *err)
{
    struct database_identity found = {0};

    if (!job->plan.manifest->options.fdw_mode)
        return true;
    bool right = connection_open(&job->main_connection, "main", job->options->main_dsn, err) &&
                 database_identify(&job->main_connection, &found, err) && refuse_other(job, &found, err);
    database_identity_free(&found);
    return right;
}

static char *describe_fetched(const struct manifest *manifest)
{
    cleanup(json_release) json_t *tables = json_array();
    size_t length;

    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct table_shape *shape = &manifest->tables[i].shape;

        if (!table_is_fetched(&manifest->tables[i]))
            continue;
        json_t *columns = json_array();
        for (size_t c = 0; c < shape->column_count; c++)
            if (shape->columns[c].form != FORM_NONE)
                json_array_append_new(columns, json_string(shape->columns[c].name));
        json_array_append_new(
            tables, json_pack("{s:s, s:s, s:o}", "schema", shape->schema, "name", shape->name, "columns", columns));
    }
    return json_print(tables, &length);
}

bool main_find_problems(struct apply_job *job, PGresult **problems, struct error *err)
{
    cleanup(free_string) char *tables = describe_fetched(job->plan.manifest);
    const char *const parameters[] = {tables};

    return connection_query(&job->main_connection, sql_main_problems, 1, parameters, problems, err);
}

bool main_fetch_size(struct apply_job *job, const struct plan_table *table, uint64_t *rows, struct error *err)
{
    cleanup(text_free) struct text name = {0};
    cleanup(free_string) char *size = NULL;

    quote_qualified(&name, table->shape.schema, table->shape.name);
    const char *const parameters[] = {name.data};
    if (!connection_value(&job->main_connection, "SELECT pg_catalog.pg_table_size($1::regclass)", 1, parameters, &size,
                          err))
        return false;
    uint64_t row_size = strtoull(size, NULL, 10) / (table->main.rows > 0 ? table->main.rows : 1);
    *rows = FETCHED_BYTES / (row_size > 0 ? row_size : 1);
    *rows = *rows < 1 ? 1 : *rows > MOST_FETCHED ? MOST_FETCHED : *rows;
    return true;
}
