/* What partitions and inheriting tables have from their parents. */
#include "plan/schema/changes/changes.h"

#include "common/memory.h"
#include "common/quote.h"

#include <string.h>

bool is_key(const struct item *item)
{
    return item->object->class == CLASS_CONSTRAINT &&
           (field_is(item, "type", "primary key") || field_is(item, "type", "unique") ||
            field_is(item, "type", "exclude"));
}

bool is_unique_index(const struct item *item)
{
    const char *definition = item->object->class == CLASS_INDEX ? item_field(item, "definition") : NULL;

    return definition != NULL && strncmp(definition, "CREATE UNIQUE", strlen("CREATE UNIQUE")) == 0;
}

bool is_replica_identity(const struct item *table, const struct item *index)
{
    cleanup(text_free) struct text identity = {0};

    if (index->object->class != CLASS_INDEX && !is_key(index))
        return false;
    text_append(&identity, "USING INDEX ");
    quote_identifier(&identity, index->object->name);
    return field_is(table, "replica_identity", identity.data);
}

bool is_exclusion(const struct item *item)
{
    return item->object->class == CLASS_CONSTRAINT &&
           (field_is(item, "type", "exclude") ||
            (is_key(item) && strstr(item_field(item, "definition"), " WITHOUT OVERLAPS)") != NULL));
}

static bool is_table(const struct item *item)
{
    return item->object->class == CLASS_TABLE || item->object->class == CLASS_FOREIGN_TABLE;
}

bool is_child_of(const struct item *table, const struct item *parent)
{
    if (!is_table(table) || !is_table(parent))
        return false;
    for (size_t i = 0; i < table->depend_count; i++)
        if (table->depends[i] == parent)
            return true;
    return false;
}

bool stays_child_of(const struct item *table, const struct item *parent)
{
    return is_child_of(table, parent) && !is_gone(table) && !is_gone(parent) && !table->forced &&
           table->other != NULL && parent->other != NULL && is_child_of(table->other, parent->other);
}

const struct item *partitioned_parent(const struct item *table)
{
    for (size_t i = 0; !field_is(table, "partition_of", NULL) && i < table->depend_count; i++)
        if (is_child_of(table, table->depends[i]))
            return table->depends[i];
    return NULL;
}

bool leaves_parent(const struct item *old)
{
    return is_table(old) && !field_is(old, "partition_of", NULL) &&
           (is_gone(old) || (old->other != NULL && (old->forced || !same_field(old, old->other, "partition_of") ||
                                                    !same_field(old, old->other, "partition_bound"))));
}

bool leaves_parents(const struct item *old)
{
    for (; old != NULL; old = partitioned_parent(old))
        if (leaves_parent(old))
            return true;
    return false;
}

static struct item *child_named(const struct item *table, enum object_class class, const char *name)
{
    for (size_t i = 0; i < table->child_count; i++) {
        struct item *child = table->children[i];

        if (child->object->class == class && strcmp(child->object->name, name) == 0)
            return child;
    }
    return NULL;
}

struct item *column_named(const struct item *table, const char *name)
{
    return child_named(table, CLASS_COLUMN, name);
}

struct item *parents_column(const struct item *column)
{
    const struct item *table = column->parent;

    for (size_t i = 0; i < table->depend_count; i++) {
        struct item *found =
            is_child_of(table, table->depends[i]) ? column_named(table->depends[i], column->object->name) : NULL;
        if (found != NULL)
            return found;
    }
    return NULL;
}

struct item *cloned_from(const struct item *trigger)
{
    struct item *found = NULL;

    for (const struct item *table = trigger->parent; found == NULL && table != NULL;) {
        table = partitioned_parent(table);
        found = table != NULL ? child_named(table, CLASS_TRIGGER, trigger->object->name) : NULL;
    }
    return found;
}

/* A partition's key may be attached to a plain index, and a plain index to nothing but one. */
static bool may_be_above(const struct item *above, const struct item *item)
{
    if (above->object->class == item->object->class)
        return same_field(above, item, "type");
    return above->object->class == CLASS_INDEX && item->object->class == CLASS_CONSTRAINT &&
           !field_is(item, "type", "foreign key");
}

/* Indexes, and the constraints and triggers that PostgreSQL cloned, depend on their parents; columns and checks have
 * the same name. */
struct item *inherited_from(const struct item *item)
{
    const struct item *table = item->parent;
    enum object_class class = item->object->class;

    if (table == NULL || !is_table(table))
        return NULL;
    if (class == CLASS_COLUMN || (class == CLASS_CONSTRAINT && field_is(item, "type", "check"))) {
        if (!field_is(item, "inherited", "true"))
            return NULL;
        for (size_t i = 0; i < table->depend_count; i++) {
            if (!is_child_of(table, table->depends[i]))
                continue;
            struct item *found = child_named(table->depends[i], class, item->object->name);
            if (found != NULL)
                return found;
        }
    } else if (class == CLASS_CONSTRAINT || class == CLASS_INDEX || class == CLASS_TRIGGER) {
        for (size_t i = 0; i < item->depend_count; i++) {
            struct item *above = item->depends[i];

            if (above->parent != NULL && is_child_of(table, above->parent) && may_be_above(above, item))
                return above;
        }
    }
    return NULL;
}

struct item *merged_from(const struct item *check)
{
    const struct item *table = check->parent;

    if (!field_is(check, "type", "check") || !field_is(check, "inherited", "false") || !is_table(table))
        return NULL;
    for (size_t i = 0; i < table->depend_count; i++) {
        struct item *found = is_child_of(table, table->depends[i])
                                 ? child_named(table->depends[i], CLASS_CONSTRAINT, check->object->name)
                                 : NULL;
        if (found != NULL && field_is(found, "no_inherit", "false"))
            return found;
    }
    return NULL;
}

struct item *inherited_on(const struct item *item)
{
    const struct item *table = item->parent;
    enum object_class class = item->object->class;
    struct item *above = inherited_from(item);

    if (above == NULL || (class != CLASS_COLUMN && !field_is(item, "type", "check")))
        return above;
    for (size_t i = 0; i < table->depend_count && !stays_child_of(table, above->parent); i++) {
        struct item *found =
            stays_child_of(table, table->depends[i]) ? child_named(table->depends[i], class, item->object->name) : NULL;
        if (found != NULL)
            return found;
    }
    return above;
}

bool stays_with_child(const struct item *item)
{
    const struct item *table = item->parent;

    if (item->object->class != CLASS_COLUMN && !field_is(item, "type", "check"))
        return false;
    for (size_t i = 0; table != NULL && i < table->dependent_count; i++) {
        const struct item *child = table->dependents[i];

        for (size_t j = 0; stays_child_of(child, table) && j < child->child_count; j++)
            if (!is_gone(child->children[j]) && inherited_from(child->children[j]) == item)
                return true;
    }
    return false;
}

bool comes_with_parents(const struct item *check)
{
    const struct item *table = check->parent, *above = inherited_from(check);

    return above != NULL && is_created(check) && is_created(above) && !is_created(table) &&
           !is_created(above->parent) && is_child_of(table->other, above->parent->other);
}

bool is_key_on_index(const struct item *item)
{
    const struct item *above = is_key(item) ? inherited_from(item) : NULL;

    return above != NULL && above->object->class == CLASS_INDEX;
}

static const struct item *attached_to(const struct item *table, const struct item *index)
{
    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *child = table->children[i];

        if ((child->object->class == CLASS_INDEX || is_key(child)) && inherited_from(child) == index)
            return child;
    }
    return NULL;
}

bool is_whole_index(const struct item *index)
{
    for (size_t i = 0; i < index->parent->dependent_count; i++) {
        const struct item *partition = index->parent->dependents[i];

        if (is_child_of(partition, index->parent) && partition->object->class == CLASS_TABLE &&
            lacks_index(partition, index))
            return false;
    }
    return true;
}

bool lacks_index(const struct item *table, const struct item *index)
{
    if (index->object->class != CLASS_INDEX && !is_key(index))
        return false;
    if (is_exclusion(index))
        return true;
    const struct item *below = attached_to(table, index);
    return below == NULL || !is_whole_index(below);
}
