/* The list of the stand-in's tables as it is after the renames. */
#include "plan/renames/parts.h"

#include "common/memory.h"

static void replace(char **string, const char *with)
{
    char *copy = copy_string(with); /* `with` may be the string itself */

    free(*string);
    *string = copy;
}

static void rename_listed(const struct renames *renames, struct listed_table *listed)
{
    struct table_shape *shape = &listed->shape;
    const struct renamed_table *table = renamed_table_of(renames, shape->schema, shape->name);
    struct text source = {0};

    if (table == NULL)
        return;
    listed->present_name = copy_string(table->old_name);
    replace(&shape->name, table->new_name);
    for (size_t i = 0; i < shape->column_count; i++)
        replace(&shape->columns[i].name, renamed_column_name(table, shape->columns[i].name));
    text_append(&source, "ONLY ");
    renames_append_table(&source, renames, shape->schema, shape->name);
    text_append(&source, " AS t");
    renames_append_columns(&source, renames, shape->schema, shape->name);
    listed->source = text_take(&source);
}

/* Columns of the row type of a renamed table. Types were worded by their server: so they are compared, not made. */
static void rename_types(const struct renames *renames, const struct table_list *main, struct table_shape *shape)
{
    const struct listed_table *other = table_list_find(main, shape->schema, shape->name);

    for (size_t i = 0; i < shape->column_count; i++) {
        cleanup(text_free) struct text type = {0};
        bool sure = true;

        if (!rewrite_text(&type, renames, shape->columns[i].type, NAMES_TABLES, NULL, &sure))
            continue;
        for (size_t j = 0; other != NULL && j < other->shape.column_count; j++)
            if (strcmp(other->shape.columns[j].name, shape->columns[i].name) == 0 &&
                same_tokens(other->shape.columns[j].type, type.data))
                replace(&shape->columns[i].type, other->shape.columns[j].type);
    }
}

/* A root's name likewise. */
static void rename_root(const struct renames *renames, const struct table_list *main, char **root)
{
    cleanup(text_free) struct text name = {0};
    bool sure = true;

    if (!rewrite_text(&name, renames, *root, NAMES_TABLES, NULL, &sure))
        return;
    for (size_t i = 0; i < main->partitioned_count; i++)
        if (same_tokens(main->partitioned[i], name.data)) {
            replace(root, main->partitioned[i]);
            return;
        }
    replace(root, name.data);
}

static int compare_listed(const void *a, const void *b)
{
    const struct listed_table *left = a, *right = b;
    int order = strcmp(left->shape.schema, right->shape.schema);

    return order != 0 ? order : strcmp(left->shape.name, right->shape.name);
}

void renames_rename_list(const struct renames *renames, const struct table_list *main, struct table_list *standin)
{
    if (renames == NULL || renames->table_count == 0)
        return;
    for (size_t i = 0; i < standin->count; i++) {
        rename_listed(renames, &standin->items[i]);
        rename_types(renames, main, &standin->items[i].shape);
        if (standin->items[i].root != NULL)
            rename_root(renames, main, &standin->items[i].root);
    }
    for (size_t i = 0; i < standin->partitioned_count; i++)
        rename_root(renames, main, &standin->partitioned[i]);
    if (standin->count > 0)
        qsort(standin->items, standin->count, sizeof *standin->items, compare_listed);
}
