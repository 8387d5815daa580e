/* Puts large objects among the tables that are compared, on both sides. */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/missing.h"
#include "format/large_objects.h"
#include "plan/rows/sql.h"

static void set_column(struct column_shape *column, const char *name, const char *type)
{
    column->name = copy_string(name);
    column->type = copy_string(type);
    column->form = FORM_VALUE;
}

/* Where the list, which is in order, has its place. */
static struct listed_table *make_room(struct table_list *list)
{
    size_t at = 0;

    while (at < list->count && strcmp(list->items[at].shape.schema, LARGE_OBJECTS_SCHEMA) < 0)
        at++;
    list->items = reallocate(list->items, list->count + 1, sizeof *list->items);
    memmove(&list->items[at + 1], &list->items[at], (list->count - at) * sizeof *list->items);
    list->count++;
    list->items[at] = (struct listed_table){0};
    return &list->items[at];
}

bool large_objects_list(struct connection *connection, struct table_list *list, struct error *err)
{
    static const char blocks_sql[] =
        "SELECT pg_catalog.pg_relation_size('pg_catalog.pg_largeobject') OPERATOR(pg_catalog./) 8192";
    cleanup(free_string) char *may_read_pages = NULL, *blocks = NULL;

    if (!connection_value(connection, large_objects_may_read_pages, 0, NULL, &may_read_pages, err) ||
        !connection_value(connection, blocks_sql, 0, NULL, &blocks, err))
        return error_context(err, "looking for the large objects of %s", connection->side);
    struct listed_table *table = make_room(list);
    struct table_shape *shape = &table->shape;

    shape->schema = copy_string(LARGE_OBJECTS_SCHEMA);
    shape->name = copy_string(LARGE_OBJECTS_TABLE);
    shape->column_count = 3;
    shape->columns = allocate(shape->column_count, sizeof *shape->columns);
    set_column(&shape->columns[0], "loid", "oid");
    set_column(&shape->columns[1], "pageno", "integer");
    set_column(&shape->columns[2], "data", "bytea");
    shape->key_count = 2;
    shape->key = allocate(shape->key_count, sizeof *shape->key);
    shape->key[1] = 1;
    table->blocks = strtoull(blocks, NULL, 10);
    if (table->blocks == 0)
        table->blocks = 1; /* those that are empty have no pages */
    table->whole = true;
    /* Rows of a query have no place: any one within all ranges will do. */
    table->source = format_string("(SELECT q.*, '(0,1)'::tid AS ctid FROM (\n%s) AS q) AS t",
                                  large_objects_query(strcmp(may_read_pages, "t") == 0));
    return true;
}

bool large_objects_check_roles(struct connection *main, struct connection *standin, const struct manifest *manifest,
                               struct error *err)
{
    const char *const wanted[] = {manifest->options.owners ? "true" : "false",
                                  manifest->options.privileges ? "true" : "false"};
    cleanup(free_string) char *needs = NULL;
    cleanup(text_free) struct text lines = {0}, doubts = {0};
    size_t count = 0;

    if (!connection_value(main, sql_large_object_roles, 2, wanted, &needs, err) ||
        !missing_find(standin, needs, &lines, &count, &doubts, err))
        return error_context(err, "looking for the roles of large objects");
    if (count == 0)
        return true;
    error_set(err, ERROR_REFUSED, "the stand-in lacks what the plan would need");
    error_detail(err, "%s", lines.data);
    return error_hint(err, "Create it on the stand-in, or leave owners and privileges out (--no-owner, "
                           "--no-privileges).");
}
