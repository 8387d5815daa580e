/* Types and collations that are made anew under columns that keep their rows. */
#include "plan/schema/changes.h"

#include "common/memory.h"
#include "common/quote.h"

static const enum object_class type_classes[] = {CLASS_ENUM, CLASS_DOMAIN, CLASS_COMPOSITE_TYPE, CLASS_RANGE_TYPE};

static bool is_type(const struct item *item)
{
    for (size_t i = 0; i < array_length(type_classes); i++)
        if (item->object->class == type_classes[i])
            return true;
    return false;
}

void pair_types(struct changes *changes)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        struct item *old = &changes->standin[i];

        for (size_t j = 0; old->fate == FATE_DROP && is_type(old) && j < array_length(type_classes); j++) {
            struct item *new = item_in_main(changes, type_classes[j], old->object->identity);

            if (new == NULL || new->other != NULL)
                continue;
            new->replaces = old;
            old->replaced_by = new;
        }
    }
}

bool needs_swap(const struct item *type)
{
    if ((!is_type(type) && type->object->class != CLASS_COLLATION) || type->in_main ||
        (type->fate != FATE_REBUILD && type->replaced_by == NULL))
        return false;
    for (size_t i = 0; i < type->dependent_count; i++) {
        const struct item *dependent = type->dependents[i];

        if (dependent->object->class == CLASS_COLUMN && !is_gone(dependent))
            return true;
        /* A type over the type: a domain, or one with an attribute of it. */
        if (dependent->object->class == CLASS_ATTRIBUTE)
            dependent = dependent->parent;
        if (dependent != type && needs_swap(dependent))
            return true;
    }
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

static const char *swap_keyword(const struct item *type)
{
    return type->object->class == CLASS_COLLATION ? "COLLATION" : "TYPE";
}

void append_swap(struct text *sql, const struct item *type)
{
    text_appendf(sql, "ALTER %s %s RENAME TO ", swap_keyword(type), type->object->identity);
    append_old_name(sql, NULL, type->object->name);
    text_append(sql, ";\n");
}

void append_swap_drop(struct text *sql, const struct item *type)
{
    text_appendf(sql, "DROP %s ", swap_keyword(type));
    append_old_name(sql, type->object->schema, type->object->name);
    text_append(sql, ";\n");
}

/* --- Composite types: the order of their attributes is the order in their values' text --- */

static int by_attribute_position(const void *a, const void *b)
{
    long left = strtol(item_field(*(struct item *const *)a, "position"), NULL, 10);
    long right = strtol(item_field(*(struct item *const *)b, "position"), NULL, 10);

    return left < right ? -1 : left > right;
}

static struct item **attributes_of(struct arena *arena, const struct item *type, size_t *count)
{
    struct item **attributes = arena_allocate(arena, type->child_count, sizeof *attributes);

    *count = 0;
    for (size_t i = 0; i < type->child_count; i++)
        if (type->children[i]->object->class == CLASS_ATTRIBUTE)
            attributes[(*count)++] = type->children[i];
    if (*count > 0)
        qsort(attributes, *count, sizeof *attributes, by_attribute_position);
    return attributes;
}

/* Will the stand-in's type have main's attributes in main's order, once some are dropped and others added at the end?
 */
static bool keeps_order(const struct changes *changes, const struct item *new)
{
    size_t new_count, old_count, at = 0;
    struct item **attributes = attributes_of(changes->scratch, new, &new_count);
    struct item **old = attributes_of(changes->scratch, new->other, &old_count);

    for (size_t i = 0; i < old_count; i++)
        if (old[i]->other != NULL && attributes[at++] != old[i]->other)
            return false;
    return true;
}

static bool has_same_names(const struct changes *changes, const struct item *new)
{
    size_t new_count, old_count;
    struct item **attributes = attributes_of(changes->scratch, new, &new_count);
    struct item **old = attributes_of(changes->scratch, new->other, &old_count);

    for (size_t i = 0; i < old_count && i < new_count; i++)
        if (attributes[i] != old[i]->other)
            return false;
    return new_count == old_count;
}

bool is_stored(const struct item *type)
{
    for (size_t i = 0; i < type->dependent_count; i++) {
        const struct item *dependent = type->dependents[i];

        if (dependent->object->class == CLASS_COLUMN || dependent->object->class == CLASS_DOMAIN ||
            dependent->object->class == CLASS_RANGE_TYPE ||
            (dependent->object->class == CLASS_ATTRIBUTE && dependent->parent != type))
            return true;
    }
    return false;
}

/* PostgreSQL changes an attribute's type only where no column has values of the composite type. */
bool attribute_alterable(const struct item *new, const struct item *old)
{
    (void)new;
    return !is_stored(old->parent);
}

bool needs_new_order(const struct changes *changes, const struct item *new)
{
    return new->object->class == CLASS_COMPOSITE_TYPE && !is_stored(new->other) && !keeps_order(changes, new);
}

/*
 * A value's text would put each value into another attribute: where the type stays in the stand-in's order and rows
 * come in main's, and where a type is made anew in main's order and the rows are not compared afterwards.
 */
bool check_attribute_order(const struct changes *changes, struct error *err)
{
    cleanup(text_free) struct text types = {0};

    for (size_t i = 0; i < changes->main_count; i++) {
        const struct item *type = &changes->main[i];

        if (type->object->class != CLASS_COMPOSITE_TYPE || type->other == NULL || !is_stored(type->other))
            continue;
        bool safe = changes->options->rows_follow ? is_created(type) || keeps_order(changes, type)
                                                  : !is_created(type) || has_same_names(changes, type);
        if (!safe)
            text_appendf(&types, "%s%s", types.length > 0 ? "\n" : "", type->object->identity);
    }
    if (types.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "columns use composite types whose attributes are in another order than main's");
    error_detail(err, "%s", types.data);
    return error_hint(err,
                      "ALTER TYPE cannot move an attribute, and values would land in the wrong ones. Make the type "
                      "and the columns that use it anew on the stand-in.");
}
