/* Turns pg_depend into edges between objects. */
#include "common/catalog/depends.h"

#include "common/catalog/sql.h"
#include "common/memory.h"

enum { CLASS, OBJECT, SUB, REFERENCED_CLASS, REFERENCED_OBJECT, REFERENCED_SUB, TYPE };

/* The oids of system catalogs are the same in every server. */
static const uint32_t pg_class = 1259, pg_type = 1247, pg_proc = 1255, pg_attrdef = 2604, pg_cast = 2605,
                      pg_operator = 2617, pg_transform = 3576, pg_amop = 2602, pg_amproc = 2603, pg_opclass = 2616,
                      pg_opfamily = 2753;

struct dependency {
    struct address dependent, referenced;
    char type;
    bool in_expression; /* a function's, of a type */
};

static uint32_t number_at(const PGresult *result, int row, int column)
{
    return oid_from_text(PQgetvalue(result, row, column));
}

static struct dependency *read_dependencies(const PGresult *result, size_t *count)
{
    struct dependency *dependencies;

    *count = (size_t)PQntuples(result);
    dependencies = allocate(*count + 1, sizeof *dependencies);
    for (int row = 0; row < PQntuples(result); row++) {
        char type = PQgetvalue(result, row, TYPE)[0];

        dependencies[row] = (struct dependency){
            .dependent = {number_at(result, row, CLASS), number_at(result, row, OBJECT),
                          (int32_t)number_at(result, row, SUB)},
            .referenced = {number_at(result, row, REFERENCED_CLASS), number_at(result, row, REFERENCED_OBJECT),
                           (int32_t)number_at(result, row, REFERENCED_SUB)},
            .type = (char)(type == 'x' ? 'n' : type),
            .in_expression = type == 'x',
        };
    }
    return dependencies;
}

/*
 * Is the dependent a part of the other, if the model does not have it as an object? 'i' and 'e' say so. So does 'a' for
 * the expression of a generated column, which is a field of the column, and for what an operator class or family is
 * made of.
 */
static bool is_part(const struct dependency *dependency)
{
    uint32_t class = dependency->dependent.class, owner = dependency->referenced.class;

    switch (dependency->type) {
    case 'i':
    case 'e':
        return true;
    case 'a':
        return class == pg_attrdef ||
               ((class == pg_amop || class == pg_amproc) && (owner == pg_opclass || owner == pg_opfamily));
    default:
        return false;
    }
}

static void add_parts(struct addresses *addresses, const struct dependency *dependencies, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_part(&dependencies[i]))
            addresses_add_part(addresses, dependencies[i].dependent, dependencies[i].referenced,
                               dependencies[i].type == 'e');
}

static bool belongs_to(const struct object *object, const struct object *owner)
{
    for (; object != NULL; object = object->parent)
        if (object == owner)
            return true;
    return false;
}

struct edge {
    struct object *from, *to;
};

/* The relation that the server made for a table, and which is no object: its TOAST table, on which its index hangs. */
static bool is_toast(const struct addresses *addresses, struct address address, const struct object *owner)
{
    return address.class == pg_class && (owner->class == CLASS_TABLE || owner->class == CLASS_MATERIALIZED_VIEW) &&
           addresses_find(addresses, (struct address){address.class, address.object, 0}) == NULL;
}

/*
 * One end is an object, the other is none. What needs an object and goes silently with it, as what lies within a chosen
 * schema does ('P', 'S': an index of a partition), is nobody's concern; neither is what an extension's members need.
 */
static void add_outside(struct outside_edges *edges, const struct dependency *dependency, struct object *from,
                        struct address from_end, bool member, struct object *to, struct address to_end)
{
    if (from != NULL && to == NULL && !member)
        outside_add(edges, (struct outside_edge){from, to_end, false});
    else if (from == NULL && to != NULL && (dependency->type == 'n' || dependency->type == 'a'))
        outside_add(edges, (struct outside_edge){to, from_end, true});
}

/*
 * Does the dependent have an expression, kept in its parsed form, with a value of the type that it depends on, or a
 * part of one? A materialized view has such values as rows.
 */
static bool uses_row_type(const struct dependency *dependency, const struct object *from, const struct object *to)
{
    uint32_t class = dependency->dependent.class;

    if (dependency->referenced.class != pg_type)
        return false;
    switch (to->class) {
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_DOMAIN:
        break;
    default:
        return false;
    }
    if (class == pg_proc)
        return dependency->in_expression;
    if (class == pg_class)
        return from->class == CLASS_INDEX || from->class == CLASS_CONSTRAINT || from->class == CLASS_MATERIALIZED_VIEW;
    return class != pg_type && class != pg_cast && class != pg_operator && class != pg_transform && class != pg_amop &&
           class != pg_amproc && class != pg_opfamily;
}

static size_t find_edges(const struct addresses *addresses, const struct dependency *dependencies, size_t count,
                         struct edge *edges, struct outside_edges *outside)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        bool member, to_member;
        struct address from_end, to_end;
        struct object *from = addresses_resolve_end(addresses, dependencies[i].dependent, &member, &from_end);
        struct object *to = addresses_resolve_end(addresses, dependencies[i].referenced, &to_member, &to_end);
        if (from != NULL && from->class == CLASS_VIEW_COLUMN)
            from = from->parent; /* the type must be there before the view that makes the column */
        /* What an extension's members need, CREATE EXTENSION sees to. A table does not need its own columns (those of
         * its partition key), nor a view the columns that it makes. */
        if (from != NULL && to != NULL && !member)
            from->uses_row_type |= uses_row_type(&dependencies[i], from, to);
        if (from != NULL && to != NULL && !member && !belongs_to(to->parent, from))
            edges[found++] = (struct edge){from, to};
        else if (to == NULL || !is_toast(addresses, dependencies[i].referenced, to))
            add_outside(outside, &dependencies[i], from, from_end, member, to, to_end);
    }
    return found;
}

static void set_edges(struct catalog *catalog, const struct edge *edges, size_t count)
{
    size_t *ends = allocate(catalog->count + 1, sizeof *ends);
    struct object **targets = allocate(count + 1, sizeof(struct object *));

    for (size_t i = 0; i < count; i++)
        ends[edges[i].from->number + 1]++;
    for (size_t i = 0; i < catalog->count; i++)
        ends[i + 1] += ends[i];
    for (size_t i = 0; i < count; i++)
        targets[ends[edges[i].from->number]++] = edges[i].to;
    for (size_t i = 0; i < catalog->count; i++) {
        size_t start = i > 0 ? ends[i - 1] : 0;
        if (ends[i] > start)
            catalog_set_depends(catalog, catalog->objects[i], targets + start, ends[i] - start);
    }
    free(targets);
    free(ends);
}

bool depends_read(struct connection *connection, struct addresses *addresses, struct catalog *catalog,
                  struct outside_edges *outside, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    size_t count;

    if (!connection_query(connection, sql_depends, 0, NULL, &result, err))
        return error_context(err, "reading dependencies");
    struct dependency *dependencies = read_dependencies(result, &count);
    struct edge *edges = allocate(count + 1, sizeof *edges);
    add_parts(addresses, dependencies, count);
    set_edges(catalog, edges, find_edges(addresses, dependencies, count, edges, outside));
    free(edges);
    free(dependencies);
    return true;
}
