/* Which types are there for an item, and which types have values in rows. */
#include "plan/schema/rules/alter.h"

/* Does the stand-in know all types that main's item names, by the same names and with all of their values? */
bool types_are_there(const struct item *item)
{
    for (size_t i = 0; i < item->depend_count; i++) {
        const struct item *type = item->depends[i];

        if (type == item->parent) /* an attribute's */
            continue;
        switch (type->object->class) {
        case CLASS_ENUM:
        case CLASS_DOMAIN:
        case CLASS_COMPOSITE_TYPE:
        case CLASS_RANGE_TYPE:
        case CLASS_BASE_TYPE:
        case CLASS_EXTENSION:
            break;
        default:
            continue;
        }
        if (is_created(type) || type->other == NULL)
            return false;
        if (type->object->class == CLASS_EXTENSION && !same_field(type, type->other, "schema"))
            return false;
        for (size_t j = 0; j < type->child_count; j++)
            if (type->children[j]->object->class == CLASS_ENUM_LABEL && type->children[j]->other == NULL)
                return false;
    }
    return true;
}

/* Does another type hold values of this one, and rows values of it? */
static bool is_inside(const struct item *type, const struct item *dependent)
{
    switch (dependent->object->class) {
    case CLASS_ATTRIBUTE:
        return dependent->parent != type && is_stored(dependent->parent);
    case CLASS_DOMAIN:
    case CLASS_RANGE_TYPE:
        return is_stored(dependent);
    default:
        return false;
    }
}

bool is_stored(const struct item *type)
{
    for (size_t i = 0; i < type->dependent_count; i++) {
        const struct item *dependent = type->dependents[i];

        if (dependent->object->class == CLASS_COLUMN)
            return true;
        if (is_inside(type, dependent))
            return true;
    }
    return false;
}

bool is_stored_inside(const struct item *type)
{
    for (size_t i = 0; i < type->dependent_count; i++) {
        const struct item *dependent = type->dependents[i];

        if (dependent->object->class == CLASS_COLUMN && !field_is(dependent, "type", type->object->identity))
            return true;
        if (is_inside(type, dependent))
            return true;
    }
    return false;
}

bool holds_rows(const struct item *type)
{
    for (size_t i = 0; i < type->dependent_count; i++) {
        const struct item *dependent = type->dependents[i];

        switch (dependent->object->class) {
        case CLASS_COLUMN:
            if (!is_created(dependent->parent))
                return true;
            break;
        case CLASS_ATTRIBUTE:
            if (dependent->parent != type && holds_rows(dependent->parent))
                return true;
            break;
        case CLASS_DOMAIN:
        case CLASS_RANGE_TYPE:
            if (holds_rows(dependent))
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

static bool is_in_index(const struct item *column)
{
    for (size_t i = 0; i < column->dependent_count; i++)
        if (column->dependents[i]->object->class == CLASS_INDEX || is_key(column->dependents[i]))
            return true;
    return false;
}

bool is_indexed(const struct item *type)
{
    for (size_t i = 0; i < type->dependent_count; i++) {
        const struct item *dependent = type->dependents[i];

        if (dependent->object->class == CLASS_COLUMN
                ? is_in_index(dependent)
                : is_inside(type, dependent) &&
                      is_indexed(dependent->object->class == CLASS_ATTRIBUTE ? dependent->parent : dependent))
            return true;
    }
    return false;
}
