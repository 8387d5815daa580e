/* The model of a database's schema: adding, ordering and finding objects. */
#include "common/catalog/catalog.h"

#include "common/memory.h"

#include <string.h>
#include <xxhash.h>

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

/* A hash table with open addressing, at most half full. */
struct object_slot {
    uint64_t hash;
    struct object *object; /* NULL: free */
};

static uint64_t hash_of(enum object_class class, const char *identity)
{
    return XXH3_64bits_withSeed(identity, strlen(identity), class);
}

/* The slot that holds the object, or the free one where it would go. count is a power of two. */
static struct object_slot *find_slot(struct object_slot *slots, size_t count, uint64_t hash, enum object_class class,
                                     const char *identity)
{
    size_t at = (size_t)hash & (count - 1);

    while (slots[at].object != NULL && (slots[at].hash != hash || slots[at].object->class != class ||
                                        strcmp(slots[at].object->identity, identity) != 0))
        at = (at + 1) & (count - 1);
    return &slots[at];
}

static void make_slots(struct catalog *catalog)
{
    size_t count = catalog->slot_count > 0 ? catalog->slot_count * 2 : 1024;
    struct object_slot *slots = allocate(count, sizeof *slots);

    for (size_t i = 0; i < catalog->slot_count; i++)
        if (catalog->slots[i].object != NULL) {
            size_t at = (size_t)catalog->slots[i].hash & (count - 1);
            while (slots[at].object != NULL)
                at = (at + 1) & (count - 1);
            slots[at] = catalog->slots[i];
        }
    free(catalog->slots);
    catalog->slots = slots;
    catalog->slot_count = count;
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
    free(catalog->slots);
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
    if (!catalog_add_sharing(catalog, class, identity, schema, name, NULL, field_count, object, err))
        return false;
    (*object)->fields = arena_allocate(catalog->arena, field_count, sizeof *(*object)->fields);
    (*object)->shared_in = NULL;
    return true;
}

bool catalog_add_sharing(struct catalog *catalog, enum object_class class, const char *identity, const char *schema,
                         const char *name, const struct field *fields, size_t field_count, struct object **object,
                         struct error *err)
{
    uint64_t hash = hash_of(class, identity);

    if ((catalog->count + 1) * 2 > catalog->slot_count)
        make_slots(catalog);
    struct object_slot *slot = find_slot(catalog->slots, catalog->slot_count, hash, class, identity);
    if (slot->object != NULL)
        return error_set(err, ERROR_INTERNAL, "two objects are called %s %s", class_name(class), identity);
    struct object *added = arena_allocate(catalog->arena, 1, sizeof *added);
    if (schema != NULL && (catalog->last_schema == NULL || strcmp(schema, catalog->last_schema) != 0))
        catalog->last_schema = arena_string(catalog->arena, schema);
    *added = (struct object){
        .class = class,
        .identity = arena_string(catalog->arena, identity),
        .schema = schema != NULL ? catalog->last_schema : NULL,
        .name = arena_string(catalog->arena, name),
        .fields = fields,
        .shared_in = catalog->arena,
        .field_count = field_count,
        .number = catalog->count,
    };
    array_reserve((void **)&catalog->objects, &catalog->capacity, catalog->count + 1, sizeof *catalog->objects);
    catalog->objects[catalog->count++] = added;
    *slot = (struct object_slot){hash, added};
    *object = added;
    return true;
}

struct field *object_own_fields(struct object *object)
{
    if (object->shared_in != NULL) {
        struct field *own = arena_allocate(object->shared_in, object->field_count, sizeof *own);
        if (object->field_count > 0)
            memcpy(own, object->fields, object->field_count * sizeof *own);
        object->fields = own;
        object->shared_in = NULL;
    }
    return (struct field *)object->fields; /* allocated in here, and nobody else's */
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
        if ((object->depends[i] != object || object->class == CLASS_FUNCTION) &&
            (kept == 0 || object->depends[kept - 1] != object->depends[i]))
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
    return catalog->slot_count > 0
               ? find_slot(catalog->slots, catalog->slot_count, hash_of(class, identity), class, identity)->object
               : NULL;
}

struct object *catalog_find_next(const struct catalog *catalog, const struct object *object, size_t *at)
{
    int order = -1;

    while (*at < catalog->count && (order = compare_objects(&catalog->objects[*at], &object)) < 0)
        ++*at;
    return order == 0 ? catalog->objects[*at] : NULL;
}

/* NULL is equal to NULL alone. */
static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_fields(const struct object *a, const struct object *b)
{
    if (a->field_count != b->field_count)
        return false;
    for (size_t i = 0; i < a->field_count; i++)
        if (strcmp(a->fields[i].name, b->fields[i].name) != 0 || !same_text(a->fields[i].value, b->fields[i].value))
            return false;
    return true;
}

static bool same_edges(const struct object *a, const struct object *b)
{
    if (a->depend_count != b->depend_count || a->uses_row_type != b->uses_row_type ||
        (a->parent == NULL) != (b->parent == NULL) || (a->parent != NULL && a->parent->number != b->parent->number))
        return false;
    for (size_t i = 0; i < a->depend_count; i++)
        if (a->depends[i]->number != b->depends[i]->number)
            return false;
    return true;
}

static bool same_outside(const struct outside *a, const struct outside *b)
{
    return a->object->number == b->object->number && a->needs == b->needs && strcmp(a->type, b->type) == 0 &&
           strcmp(a->identity, b->identity) == 0 && strcmp(a->names, b->names) == 0 &&
           strcmp(a->arguments, b->arguments) == 0;
}

bool catalog_equal(const struct catalog *a, const struct catalog *b)
{
    if (a->server_version != b->server_version || a->count != b->count || a->outside_count != b->outside_count ||
        a->warning_count != b->warning_count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct object *one = a->objects[i], *other = b->objects[i];
        if (compare_objects(&one, &other) != 0 || !same_text(one->schema, other->schema) ||
            !same_text(one->name, other->name) || !same_fields(one, other) || !same_edges(one, other))
            return false;
    }
    for (size_t i = 0; i < a->outside_count; i++)
        if (!same_outside(&a->outside[i], &b->outside[i]))
            return false;
    for (size_t i = 0; i < a->warning_count; i++)
        if (strcmp(a->warnings[i], b->warnings[i]) != 0)
            return false;
    return true;
}

const char *object_field(const struct object *object, const char *name)
{
    for (size_t i = 0; i < object->field_count; i++)
        if (strcmp(object->fields[i].name, name) == 0)
            return object->fields[i].value;
    return NULL;
}

const char *object_field_near(const struct object *object, size_t position, const char *name)
{
    if (position < object->field_count && strcmp(object->fields[position].name, name) == 0)
        return object->fields[position].value;
    return object_field(object, name);
}
