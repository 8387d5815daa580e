/* What is known of an object within the changes. */
#include "plan/schema/changes/changes.h"

const char *item_field(const struct item *item, const char *field)
{
    return object_field(item->object, field);
}

bool field_is(const struct item *item, const char *field, const char *value)
{
    const char *found = item_field(item, field);

    return found == NULL || value == NULL ? found == value : strcmp(found, value) == 0;
}

bool same_field(const struct item *a, const struct item *b, const char *field)
{
    return field_is(a, field, item_field(b, field));
}

struct item *target_of(struct item *item)
{
    return item->in_main || item->other == NULL ? item : item->other;
}

bool is_created(const struct item *item)
{
    return item->in_main ? item->other == NULL || item->other->fate != FATE_KEEP : item->fate == FATE_REBUILD;
}

bool is_gone(const struct item *item)
{
    return item->fate != FATE_KEEP;
}

struct item *default_of(const struct item *column)
{
    for (size_t i = 0; i < column->child_count; i++)
        if (column->children[i]->object->class == CLASS_DEFAULT)
            return column->children[i];
    return NULL;
}

/* Is all that the item depends on there when its table is created: the table itself, schemas, extensions, types? What
 * calls functions of the database may read tables that do not have their rows yet. */
bool is_self_contained(const struct item *item, const struct item *table)
{
    for (size_t i = 0; i < item->depend_count; i++) {
        const struct item *needed = item->depends[i];

        switch (needed->object->class) {
        case CLASS_SCHEMA:
        case CLASS_EXTENSION:
        case CLASS_ENUM:
        case CLASS_DOMAIN:
        case CLASS_COMPOSITE_TYPE:
        case CLASS_RANGE_TYPE:
        case CLASS_COLLATION:
            break;
        case CLASS_TABLE:
        case CLASS_FOREIGN_TABLE:
            if (needed != table)
                return false;
            break;
        case CLASS_COLUMN:
            if (needed->parent != table)
                return false;
            break;
        default:
            return false;
        }
    }
    return true;
}

bool same_type(const struct item *a, const struct item *b)
{
    return same_field(a, b, "type") && same_field(a, b, "collation");
}
