/* Partitioned tables whose partitions are not the same ones on the two sides: they are listed instead of these. */
#include "plan/layouts.h"

#include "common/catalog/wording.h"
#include "common/map.h"
#include "common/memory.h"
#include "common/table_columns.h"
#include "common/text.h"
#include "plan/rows/array_literal.h"
#include "plan/sql.h"

/* One side's tables, and what they are partitions of. */
struct layout {
    struct connection *connection;
    const struct catalog *catalog;
    struct table_list *tables;
    PGresult *trees;                     /* partition_trees.sql's */
    struct map tree_rows;                /* by the root: its first row of them, from 1 */
    const struct object **first, **next; /* by number: a table's first partition, and the next one of the same table */
    bool *listed_apart;                  /* by place in the list: those that a table of `wholes` stands for */
    struct table_list wholes;
    size_t capacity;
};

static bool is_partitioned(const struct object *table)
{
    const char *kind = table->class == CLASS_TABLE ? object_field(table, "kind") : NULL;

    return kind != NULL && strcmp(kind, "partitioned") == 0;
}

/* The last one first, so that each list is in the catalog's order. */
static void layout_open(struct layout *layout, struct database *database, const struct catalog *catalog,
                        struct table_list *tables)
{
    *layout = (struct layout){.connection = &database->connections[0], .catalog = catalog, .tables = tables};
    layout->first = allocate(catalog->count, sizeof(struct object *));
    layout->next = allocate(catalog->count, sizeof(struct object *));
    layout->listed_apart = allocate(tables->count, sizeof *layout->listed_apart);
    for (size_t i = catalog->count; i-- > 0;) {
        const struct object *object = catalog->objects[i];
        const char *parent = object->class == CLASS_TABLE || object->class == CLASS_FOREIGN_TABLE
                                 ? object_field(object, "partition_of")
                                 : NULL;
        const struct object *table = parent != NULL ? catalog_find(catalog, CLASS_TABLE, parent) : NULL;

        if (table == NULL)
            continue;
        layout->next[i] = layout->first[table->number];
        layout->first[table->number] = object;
    }
}

static void layout_close(struct layout *layout)
{
    table_list_free(&layout->wholes);
    map_free(&layout->tree_rows);
    PQclear(layout->trees);
    free(layout->first);
    free(layout->next);
    free(layout->listed_apart);
}

static bool says_the_same(const struct layout *layouts, const struct object *main, const struct object *standin,
                          const char *field)
{
    return same_wording(main->class, field, object_field(main, field), layouts[0].catalog->server_version,
                        object_field(standin, field), layouts[1].catalog->server_version);
}

/* Do rows lie in tables of the same names on both sides? */
static bool is_same_tree(const struct layout *layouts, const struct object *main, const struct object *standin)
{
    const struct object *one = layouts[0].first[main->number], *other = layouts[1].first[standin->number];

    if (main->class != standin->class || is_partitioned(main) != is_partitioned(standin) ||
        !says_the_same(layouts, main, standin, "partition_key"))
        return false;
    for (; one != NULL && other != NULL; one = layouts[0].next[one->number], other = layouts[1].next[other->number])
        if (strcmp(one->identity, other->identity) != 0 || !says_the_same(layouts, one, other, "partition_bound") ||
            !is_same_tree(layouts, one, other))
            return false;
    return one == NULL && other == NULL;
}

enum { TREE_ROOT, TREE_PARTITION, TREE_KIND };

/* Asked where a tree differs: the catalog has only what is chosen. */
static bool read_trees(struct layout *layout, struct error *err)
{
    if (layout->trees != NULL)
        return true;
    if (!connection_query(layout->connection, sql_partition_trees, 0, NULL, &layout->trees, err))
        return error_context(err, "reading the partitions of %s", layout->connection->side);
    for (int row = 0; row < PQntuples(layout->trees); row++) /* of equal ones the map keeps the first */
        map_add(&layout->tree_rows, PQgetvalue(layout->trees, row, TREE_ROOT), (void *)(uintptr_t)(row + 1));
    return true;
}

/* Why the table cannot be compared as a whole, to be freed; NULL: it can. */
static char *find_obstacle(const struct layout *layout, const struct object *table)
{
    uintptr_t first = (uintptr_t)map_get(&layout->tree_rows, table->identity);

    for (int row = (int)first - 1; first > 0 && row < PQntuples(layout->trees); row++) {
        const char *partition = PQgetvalue(layout->trees, row, TREE_PARTITION);

        if (strcmp(PQgetvalue(layout->trees, row, TREE_ROOT), table->identity) != 0)
            break;
        if (strcmp(PQgetvalue(layout->trees, row, TREE_KIND), "f") == 0)
            return format_string("%s's partition %s is a foreign table", layout->connection->side, partition);
        if (catalog_find(layout->catalog, CLASS_TABLE, partition) == NULL)
            return format_string("%s's partition %s is not chosen", layout->connection->side, partition);
    }
    return NULL;
}

/* Calls `visit` for each partition of any level. */
static void visit_partitions(struct layout *layout, const struct object *table, unsigned level, void *context,
                             void (*visit)(struct layout *layout, const struct object *partition, unsigned level,
                                           void *context))
{
    for (const struct object *partition = layout->first[table->number]; partition != NULL;
         partition = layout->next[partition->number]) {
        visit(layout, partition, level, context);
        visit_partitions(layout, partition, level + 1, context, visit);
    }
}

static void say_why(struct layout *layout, const struct object *table, unsigned level, void *context)
{
    struct listed_table *listed = table_list_find(layout->tables, table->schema, table->name);

    (void)level;
    if (listed != NULL && listed->apart == NULL)
        listed->apart = copy_string(context);
}

/* A whole being made, and how many partitions there is room for. */
struct making {
    struct listed_table *whole;
    size_t capacity;
};

static void add_partition(struct layout *layout, const struct object *partition, unsigned level, void *context)
{
    struct making *making = context;
    struct listed_table *whole = making->whole;
    const struct listed_table *listed = table_list_find(layout->tables, partition->schema, partition->name);

    array_reserve((void **)&whole->partitions, &making->capacity, whole->partition_count + 1,
                  sizeof *whole->partitions);
    whole->partitions[whole->partition_count++] =
        (struct listed_partition){.schema = copy_string(partition->schema),
                                  .name = copy_string(partition->name),
                                  .level = level,
                                  .has_rows = listed != NULL,
                                  .blocks = listed != NULL ? listed->blocks : 0};
    if (listed == NULL)
        return;
    layout->listed_apart[listed - layout->tables->items] = true;
    whole->blocks += listed->blocks;
    whole->all_visible = whole->all_visible && listed->all_visible;
}

static int compare_partitions(const void *a, const void *b)
{
    const struct listed_partition *left = a, *right = b;

    if (left->level != right->level)
        return left->level < right->level ? -1 : 1;
    int order = strcmp(left->schema, right->schema);
    return order != 0 ? order : strcmp(left->name, right->name);
}

static void add_whole(struct layout *layout, const struct object *table)
{
    array_reserve((void **)&layout->wholes.items, &layout->capacity, layout->wholes.count + 1,
                  sizeof *layout->wholes.items);
    struct listed_table *whole = &layout->wholes.items[layout->wholes.count++];
    struct making making = {.whole = whole};

    *whole = (struct listed_table){.partitioned = true, .all_visible = true};
    whole->shape.schema = copy_string(table->schema);
    whole->shape.name = copy_string(table->name);
    visit_partitions(layout, table, 1, &making, add_partition);
    if (whole->partition_count > 0)
        qsort(whole->partitions, whole->partition_count, sizeof *whole->partitions, compare_partitions);
}

static bool is_root(const struct object *table)
{
    return is_partitioned(table) && object_field(table, "partition_of") == NULL;
}

/* Both sides' table of a name, of which one at least is a partitioned one. */
static bool settle(struct layout *layouts, const struct object *const *tables, struct error *err)
{
    cleanup(free_string) char *obstacle = NULL;

    for (size_t side = 0; side < 2 && obstacle == NULL; side++) {
        if (!read_trees(&layouts[side], err))
            return false;
        obstacle = find_obstacle(&layouts[side], tables[side]);
    }
    cleanup(free_string) char *why =
        obstacle != NULL ? format_string("%s cannot be compared as a whole: %s", tables[0]->identity, obstacle) : NULL;
    for (size_t side = 0; side < 2; side++) {
        if (why != NULL) {
            say_why(&layouts[side], tables[side], 0, why);
            visit_partitions(&layouts[side], tables[side], 1, why, say_why);
        } else if (is_partitioned(tables[side])) {
            add_whole(&layouts[side], tables[side]);
        }
    }
    return true;
}

static bool settle_all(struct layout *layouts, struct error *err)
{
    const struct catalog *main = layouts[0].catalog;

    for (size_t i = 0; i < main->count; i++) {
        const struct object *table = main->objects[i];

        if (table->class != CLASS_TABLE || object_field(table, "partition_of") != NULL)
            continue;
        const struct object *standin = catalog_find(layouts[1].catalog, CLASS_TABLE, table->identity);
        if (standin == NULL || object_field(standin, "partition_of") != NULL || !(is_root(table) || is_root(standin)) ||
            is_same_tree(layouts, table, standin))
            continue;
        if (!settle(layouts, (const struct object *const[]){table, standin}, err))
            return false;
    }
    return true;
}

/* What a partition's own unique indexes say of its columns holds for the whole: values move between rows there too. */
static void mark_unique(struct table_shape *whole, const struct table_shape *partition)
{
    for (size_t i = 0; i < whole->column_count; i++) {
        struct column_shape *column = &whole->columns[i];
        const struct column_shape *own = table_shape_column(partition, column->name);
        bool in_key = false, in_own_key = false;

        if (own == NULL)
            continue;
        for (size_t k = 0; k < whole->key_count; k++)
            in_key = in_key || whole->key[k] == i;
        for (size_t k = 0; k < partition->key_count; k++)
            in_own_key = in_own_key || &partition->columns[partition->key[k]] == own;
        column->unique = column->unique || own->unique || (in_own_key && !in_key);
    }
}

static bool read_oids(struct layout *layout, PGresult **result, struct error *err)
{
    cleanup(text_free) struct text schemas = {0}, names = {0};

    for (size_t i = 0; i < layout->wholes.count; i++) {
        array_literal_add(&schemas, layout->wholes.items[i].shape.schema);
        array_literal_add(&names, layout->wholes.items[i].shape.name);
    }
    array_literal_end(&schemas);
    array_literal_end(&names);
    return connection_query(layout->connection,
                            "SELECT c.oid FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (schema, name, n)"
                            " JOIN pg_catalog.pg_namespace AS s ON s.nspname OPERATOR(pg_catalog.=) t.schema"
                            " JOIN pg_catalog.pg_class AS c ON c.relnamespace OPERATOR(pg_catalog.=) s.oid"
                            " AND c.relname OPERATOR(pg_catalog.=) t.name ORDER BY t.n",
                            2, (const char *const[]){schemas.data, names.data}, result, err);
}

static bool finish_side(struct layout *layout, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (layout->wholes.count == 0)
        return true;
    if (!read_oids(layout, &result, err))
        return false;
    if ((size_t)PQntuples(result) != layout->wholes.count)
        return error_set(err, ERROR_INTERNAL, "%s has not all of its partitioned tables", layout->connection->side);
    const char **oids = allocate(layout->wholes.count, sizeof *oids);
    for (size_t i = 0; i < layout->wholes.count; i++)
        oids[i] = PQgetvalue(result, (int)i, 0);
    bool read = table_columns_read(layout->connection, layout->catalog, &layout->wholes, oids, err);
    free(oids);
    if (!read)
        return error_context(err, "reading the columns of %s", layout->connection->side);
    for (size_t i = 0; i < layout->wholes.count; i++) {
        struct listed_table *whole = &layout->wholes.items[i];

        for (size_t j = 0; j < whole->partition_count; j++) {
            const struct listed_table *listed =
                table_list_find(layout->tables, whole->partitions[j].schema, whole->partitions[j].name);
            if (listed != NULL)
                mark_unique(&whole->shape, &listed->shape);
        }
    }
    table_list_replace(layout->tables, layout->listed_apart, &layout->wholes);
    return true;
}

bool layouts_settle(struct database *main, struct database *standin, struct catalogs *catalogs, struct error *err)
{
    struct layout layouts[2];

    layout_open(&layouts[0], main, catalogs->main, &catalogs->main_tables);
    layout_open(&layouts[1], standin, catalogs->standin, &catalogs->standin_tables);
    bool good = settle_all(layouts, err) && finish_side(&layouts[0], err) && finish_side(&layouts[1], err);
    layout_close(&layouts[0]);
    layout_close(&layouts[1]);
    return good;
}
