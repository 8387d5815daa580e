/* The model of a database's schema: adding, ordering and finding objects. */
#include "common/catalog/catalog.h"

#include "common/memory.h"

#include <string.h>

static const struct {
    const char *name, *keyword;
} classes[] = {
#define X(class, name, keyword) [class] = {name, keyword},
    OBJECT_CLASSES(X)
#undef X
};

const char *class_name(enum object_class class)
{
    return classes[class].name;
}

const char *class_keyword(enum object_class class)
{
    return classes[class].keyword;
}

bool class_from_name(const char *name, enum object_class *class)
{
    for (size_t i = 0; i < CLASS_COUNT; i++)
        if (strcmp(classes[i].name, name) == 0) {
            *class = (enum object_class)i;
            return true;
        }
    return false;
}

struct catalog *catalog_new(void)
{
    struct catalog *catalog = allocate(1, sizeof *catalog);

    catalog->arena = arena_new();
    return catalog;
}

void catalog_free(struct catalog *catalog)
{
    if (catalog == NULL)
        return;
    map_free(&catalog->by_key);
    free(catalog->objects);
    free(catalog->outside);
    arena_free(catalog->arena);
    free(catalog);
}

void catalog_cleanup(struct catalog **catalog)
{
    catalog_free(*catalog);
    *catalog = NULL;
}

bool catalog_add(struct catalog *catalog, enum object_class class, const char *identity, const char *schema,
                 const char *name, size_t field_count, struct object **object, struct error *err)
{
    const char *key = arena_format(catalog->arena, "%s %s", class_name(class), identity);
    struct object *added = arena_allocate(catalog->arena, 1, sizeof *added);

    if (!map_add(&catalog->by_key, key, added))
        return error_set(err, ERROR_INTERNAL, "two objects are called %s", key);
    *added = (struct object){
        .class = class,
        .identity = key + strlen(class_name(class)) + 1,
        .schema = arena_string(catalog->arena, schema),
        .name = arena_string(catalog->arena, name),
        .fields = arena_allocate(catalog->arena, field_count, sizeof *added->fields),
        .field_count = field_count,
        .number = catalog->count,
    };
    array_reserve((void **)&catalog->objects, &catalog->capacity, catalog->count + 1, sizeof *catalog->objects);
    catalog->objects[catalog->count++] = added;
    *object = added;
    return true;
}

void catalog_set_depends(struct catalog *catalog, struct object *object, struct object *const *depends, size_t count)
{
    object->depends = arena_allocate(catalog->arena, count + 1, sizeof(struct object *)); /* one more for the parent */
    if (count > 0)
        memcpy(object->depends, depends, count * sizeof(struct object *));
    object->depend_count = count;
}

void catalog_add_outside(struct catalog *catalog, const struct outside *outside, struct object *object, bool needs)
{
    array_reserve((void **)&catalog->outside, &catalog->outside_capacity, catalog->outside_count + 1,
                  sizeof *catalog->outside);
    struct outside *added = &catalog->outside[catalog->outside_count++];
    *added = *outside;
    added->object = object;
    added->needs = needs;
}

void catalog_warn(struct catalog *catalog, const char *warning)
{
    const char **warnings = arena_allocate(catalog->arena, catalog->warning_count + 1, sizeof *warnings);

    if (catalog->warning_count > 0)
        memcpy(warnings, catalog->warnings, catalog->warning_count * sizeof *warnings);
    warnings[catalog->warning_count++] = arena_string(catalog->arena, warning);
    catalog->warnings = warnings;
}

static int compare_objects(const void *a, const void *b)
{
    const struct object *const *left = a, *const *right = b;

    if ((*left)->class != (*right)->class)
        return (*left)->class < (*right)->class ? -1 : 1;
    return strcmp((*left)->identity, (*right)->identity);
}

static int compare_numbers(const void *a, const void *b)
{
    size_t left = (*(struct object *const *)a)->number, right = (*(struct object *const *)b)->number;

    return left < right ? -1 : left > right;
}

static void finish_depends(struct catalog *catalog, struct object *object)
{
    if (object->depends == NULL)
        catalog_set_depends(catalog, object, NULL, 0);
    if (object->parent != NULL)
        object->depends[object->depend_count++] = object->parent;
    qsort(object->depends, object->depend_count, sizeof(struct object *), compare_numbers);

    size_t kept = 0;
    for (size_t i = 0; i < object->depend_count; i++)
        if (object->depends[i] != object && (kept == 0 || object->depends[kept - 1] != object->depends[i]))
            object->depends[kept++] = object->depends[i];
    object->depend_count = kept;
}

static int compare_outside(const void *a, const void *b)
{
    const struct outside *left = a, *right = b;
    int order;

    if (left->object != right->object)
        return left->object->number < right->object->number ? -1 : 1;
    if (left->needs != right->needs)
        return left->needs ? 1 : -1;
    order = strcmp(left->type, right->type);
    return order != 0 ? order : strcmp(left->identity, right->identity);
}

void catalog_finish(struct catalog *catalog)
{
    if (catalog->count > 0)
        qsort(catalog->objects, catalog->count, sizeof *catalog->objects, compare_objects);
    for (size_t i = 0; i < catalog->count; i++)
        catalog->objects[i]->number = i;
    for (size_t i = 0; i < catalog->count; i++)
        finish_depends(catalog, catalog->objects[i]);
    if (catalog->outside_count > 0)
        qsort(catalog->outside, catalog->outside_count, sizeof *catalog->outside, compare_outside);
}

struct object *catalog_find(const struct catalog *catalog, enum object_class class, const char *identity)
{
    cleanup(free_string) char *key = format_string("%s %s", class_name(class), identity);

    return map_get(&catalog->by_key, key);
}

const char *object_field(const struct object *object, const char *name)
{
    for (size_t i = 0; i < object->field_count; i++)
        if (strcmp(object->fields[i].name, name) == 0)
            return object->fields[i].value;
    return NULL;
}
