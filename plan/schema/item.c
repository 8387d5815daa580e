/* What is known of an object within the changes. */
#include "plan/schema/changes.h"

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
