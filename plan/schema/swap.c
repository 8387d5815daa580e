/* Types that are made anew under columns that keep their rows. */
#include "plan/schema/changes.h"

#include "common/memory.h"
#include "common/quote.h"

static bool keeps_values(const struct item *dependent)
{
    switch (dependent->object->class) {
    case CLASS_COLUMN:
        return !is_gone(dependent);
    case CLASS_ATTRIBUTE:
        return needs_swap(dependent->parent);
    default:
        return needs_swap(dependent);
    }
}

bool needs_swap(const struct item *type)
{
    switch (type->object->class) {
    case CLASS_ENUM:
    case CLASS_DOMAIN:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_RANGE_TYPE:
        break;
    default:
        return false;
    }
    if (type->in_main || type->fate != FATE_REBUILD)
        return false;
    for (size_t i = 0; i < type->dependent_count; i++)
        if (type->dependents[i]->parent != type && keeps_values(type->dependents[i]))
            return true;
    return false;
}

/* The name of the type for as long as both are there: its own with an ending, cut to PostgreSQL's 63 bytes. */
static void append_old_name(struct text *sql, const char *schema, const char *name)
{
    static const char ending[] = "_replaced";
    size_t length = strlen(name), most = 63 - (sizeof ending - 1);
    struct text old_name = {0};

    if (length > most)
        for (length = most; length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80; length--)
            ;
    text_append_bytes(&old_name, name, length);
    text_append(&old_name, ending);
    quote_qualified(sql, schema, old_name.data);
    text_free(&old_name);
}

void append_swap(struct text *sql, const struct item *type)
{
    text_appendf(sql, "ALTER TYPE %s RENAME TO ", type->object->identity);
    append_old_name(sql, NULL, type->object->name);
    text_append(sql, ";\n");
}

void append_swap_drop(struct text *sql, const struct item *type)
{
    text_append(sql, "DROP TYPE ");
    append_old_name(sql, type->object->schema, type->object->name);
    text_append(sql, ";\n");
}
