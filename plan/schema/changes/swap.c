/* Types and collations that are made anew under columns that keep their rows. */
#include "plan/schema/changes/changes.h"

#include "common/memory.h"
#include "common/quote.h"

#include <inttypes.h>
#include <xxhash.h>

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

/*
 * Does it go before what takes its place comes? The functions of a base type, or of an extension's, have the names that
 * the new ones need, and hang on it; a relation's row type, and a type whose name a relation takes, cannot make room
 * either.
 */
static bool goes_first(const struct item *part)
{
    if (is_type(part))
        return part->fate == FATE_DROP && part->replaced_by == NULL;
    switch (part->object->class) {
    case CLASS_BASE_TYPE:
    case CLASS_EXTENSION:
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_VIEW:
    case CLASS_MATERIALIZED_VIEW:
        return is_gone(part);
    default:
        return false;
    }
}

/* Is the type made of such? Then it goes before, too, and the columns hold text meanwhile. */
static bool is_made_of_first(const struct item *type)
{
    for (size_t i = 0; i < type->depend_count; i++) {
        const struct item *part = type->depends[i];

        if (part == type->parent)
            continue;
        if (goes_first(part) || (is_type(part) && is_made_of_first(part)))
            return true;
    }
    for (size_t i = 0; i < type->child_count; i++)
        if (type->children[i]->object->class == CLASS_ATTRIBUTE && is_made_of_first(type->children[i]))
            return true;
    return false;
}

bool needs_swap(const struct item *type)
{
    if ((!is_type(type) && type->object->class != CLASS_COLLATION) || type->in_main ||
        (type->fate != FATE_REBUILD && type->replaced_by == NULL) || is_made_of_first(type))
        return false;
    for (size_t i = 0; i < type->dependent_count; i++)
        if (type->dependents[i]->parent != type && keeps_values(type->dependents[i]))
            return true;
    return false;
}

/* The name for as long as both are there: its own with an ending. Where that is more than PostgreSQL's 63 bytes, it is
 * cut, and a hash tells it from others that begin alike. */
void append_old_name(struct text *sql, const char *schema, const char *name)
{
    static const char ending[] = "_replaced", hash[] = "_01234567";
    size_t length = strlen(name), most = 63 - (sizeof ending - 1);
    cleanup(text_free) struct text old_name = {0};
    bool cut = length > most;

    if (cut)
        for (length = most - (sizeof hash - 1); length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80; length--)
            ;
    text_append_bytes(&old_name, name, length);
    if (cut)
        text_appendf(&old_name, "_%08" PRIx32, (uint32_t)XXH3_64bits(name, strlen(name)));
    text_append(&old_name, ending);
    quote_qualified(sql, schema, old_name.data);
}

/* --- Multirange types, which come and go with their range type --- */

/* The name at p, unquoted, into the arena; *end: behind it. */
static const char *read_name(struct arena *arena, const char *p, const char **end)
{
    cleanup(text_free) struct text name = {0};

    text_append(&name, "");
    if (*p != '"') {
        size_t length = strcspn(p, ".,) ");
        *end = p + length;
        return arena_bytes(arena, p, length);
    }
    for (p++; *p != '\0' && !(*p == '"' && *++p != '"'); p++)
        text_append_char(&name, *p);
    *end = p;
    return arena_string(arena, name.data);
}

/* As makeMultirangeTypeName() does it. */
static const char *usual_name(struct arena *arena, const char *range)
{
    const char *found = strstr(range, "range");

    return found != NULL ? arena_format(arena, "%.*smulti%s", (int)(found - range), range, found)
                         : arena_format(arena, "%s_multirange", range);
}

const char *multirange_of(struct arena *arena, const struct item *range, const char **schema)
{
    static const char clause[] = "MULTIRANGE_TYPE_NAME = ";
    const char *definition = item_field(range, "definition");
    const char *found = definition != NULL ? strstr(definition, clause) : NULL, *end;

    *schema = range->object->schema;
    if (found == NULL)
        return usual_name(arena, range->object->name);
    const char *name = read_name(arena, found + strlen(clause), &end);
    if (*end != '.')
        return name;
    *schema = name;
    return read_name(arena, end + 1, &end);
}

static void rename_constructor(struct text *sql, const char *schema, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void rename_constructor(struct text *sql, const char *schema, const char *name, const char *format, ...)
{
    va_list arguments;

    text_append(sql, "ALTER FUNCTION ");
    quote_qualified(sql, schema, name);
    va_start(arguments, format);
    text_appendv(sql, format, arguments);
    va_end(arguments);
    text_append(sql, " RENAME TO ");
    append_old_name(sql, NULL, name);
    text_append(sql, ";\n");
}

/* What the range's subtype is called by then: it has made room for its own successor, which the new range needs. */
static char *present_subtype(const struct item *range, const char *subtype, size_t length)
{
    struct text name = {0};

    for (size_t i = 0; i < range->depend_count; i++) {
        const struct item *part = range->depends[i];

        if (part->swapped && strlen(part->object->identity) == length &&
            strncmp(part->object->identity, subtype, length) == 0) {
            append_old_name(&name, part->object->schema, part->object->name);
            return text_take(&name);
        }
    }
    return copy_bytes(subtype, length);
}

/* The functions that make ranges and multiranges keep their names when the types are renamed, and would be in the way
 * of the new type's. */
static void append_range_swap(struct text *sql, struct arena *arena, const struct item *range, bool has_multirange)
{
    static const char clause[] = "SUBTYPE = ";
    const char *definition = item_field(range, "definition"), *found = strstr(definition, clause);
    const char *schema, *multirange = multirange_of(arena, range, &schema), *of = range->object->identity;

    if (found != NULL) {
        const char *subtype = found + strlen(clause), *end = strchr(subtype, ',');
        size_t length = end != NULL ? (size_t)(end - subtype) : strlen(subtype) - 1; /* before the bracket */
        cleanup(free_string) char *present = present_subtype(range, subtype, length);

        rename_constructor(sql, range->object->schema, range->object->name, "(%s, %s)", present, present);
        rename_constructor(sql, range->object->schema, range->object->name, "(%s, %s, text)", present, present);
    }
    if (!has_multirange)
        return;
    rename_constructor(sql, schema, multirange, "()");
    rename_constructor(sql, schema, multirange, "(%s)", of);
    rename_constructor(sql, schema, multirange, "(%s[])", of);
    text_append(sql, "ALTER TYPE ");
    quote_qualified(sql, schema, multirange);
    text_append(sql, " RENAME TO ");
    append_old_name(sql, NULL, multirange);
    text_append(sql, ";\n");
}

void append_swap(struct changes *changes, struct text *sql, const struct item *type)
{
    if (type->object->class == CLASS_RANGE_TYPE)
        append_range_swap(sql, changes->scratch, type, changes->standin_version >= 140000);
    text_appendf(sql, "ALTER %s %s RENAME TO ", class_keyword(type->object->class), type->object->identity);
    append_old_name(sql, NULL, type->object->name);
    text_append(sql, ";\n");
}

void append_swap_drop(struct text *sql, const struct item *type)
{
    text_appendf(sql, "DROP %s ", class_keyword(type->object->class));
    append_old_name(sql, type->object->schema, type->object->name);
    text_append(sql, ";\n");
}
