/* Tables as row sources of SQL, and how a row is named to people. */
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

static const struct object *find_table(const struct catalog *catalog, const char *schema, const char *table)
{
    cleanup(text_free) struct text identity = {0};

    quote_qualified(&identity, schema, table);
    return catalog_find(catalog, CLASS_TABLE, identity.data);
}

static const struct column_fate *find_fate(const struct schema_diff *diff, const struct object *column)
{
    for (size_t i = 0; i < diff->fate_count; i++) {
        const struct column_fate *fate = &diff->fates[i];

        if (strcmp(fate->column, column->name) == 0 && strcmp(fate->table, column->parent->name) == 0 &&
            strcmp(fate->schema, column->parent->schema) == 0)
            return fate;
    }
    return NULL;
}

static bool is_projected(const struct schema_diff *diff, const char *schema, const char *table)
{
    for (size_t i = 0; i < diff->fate_count; i++)
        if (strcmp(diff->fates[i].table, table) == 0 && strcmp(diff->fates[i].schema, schema) == 0)
            return true;
    return false;
}

static void append_columns(struct text *sql, const struct checks *checks, const struct object *table, bool empty)
{
    const struct catalog *catalog = checks->preflight->main_catalog;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *column = catalog->objects[i];

        if (column->class != CLASS_COLUMN || column->parent != table)
            continue;
        const struct column_fate *fate = find_fate(checks->preflight->diff, column);
        text_append(sql, ", ");
        if (empty)
            text_appendf(sql, "NULL::%s", object_field(column, "type"));
        else if (fate != NULL)
            text_appendf(sql, "(%s)::%s", fate->expression != NULL ? fate->expression : "NULL", fate->type);
        else
            quote_identifier(sql, column->name);
        text_append(sql, " AS ");
        quote_identifier(sql, column->name);
    }
}

void append_standin_table(struct text *sql, const struct preflight *preflight, const char *schema, const char *table,
                          const char *alias)
{
    renames_append_table(sql, preflight->renames, schema, table);
    text_append(sql, " AS ");
    quote_identifier(sql, alias);
    renames_append_columns(sql, preflight->renames, schema, table);
}

void append_source(struct text *sql, const struct checks *checks, enum side side, const char *schema, const char *table,
                   bool only, const char *alias)
{
    const struct preflight *preflight = checks->preflight;
    const struct object *of_main = find_table(preflight->main_catalog, schema, table);
    bool made = side == STANDIN && of_main != NULL && in_standin(preflight, of_main) == NULL;

    if (made) {
        text_append(sql, "(SELECT NULL::tid AS ctid, NULL::oid AS tableoid");
        append_columns(sql, checks, of_main, true);
        text_append(sql, " WHERE false)");
    } else if (side == STANDIN && of_main != NULL && is_projected(preflight->diff, schema, table)) {
        text_append(sql, "(SELECT ctid, tableoid");
        append_columns(sql, checks, of_main, false);
        text_append(sql, only ? " FROM ONLY " : " FROM ");
        append_standin_table(sql, preflight, schema, table, "t");
        text_append(sql, ")");
    } else if (side == STANDIN) {
        text_append(sql, only ? "ONLY " : "");
        append_standin_table(sql, preflight, schema, table, alias);
        return;
    } else {
        text_append(sql, only ? "ONLY " : "");
        quote_qualified(sql, schema, table);
    }
    text_append(sql, " AS ");
    quote_identifier(sql, alias);
}

void append_values(struct text *sql, const char *const *columns, size_t count, const char *alias)
{
    cleanup(text_free) struct text names = {0};

    text_append(&names, "(");
    for (size_t i = 0; i < count; i++) {
        text_append(&names, i > 0 ? ", " : "");
        quote_identifier(&names, columns[i]);
    }
    text_append(&names, ")=(");
    quote_literal(sql, names.data);
    text_append(sql, " || concat_ws(', '");
    for (size_t i = 0; i < count; i++) {
        text_append(sql, ", coalesce(left(");
        quote_identifier(sql, alias);
        text_append(sql, ".");
        quote_identifier(sql, columns[i]);
        text_append(sql, "::text, 60), 'null')");
    }
    text_append(sql, ") || ')'");
}

void append_example(struct text *sql, const struct condition *condition, const char *alias)
{
    text_append(sql, "(");
    if (condition->key_count > 0) {
        append_values(sql, condition->key, condition->key_count, alias);
    } else {
        text_append(sql, "'ctid=' || ");
        quote_identifier(sql, alias);
        text_append(sql, ".ctid::text");
    }
    if (condition->column_count > 0 && strcmp(condition->kind, "foreign key") == 0) {
        text_append(sql, " || ' with ' || ");
        append_values(sql, condition->columns, condition->column_count, alias);
    }
    text_append(sql, ") COLLATE \"C\"");
}
