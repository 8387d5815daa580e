/* Asks a database's catalogs what rows must be like for its constraints, indexes, columns and partitions. */
#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "plan/preflight/parts.h"
#include "plan/preflight/sql.h"

enum {
    NUMBER,
    KIND,
    BAD,
    BAD_TAIL,
    TEXT,
    ALONE,
    GROUPS,
    TYPES,
    COUNTED,
    PARENT_SCHEMA,
    PARENT_TABLE,
    PARENT_ONLY,
    COLUMNS,
    MATCHES,
    PARENT_COLUMNS,
    KEY,
    KEY_TYPES
};

enum { QUESTION_PARTS = 4 };

static const char *text_at(const struct checks *checks, const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : arena_string(checks->arena, PQgetvalue(result, row, column));
}

static bool list_at(const struct checks *checks, const PGresult *result, int row, int column, const char ***items,
                    size_t *count, struct error *err)
{
    return array_text_parse(checks->arena, text_at(checks, result, row, column), items, count) ||
           error_set(err, ERROR_INTERNAL, "no array: %s", PQgetvalue(result, row, column));
}

static bool read_condition(const struct checks *checks, const PGresult *result, int row, struct condition *condition,
                           struct error *err)
{
    size_t ignored;

    condition->kind = text_at(checks, result, row, KIND);
    condition->bad = text_at(checks, result, row, BAD);
    condition->bad_tail = text_at(checks, result, row, BAD_TAIL);
    condition->text = text_at(checks, result, row, TEXT);
    condition->counted = text_at(checks, result, row, COUNTED);
    condition->parent_schema = text_at(checks, result, row, PARENT_SCHEMA);
    condition->parent_table = text_at(checks, result, row, PARENT_TABLE);
    condition->alone = strcmp(PQgetvalue(result, row, ALONE), "true") == 0;
    condition->parent_only = strcmp(PQgetvalue(result, row, PARENT_ONLY), "true") == 0;
    return list_at(checks, result, row, GROUPS, &condition->groups, &condition->group_count, err) &&
           list_at(checks, result, row, TYPES, &condition->types, &condition->type_count, err) &&
           list_at(checks, result, row, COLUMNS, &condition->columns, &condition->column_count, err) &&
           list_at(checks, result, row, MATCHES, &condition->matches, &condition->match_count, err) &&
           list_at(checks, result, row, PARENT_COLUMNS, &condition->parent_columns, &ignored, err) &&
           list_at(checks, result, row, KEY, &condition->key, &condition->key_count, err) &&
           list_at(checks, result, row, KEY_TYPES, &condition->key_types, &ignored, err);
}

/* What the asked side calls the table now. */
static const char *present_name(const struct preflight *preflight, enum side side, const struct question *question)
{
    const struct renamed_table *renamed =
        side == STANDIN ? renames_find(preflight->renames, question->schema, question->table) : NULL;

    return renamed != NULL ? renamed->old_name : question->table;
}

bool conditions_read(const struct checks *checks, enum side side, const struct question *questions, size_t count,
                     struct condition **conditions, struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    struct connection *connection = &(side == MAIN ? preflight->main : preflight->standin)->connections[0];
    struct text arrays[QUESTION_PARTS] = {{0}};
    const char *parameters[QUESTION_PARTS];
    cleanup(result_clear) PGresult *result = NULL;
    const char **items = allocate(count, sizeof *items);

    *conditions = arena_allocate(checks->arena, count, sizeof **conditions);
    for (size_t part = 0; part < QUESTION_PARTS; part++) {
        for (size_t i = 0; i < count; i++)
            items[i] = part == 0   ? questions[i].kind
                       : part == 1 ? questions[i].schema
                       : part == 2 ? present_name(preflight, side, &questions[i])
                                   : questions[i].name;
        array_text_append(&arrays[part], items, count);
        parameters[part] = arrays[part].data;
    }
    bool good = connection_query(connection, sql_conditions, QUESTION_PARTS, parameters, &result, err) ||
                error_context(err, "asking what rows must be like");
    for (int row = 0; good && row < PQntuples(result); row++)
        good = read_condition(checks, result, row, &(*conditions)[strtoull(PQgetvalue(result, row, NUMBER), NULL, 10)],
                              err);
    for (size_t part = 0; part < QUESTION_PARTS; part++)
        text_free(&arrays[part]);
    free(items);
    return good;
}
