/* Which schemas and tables of a database are compared. */
#include "common/selection.h"

#include "common/connection.h"
#include "common/memory.h"
#include "common/pattern.h"
#include "common/sql.h"
#include "common/text.h"

/* An array of texts, as a parameter. */
static void append_item(struct text *array, const char *item)
{
    text_append(array, array->length == 0 ? "{" : ",");
    if (item == NULL) {
        text_append(array, "NULL");
        return;
    }
    text_append_char(array, '"');
    for (; *item != '\0'; item++) {
        if (*item == '"' || *item == '\\')
            text_append_char(array, '\\');
        text_append_char(array, *item);
    }
    text_append_char(array, '"');
}

static void end_array(struct text *array)
{
    text_append(array, array->length == 0 ? "{}" : "}");
}

enum { SCHEMAS, TABLE_SCHEMAS, TABLE_NAMES, EXCLUDED_SCHEMAS, EXCLUDED_NAMES };

static bool append_tables(struct text *schemas, struct text *names, const char *const *patterns, size_t count,
                          struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        cleanup(free_string) char *schema = NULL, *name = NULL;
        if (!pattern_split(patterns[i], &schema, &name, err))
            return false;
        append_item(schemas, schema);
        append_item(names, name);
    }
    end_array(schemas);
    end_array(names);
    return true;
}

bool selection_parameters(const struct selection *selection, struct text texts[SELECTION_PARAMETERS], struct error *err)
{
    for (size_t i = 0; i < selection->schema_count; i++) {
        cleanup(free_string) char *regex = NULL;
        if (!pattern_to_regex(selection->schemas[i], &regex, err))
            return false;
        append_item(&texts[SCHEMAS], regex);
    }
    end_array(&texts[SCHEMAS]);
    return append_tables(&texts[TABLE_SCHEMAS], &texts[TABLE_NAMES], selection->tables, selection->table_count, err) &&
           append_tables(&texts[EXCLUDED_SCHEMAS], &texts[EXCLUDED_NAMES], selection->excluded,
                         selection->excluded_count, err);
}

const char *selection_query(void)
{
    return sql_selection;
}

/* Runs one of the queries, which all take the patterns. */
static bool query(struct connection *connection, const struct selection *selection, const char *sql, PGresult **result,
                  struct error *err)
{
    struct text texts[SELECTION_PARAMETERS] = {{0}};
    const char *parameters[SELECTION_PARAMETERS];
    bool good = selection_parameters(selection, texts, err);

    for (size_t i = 0; i < SELECTION_PARAMETERS; i++)
        parameters[i] = texts[i].data;
    good = good && connection_query(connection, sql, SELECTION_PARAMETERS, parameters, result, err);
    for (size_t i = 0; i < SELECTION_PARAMETERS; i++)
        text_free(&texts[i]);
    return good;
}

bool selection_is_everything(const struct selection *selection)
{
    for (size_t i = 0; i < selection->schema_count; i++)
        if (strcmp(selection->schemas[i], "*") == 0)
            return selection->table_count == 0;
    return false;
}

bool selection_set(struct connection *connection, const struct selection *selection, struct error *err)
{
    bool chosen = selection->table_count > 0 || selection->excluded_count > 0;
    cleanup(result_clear) PGresult *result = NULL;

    if (!query(connection, selection, sql_selection, &result, err))
        return error_context(err, "choosing the tables of %s", connection->side);
    const char *const settings[] = {PQgetvalue(result, 0, 0), chosen ? PQgetvalue(result, 0, 1) : "",
                                    selection->table_count > 0 ? "true" : "false",
                                    selection_is_everything(selection) ? "true" : "false"};
    return connection_query(connection,
                            "SELECT pg_catalog.set_config('pgsyncer.namespaces', $1, false),"
                            " pg_catalog.set_config('pgsyncer.relations', $2, false),"
                            " pg_catalog.set_config('pgsyncer.tables_only', $3, false),"
                            " pg_catalog.set_config('pgsyncer.whole_database', $4, false)",
                            (int)array_length(settings), settings, NULL, err);
}

bool selection_match(struct connection *connection, const struct selection *selection, bool *matched, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!query(connection, selection, sql_selection_matches, &result, err))
        return error_context(err, "choosing the tables of %s", connection->side);
    for (int row = 0; row < PQntuples(result); row++)
        matched[strtoull(PQgetvalue(result, row, 0), NULL, 10)] = true;
    return true;
}
