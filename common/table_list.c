/* The tables of a database whose rows are compared, with their shapes. */
#include "common/table_list.h"

#include "common/connection.h"
#include "common/map.h"
#include "common/memory.h"
#include "common/sql.h"
#include "common/whole_read.h"

/* Each query's columns, in its order. */
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
enum {
    COLUMN_TABLE,
    COLUMN_NAME,
    COLUMN_TYPE,
    COLUMN_FORM,
    COLUMN_SEND,
    COLUMN_GENERATED,
    COLUMN_IDENTITY_ALWAYS,
    COLUMN_UNIQUE,
    COLUMN_KEY_POSITION,
    COLUMN_EQUALITY_SCHEMA,
    COLUMN_KEY_COLLATION,
    COLUMN_SORTS_ALIKE
};

static char *optional(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : copy_string(PQgetvalue(result, row, column));
}

static enum column_form form_of(const char *name)
{
    return strcmp(name, "value") == 0  ? FORM_VALUE
           : strcmp(name, "send") == 0 ? FORM_SEND
           : strcmp(name, "text") == 0 ? FORM_TEXT
                                       : FORM_OUTPUT;
}

static void read_column(const PGresult *result, int row, struct listed_table *table)
{
    struct table_shape *shape = &table->shape;
    size_t number = shape->column_count++;
    struct column_shape *column = &shape->columns[number];

    column->name = copy_string(PQgetvalue(result, row, COLUMN_NAME));
    column->type = copy_string(PQgetvalue(result, row, COLUMN_TYPE));
    column->form = form_of(PQgetvalue(result, row, COLUMN_FORM));
    column->send = optional(result, row, COLUMN_SEND);
    column->generated = !PQgetisnull(result, row, COLUMN_GENERATED);
    column->identity_always = !PQgetisnull(result, row, COLUMN_IDENTITY_ALWAYS);
    column->unique = !PQgetisnull(result, row, COLUMN_UNIQUE);
    column->equality_schema = optional(result, row, COLUMN_EQUALITY_SCHEMA);
    column->key_collation = optional(result, row, COLUMN_KEY_COLLATION);
    if (PQgetisnull(result, row, COLUMN_KEY_POSITION))
        return;
    size_t position = strtoul(PQgetvalue(result, row, COLUMN_KEY_POSITION), NULL, 10);
    shape->key[position] = number;
    shape->key_count++;
    if (position == 0)
        table->sorts_alike = !PQgetisnull(result, row, COLUMN_SORTS_ALIKE);
}

/* Rows are by table: one table's are counted first, so that its arrays are allocated once. */
static void read_columns(const PGresult *result, const struct map *by_oid)
{
    for (int row = 0, end; row < PQntuples(result); row = end) {
        const char *oid = PQgetvalue(result, row, COLUMN_TABLE);
        struct listed_table *table = map_get(by_oid, oid);

        for (end = row; end < PQntuples(result) && strcmp(PQgetvalue(result, end, COLUMN_TABLE), oid) == 0; end++)
            continue;
        if (table == NULL)
            continue; /* a member of an extension, or made since the list of tables was read */
        table->shape.columns = allocate((size_t)(end - row), sizeof *table->shape.columns);
        table->shape.key = allocate((size_t)(end - row), sizeof *table->shape.key);
        for (int i = row; i < end; i++)
            read_column(result, i, table);
    }
}

bool table_list_read(struct connection *connection, const struct selection *selection, struct table_list *list,
                     struct error *err)
{
    cleanup(result_clear) PGresult *tables = NULL, *columns = NULL, *roots = NULL;
    cleanup(map_free) struct map by_oid = {0};

    *list = (struct table_list){0};
    if (!selection_set(connection, selection, err) || !whole_read_begin(connection, err) ||
        !connection_query(connection, sql_tables, 0, NULL, &tables, err) ||
        !connection_query(connection, connection->server_version < 120000 ? sql_table_columns_11 : sql_table_columns, 0,
                          NULL, &columns, err) ||
        !connection_query(connection, sql_partitioned_tables, 0, NULL, &roots, err) || !whole_read_end(connection, err))
        return error_context(err, "reading the tables of %s", connection->side);

    list->count = (size_t)PQntuples(tables);
    list->items = allocate(list->count, sizeof *list->items);
    for (size_t i = 0; i < list->count; i++) {
        struct listed_table *table = &list->items[i];
        int row = (int)i;

        table->shape.schema = copy_string(PQgetvalue(tables, row, TABLE_SCHEMA));
        table->shape.name = copy_string(PQgetvalue(tables, row, TABLE_NAME));
        table->shape.condition = optional(tables, row, TABLE_CONDITION);
        table->extension = optional(tables, row, TABLE_EXTENSION);
        table->blocks = strtoull(PQgetvalue(tables, row, TABLE_BLOCKS), NULL, 10);
        table->root = optional(tables, row, TABLE_ROOT);
        table->has_children = strcmp(PQgetvalue(tables, row, TABLE_HAS_CHILDREN), "t") == 0;
        table->all_visible = strcmp(PQgetvalue(tables, row, TABLE_ALL_VISIBLE), "t") == 0;
        map_add(&by_oid, PQgetvalue(tables, row, TABLE_OID), table);
    }
    read_columns(columns, &by_oid);
    list->partitioned_count = (size_t)PQntuples(roots);
    list->partitioned = allocate(list->partitioned_count, sizeof *list->partitioned);
    for (size_t i = 0; i < list->partitioned_count; i++)
        list->partitioned[i] = copy_string(PQgetvalue(roots, (int)i, 0));
    return true;
}

void table_list_free(struct table_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        table_shape_free(&list->items[i].shape);
        free(list->items[i].extension);
        free(list->items[i].root);
        free(list->items[i].source);
        free(list->items[i].present_name);
    }
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

static int compare_names(const char *schema, const char *name, const struct listed_table *table)
{
    int order = strcmp(schema, table->shape.schema);

    return order != 0 ? order : strcmp(name, table->shape.name);
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
