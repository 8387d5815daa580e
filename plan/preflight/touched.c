/* Which of the stand-in's tables each statement locks, reads or writes, and how large they are. */
#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "plan/preflight/parts.h"
#include "plan/preflight/sql.h"

enum { NUMBER, BYTES, ROWS };

const struct object *statement_object(const struct preflight *preflight, size_t statement)
{
    const struct schema_statement *of = &preflight->diff->statements[statement];
    const char *identity = renames_object(preflight->renames, of);
    const struct object *object = catalog_find(preflight->main_catalog, of->class, identity);

    return object != NULL ? object : catalog_find(preflight->standin_catalog, of->class, identity);
}

const struct object *relation_of(const struct object *object)
{
    for (; object != NULL; object = object->parent)
        if (object->class == CLASS_TABLE || object->class == CLASS_FOREIGN_TABLE ||
            object->class == CLASS_MATERIALIZED_VIEW)
            return object;
    return NULL;
}

const struct object *in_standin(const struct preflight *preflight, const struct object *object)
{
    return catalog_find(preflight->standin_catalog, object->class, object->identity);
}

bool *mark_gone(const struct preflight *preflight)
{
    bool *gone = allocate(preflight->standin_catalog->count, sizeof *gone);

    for (size_t i = 0; i < preflight->diff->gone_count; i++) {
        const struct object *object = in_standin(preflight, preflight->diff->gone[i]); /* the diff may be of dumps */

        if (object != NULL)
            gone[object->number] = true;
    }
    return gone;
}

bool is_true(const struct object *object, const char *field)
{
    const char *value = object_field(object, field);

    return value != NULL && strcmp(value, "true") == 0;
}

bool depends_on(const struct object *object, const struct object *needed)
{
    for (size_t i = 0; i < object->depend_count; i++)
        if (object->depends[i] == needed)
            return true;
    return false;
}

/* Pairs of a statement and a table, in order of the statements. */
struct touching {
    struct {
        size_t statement;
        const struct object *table;
    } * items;
    size_t count, capacity;
};

static void touch(struct touching *touching, size_t statement, const struct object *table)
{
    if (table == NULL)
        return;
    for (size_t i = touching->count; i > 0 && touching->items[i - 1].statement == statement; i--)
        if (strcmp(touching->items[i - 1].table->identity, table->identity) == 0)
            return;
    array_reserve((void **)&touching->items, &touching->capacity, touching->count + 1, sizeof *touching->items);
    touching->items[touching->count].statement = statement;
    touching->items[touching->count++].table = table;
}

/* A foreign key locks and reads the table that it refers to. */
static void touch_referenced(struct touching *touching, size_t statement, const struct object *constraint)
{
    for (size_t i = 0; i < constraint->depend_count; i++)
        touch(touching, statement, relation_of(constraint->depends[i]));
}

/* A constraint of a domain is checked wherever a column is of it. */
static void touch_columns_of(struct touching *touching, size_t statement, const struct catalog *catalog,
                             const struct object *type)
{
    for (size_t i = 0; i < catalog->count && type != NULL; i++)
        if (catalog->objects[i]->class == CLASS_COLUMN && depends_on(catalog->objects[i], type))
            touch(touching, statement, relation_of(catalog->objects[i]));
}

/* ATTACH and DETACH: the parent, and its default partition, whose rows may not belong to the new one. */
static void touch_parent(struct touching *touching, size_t statement, const struct catalog *catalog,
                         const struct object *partition)
{
    const char *parent = partition != NULL ? object_field(partition, "partition_of") : NULL;

    if (parent == NULL)
        return;
    touch(touching, statement, catalog_find(catalog, CLASS_TABLE, parent));
    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *other = catalog->objects[i];
        const char *bound = other->class == CLASS_TABLE ? object_field(other, "partition_bound") : NULL;

        if (bound != NULL && strcmp(bound, "DEFAULT") == 0 && strcmp(object_field(other, "partition_of"), parent) == 0)
            touch(touching, statement, other);
    }
}

static void touch_by_statement(const struct preflight *preflight, struct touching *touching, size_t statement)
{
    const struct schema_statement *of = &preflight->diff->statements[statement];
    const struct object *object = statement_object(preflight, statement);

    if (object == NULL || of->risk_count == 0)
        return;
    touch(touching, statement, relation_of(object));
    if (object->class == CLASS_CONSTRAINT)
        touch_referenced(touching, statement, object);
    if (object->class == CLASS_TABLE && of->action == ACTION_ALTER &&
        (strstr(of->sql, " ATTACH PARTITION ") != NULL || strstr(of->sql, " DETACH PARTITION ") != NULL)) {
        touch_parent(touching, statement, preflight->standin_catalog, object);
        touch_parent(touching, statement, preflight->standin_catalog, in_standin(preflight, object));
    }
    const struct object *domain = object->class == CLASS_CONSTRAINT ? object->parent : object;
    if (domain != NULL && domain->class == CLASS_DOMAIN && of->action != ACTION_DROP)
        touch_columns_of(touching, statement, preflight->standin_catalog, in_standin(preflight, domain));
}

static bool ask_sizes(const struct preflight *preflight, const struct touching *touching, PGresult **result,
                      struct error *err)
{
    const char **schemas = allocate(touching->count, sizeof *schemas),
               **names = allocate(touching->count, sizeof *names);
    cleanup(text_free) struct text schema_array = {0}, name_array = {0};

    for (size_t i = 0; i < touching->count; i++) {
        schemas[i] = touching->items[i].table->schema;
        const struct renamed_table *renamed =
            renames_find(preflight->renames, schemas[i], touching->items[i].table->name);
        names[i] = renamed != NULL ? renamed->old_name : touching->items[i].table->name;
    }
    array_text_append(&schema_array, schemas, touching->count);
    array_text_append(&name_array, names, touching->count);
    free(schemas);
    free(names);
    return connection_query(&preflight->standin->connections[0], sql_sizes, 2,
                            (const char *const[]){schema_array.data, name_array.data}, result, err) ||
           error_context(err, "asking for the sizes of tables");
}

static void add_touched(struct plan_statement *statement, const char *table, const PGresult *sizes, int row)
{
    statement->touches = reallocate(statement->touches, statement->touched_count + 1, sizeof *statement->touches);
    statement->touches[statement->touched_count++] =
        (struct plan_touched){.table = copy_string(table),
                              .bytes = strtoull(PQgetvalue(sizes, row, BYTES), NULL, 10),
                              .rows = strtoull(PQgetvalue(sizes, row, ROWS), NULL, 10),
                              .rows_known = !PQgetisnull(sizes, row, ROWS)};
}

bool preflight_touched(const struct preflight *preflight, struct manifest *manifest, size_t first, struct error *err)
{
    cleanup(result_clear) PGresult *sizes = NULL;
    struct touching touching = {0};

    for (size_t i = first; i < manifest->statement_count; i++)
        touch_by_statement(preflight, &touching, i);
    bool good = touching.count == 0 || ask_sizes(preflight, &touching, &sizes, err);
    for (int row = 0; good && sizes != NULL && row < PQntuples(sizes); row++) {
        size_t number = strtoull(PQgetvalue(sizes, row, NUMBER), NULL, 10);
        add_touched(&manifest->statements[touching.items[number].statement], touching.items[number].table->identity,
                    sizes, row);
    }
    free(touching.items);
    return good;
}
