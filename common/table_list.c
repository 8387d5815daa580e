/* The tables of a database whose rows are compared, with their shapes. */
#include "common/table_list.h"

#include "common/connection.h"
#include "common/memory.h"
#include "common/sql.h"
#include "common/table_columns.h"
#include "common/whole_read.h"

/* The query's columns, in its order. */
enum {
    TABLE_OID,
    TABLE_SCHEMA,
    TABLE_NAME,
    TABLE_BLOCKS,
    TABLE_ROOT,
    TABLE_HAS_CHILDREN,
    TABLE_ALL_VISIBLE,
    TABLE_EXTENSION,
    TABLE_CONDITION
};

static char *optional(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : copy_string(PQgetvalue(result, row, column));
}

bool table_list_read(struct connection *connection, const struct selection *selection, const struct catalog *catalog,
                     struct table_list *list, struct error *err)
{
    cleanup(result_clear) PGresult *tables = NULL, *roots = NULL;

    *list = (struct table_list){0};
    if (!selection_set(connection, selection, err) || !whole_read_begin(connection, err) ||
        !connection_query(connection, sql_tables, 0, NULL, &tables, err) ||
        !connection_query(connection, sql_partitioned_tables, 0, NULL, &roots, err) || !whole_read_end(connection, err))
        return error_context(err, "reading the tables of %s", connection->side);

    list->count = (size_t)PQntuples(tables);
    list->items = allocate(list->count, sizeof *list->items);
    const char **oids = allocate(list->count, sizeof *oids);
    for (size_t i = 0; i < list->count; i++) {
        struct listed_table *table = &list->items[i];
        int row = (int)i;

        oids[i] = PQgetvalue(tables, row, TABLE_OID);
        table->shape.schema = copy_string(PQgetvalue(tables, row, TABLE_SCHEMA));
        table->shape.name = copy_string(PQgetvalue(tables, row, TABLE_NAME));
        table->shape.condition = optional(tables, row, TABLE_CONDITION);
        table->extension = optional(tables, row, TABLE_EXTENSION);
        table->blocks = strtoull(PQgetvalue(tables, row, TABLE_BLOCKS), NULL, 10);
        table->root = optional(tables, row, TABLE_ROOT);
        table->has_children = strcmp(PQgetvalue(tables, row, TABLE_HAS_CHILDREN), "t") == 0;
        table->all_visible = strcmp(PQgetvalue(tables, row, TABLE_ALL_VISIBLE), "t") == 0;
    }
    bool read = table_columns_read(connection, catalog, list, oids, err);
    free(oids);
    if (!read)
        return error_context(err, "reading the columns of %s", connection->side);
    list->partitioned_count = (size_t)PQntuples(roots);
    list->partitioned = allocate(list->partitioned_count, sizeof *list->partitioned);
    for (size_t i = 0; i < list->partitioned_count; i++)
        list->partitioned[i] = copy_string(PQgetvalue(roots, (int)i, 0));
    return true;
}

static int compare_names(const char *schema, const char *name, const struct listed_table *table)
{
    int order = strcmp(schema, table->shape.schema);

    return order != 0 ? order : strcmp(name, table->shape.name);
}

static void table_free(struct listed_table *table)
{
    for (size_t i = 0; i < table->partition_count; i++) {
        free(table->partitions[i].schema);
        free(table->partitions[i].name);
    }
    free(table->partitions);
    table_shape_free(&table->shape);
    free(table->extension);
    free(table->root);
    free(table->apart);
    free(table->source);
    free(table->present_name);
}

static int compare_tables(const void *a, const void *b)
{
    const struct listed_table *left = a;

    return compare_names(left->shape.schema, left->shape.name, b);
}

void table_list_replace(struct table_list *list, const bool *marked, struct table_list *others)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (marked[i])
            table_free(&list->items[i]);
        else
            list->items[kept++] = list->items[i];
    }
    list->items = reallocate(list->items, kept + others->count, sizeof *list->items);
    for (size_t i = 0; i < others->count; i++)
        list->items[kept++] = others->items[i];
    list->count = kept;
    others->count = 0;
    qsort(list->items, list->count, sizeof *list->items, compare_tables);
}

void table_list_free(struct table_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        table_free(&list->items[i]);
    free(list->items);
    for (size_t i = 0; i < list->partitioned_count; i++)
        free(list->partitioned[i]);
    free(list->partitioned);
    *list = (struct table_list){0};
}

bool table_list_has_root(const struct table_list *list, const char *root)
{
    for (size_t i = 0; i < list->partitioned_count; i++)
        if (strcmp(list->partitioned[i], root) == 0)
            return true;
    return false;
}

struct listed_table *table_list_find(const struct table_list *list, const char *schema, const char *name)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_names(schema, name, &list->items[middle]);

        if (order == 0)
            return &list->items[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
