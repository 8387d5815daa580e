/* The names that objects take: what goes makes room for what comes. */
#include "plan/schema/changes/changes.h"

#include "common/memory.h"

size_t name_keys(const struct item *item, struct arena *arena, const char *keys[NAME_SPACES])
{
    const struct object *object = item->object;
    const struct object *owner = object->schema != NULL || item->parent == NULL ? object : item->parent->object;
    const char *schema = owner->schema != NULL ? owner->schema : "", *name;
    size_t count = 0;

    switch (object->class) {
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_MATERIALIZED_VIEW:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_VIEW:
        keys[count++] = arena_format(arena, "type %zu %s %s", strlen(schema), schema, object->name);
        keys[count++] = arena_format(arena, "relation %zu %s %s", strlen(schema), schema, object->name);
        break;
    case CLASS_SEQUENCE:
    case CLASS_INDEX:
        keys[count++] = arena_format(arena, "relation %zu %s %s", strlen(schema), schema, object->name);
        break;
    case CLASS_DEFAULT: /* a column has either */
        keys[count++] = arena_format(arena, "generator %s", object->identity);
        break;
    case CLASS_IDENTITY_SEQUENCE:
        if (item->parent == NULL || item->parent->parent == NULL)
            break;
        schema = item->parent->parent->object->schema;
        keys[count++] = arena_format(arena, "generator %s", object->identity);
        keys[count++] =
            arena_format(arena, "relation %zu %s %s", strlen(schema), schema, item_field(item, "sequence_name"));
        break;
    case CLASS_COLUMN: /* whose NOT NULL is a constraint, from PostgreSQL 18 on */
        if (item->parent != NULL && !field_is(item, "not_null_name", NULL))
            keys[count++] = arena_format(arena, "constraint %s %s", item->parent->object->identity,
                                         item_field(item, "not_null_name"));
        break;
    case CLASS_CONSTRAINT:
        keys[count++] = arena_format(arena, "constraint %s %s",
                                     item->parent != NULL ? item->parent->object->identity : "", object->name);
        if (is_key(item))
            keys[count++] = arena_format(arena, "relation %zu %s %s", strlen(schema), schema, object->name);
        if (item->parent != NULL && field_is(item, "type", "primary key"))
            keys[count++] = arena_format(arena, "primary key %s", item->parent->object->identity);
        break;
    case CLASS_RANGE_TYPE:
        keys[count++] = arena_format(arena, "type %zu %s %s", strlen(schema), schema, object->name);
        name = multirange_of(arena, item, &schema);
        keys[count++] = arena_format(arena, "type %zu %s %s", strlen(schema), schema, name);
        break;
    case CLASS_DOMAIN:
        keys[count++] = arena_format(arena, "type %zu %s %s", strlen(schema), schema, object->name);
        if (!field_is(item, "not_null_name", NULL))
            keys[count++] =
                arena_format(arena, "constraint %s %s", object->identity, item_field(item, "not_null_name"));
        break;
    case CLASS_ENUM:
    case CLASS_BASE_TYPE:
    case CLASS_SHELL_TYPE:
        keys[count++] = arena_format(arena, "type %zu %s %s", strlen(schema), schema, object->name);
        break;
    case CLASS_FUNCTION:
    case CLASS_PROCEDURE:
    case CLASS_AGGREGATE:
        keys[count++] = arena_format(arena, "routine %s", object->identity);
        break;
    case CLASS_STATISTICS:
        keys[count++] = arena_format(arena, "statistics %zu %s %s", strlen(schema), schema, object->name);
        break;
    default:
        break;
    }
    return count;
}

/* The step that renames an identity column's sequence; the stand-in's item gives its name up, main's takes it. */
static struct step *rename_step(const struct item *item)
{
    const struct item *new = item->in_main ? item : item->other;

    if (item->object->class != CLASS_IDENTITY_SEQUENCE || new == NULL || new->other == NULL || new->alter_count == 0 ||
        same_field(new, new->other, "sequence_name"))
        return NULL;
    return new->alters[0];
}

void connect_names(struct changes *changes)
{
    cleanup(map_free) struct map freed = {0};
    const char *keys[NAME_SPACES];

    for (size_t i = 0; i < changes->standin_count; i++) {
        struct item *item = &changes->standin[i];

        struct step *frees = item->dropped_by;
        if (frees == NULL && item->other != NULL)
            frees = item->other->renamed_by;
        if (frees == NULL)
            frees = rename_step(item);
        /* What is swapped has another name, and its checks with it, once the step is done that makes the new one. */
        if (item->swapped)
            frees = (item->replaced_by != NULL ? item->replaced_by : target_of(item))->created_by;
        if (frees == NULL || (item->parent != NULL && item->parent->swapped))
            continue;
        for (size_t j = name_keys(item, changes->scratch, keys); j > 0; j--)
            map_add(&freed, keys[j - 1], frees);
    }
    if (freed.count == 0)
        return;
    for (size_t i = 0; i < changes->main_count; i++) {
        struct item *item = &changes->main[i];
        struct step *taken_by = item->created_by != NULL ? item->created_by : rename_step(item);

        if (taken_by == NULL)
            continue;
        for (size_t j = name_keys(item, changes->scratch, keys); j > 0; j--) {
            struct step *frees = map_get(&freed, keys[j - 1]);

            if (frees == NULL || frees == taken_by)
                continue;
            step_needs(taken_by, frees);
            step_needs(item->shell, frees);
        }
    }
}
