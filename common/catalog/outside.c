/* Names what lies outside of the chosen schemas and is tied to objects of the catalog. */
#include "common/catalog/outside.h"

#include "common/catalog/sql.h"
#include "common/memory.h"
#include "common/text.h"

enum { NUMBER, TYPE, IDENTITY, NAMES, ARGUMENTS, PARTITION_OF };

void outside_add(struct outside_edges *edges, struct outside_edge edge)
{
    array_reserve((void **)&edges->items, &edges->capacity, edges->count + 1, sizeof *edges->items);
    edges->items[edges->count++] = edge;
}

void outside_edges_free(struct outside_edges *edges)
{
    free(edges->items);
    *edges = (struct outside_edges){0};
}

static int compare_addresses(const struct address *left, const struct address *right)
{
    if (left->class != right->class)
        return left->class < right->class ? -1 : 1;
    if (left->object != right->object)
        return left->object < right->object ? -1 : 1;
    return (left->sub > right->sub) - (left->sub < right->sub);
}

static int compare_edges(const void *a, const void *b)
{
    const struct outside_edge *left = a, *right = b;
    int order = compare_addresses(&left->address, &right->address);

    if (order != 0)
        return order;
    if (left->needs != right->needs)
        return left->needs ? 1 : -1;
    return (left->object->number > right->object->number) - (left->object->number < right->object->number);
}

/* Three arrays as parameters: an item for each address, once. starts: which edge is the first of each. */
static void append_addresses(const struct outside_edges *edges, struct text columns[3], size_t *starts)
{
    size_t count = 0;

    for (size_t i = 0; i < edges->count; i++) {
        const struct address *address = &edges->items[i].address;
        const char *separator = count > 0 ? "," : "{";

        if (i > 0 && compare_addresses(&edges->items[i - 1].address, address) == 0)
            continue;
        starts[count++] = i;
        text_appendf(&columns[0], "%s%u", separator, address->class);
        text_appendf(&columns[1], "%s%u", separator, address->object);
        text_appendf(&columns[2], "%s%d", separator, (int)address->sub);
    }
    for (size_t i = 0; i < 3; i++)
        text_append(&columns[i], "}");
}

static void add_named(struct catalog *catalog, const struct outside_edges *edges, const size_t *starts,
                      const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        const struct outside outside = {
            .type = arena_string(catalog->arena, PQgetvalue(result, row, TYPE)),
            .identity = arena_string(catalog->arena, PQgetvalue(result, row, IDENTITY)),
            .names = arena_string(catalog->arena, PQgetvalue(result, row, NAMES)),
            .arguments = arena_string(catalog->arena, PQgetvalue(result, row, ARGUMENTS)),
            .partition_of = PQgetisnull(result, row, PARTITION_OF)
                                ? NULL
                                : arena_string(catalog->arena, PQgetvalue(result, row, PARTITION_OF)),
        };
        size_t start = starts[strtoull(PQgetvalue(result, row, NUMBER), NULL, 10)];
        const struct outside_edge *edge = &edges->items[start], *end = edges->items + edges->count;

        for (; edge < end && compare_addresses(&edge->address, &edges->items[start].address) == 0; edge++)
            if (edge == &edges->items[start] || compare_edges(edge - 1, edge) != 0)
                catalog_add_outside(catalog, &outside, edge->object, edge->needs);
    }
}

bool outside_read(struct connection *connection, struct outside_edges *edges, struct catalog *catalog,
                  struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    struct text columns[3] = {{0}};

    if (edges->count == 0)
        return true;
    qsort(edges->items, edges->count, sizeof *edges->items, compare_edges);
    size_t *starts = allocate(edges->count, sizeof *starts);
    append_addresses(edges, columns, starts);
    const char *const parameters[] = {columns[0].data, columns[1].data, columns[2].data};
    bool read = connection_query(connection, sql_outside, 3, parameters, &result, err);
    for (size_t i = 0; i < 3; i++)
        text_free(&columns[i]);
    if (read)
        add_named(catalog, edges, starts, result);
    free(starts);
    return read || error_context(err, "naming objects outside of the chosen schemas");
}
