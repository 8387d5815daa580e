/* Types and collations that are made anew under columns that keep their rows. */
#include "plan/schema/changes.h"

#include "common/memory.h"
#include "common/quote.h"

bool needs_swap(const struct item *type)
{
    switch (type->object->class) {
    case CLASS_ENUM:
    case CLASS_DOMAIN:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_RANGE_TYPE:
    case CLASS_COLLATION:
        break;
    default:
        return false;
    }
    if (type->in_main || type->fate != FATE_REBUILD)
        return false;
    for (size_t i = 0; i < type->dependent_count; i++)
        if (type->dependents[i]->object->class == CLASS_COLUMN && !is_gone(type->dependents[i]))
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

/* The value of an option of CREATE TYPE … AS RANGE; NULL where it is not given. */
static char *range_option(const struct item *range, const char *option)
{
    const char *found = strstr(item_field(range, "definition"), option);

    if (found == NULL)
        return NULL;
    found += strlen(option);
    return format_string("%.*s", (int)strcspn(found, ",)"), found);
}

/* The name that PostgreSQL gives to the multirange type. */
static char *default_multirange(const struct item *range)
{
    const char *name = range->object->name, *ending = strstr(name, "range");
    cleanup(free_string) char *multirange = ending != NULL
                                                ? format_string("%.*smulti%s", (int)(ending - name), name, ending)
                                                : format_string("%s_multirange", name);
    struct text text = {0};

    quote_qualified(&text, range->object->schema, multirange);
    return text_take(&text);
}

static void append_rename(struct text *sql, const char *what, const char *identity, const char *name)
{
    text_appendf(sql, "ALTER %s %s RENAME TO ", what, identity);
    append_old_name(sql, NULL, name);
    text_append(sql, ";\n");
}

static void append_function_rename(struct text *sql, const char *function, const char *arguments, const char *name)
{
    cleanup(free_string) char *identity = format_string("%s(%s)", function, arguments);

    append_rename(sql, "FUNCTION", identity, name);
}

/* What PostgreSQL makes along with a range type: its constructors and, since 14, a multirange type with its own. */
static void append_range_swap(struct text *sql, const struct item *range, int standin_version)
{
    const char *identity = range->object->identity, *name = range->object->name;
    cleanup(free_string) char *subtype = range_option(range, "SUBTYPE = ");
    cleanup(free_string) char *two = format_string("%s, %s", subtype, subtype);
    cleanup(free_string) char *three = format_string("%s, %s, text", subtype, subtype);

    append_function_rename(sql, identity, two, name);
    append_function_rename(sql, identity, three, name);
    if (standin_version < 140000)
        return;
    cleanup(free_string) char *given = range_option(range, "MULTIRANGE_TYPE_NAME = ");
    cleanup(free_string) char *multirange = given != NULL ? take(given) : default_multirange(range);
    cleanup(free_string) char *new_name = format_string("%s_multirange", name);
    cleanup(free_string) char *array = format_string("%s[]", identity);
    append_function_rename(sql, multirange, "", new_name);
    append_function_rename(sql, multirange, identity, new_name);
    append_function_rename(sql, multirange, array, new_name);
    append_rename(sql, "TYPE", multirange, new_name);
}

void append_swap(struct text *sql, const struct item *type, int standin_version)
{
    if (type->object->class == CLASS_RANGE_TYPE)
        append_range_swap(sql, type, standin_version);
    append_rename(sql, class_keyword(type->object->class), type->object->identity, type->object->name);
}

void append_swap_drop(struct text *sql, const struct item *type)
{
    text_appendf(sql, "DROP %s ", class_keyword(type->object->class));
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

/* Do values of the type lie in rows, be it inside of other types? */
static bool is_stored(const struct item *type)
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

bool attributes_alterable(const struct changes *changes, const struct item *new)
{
    bool extras = false;

    for (size_t i = 0; i < new->other->child_count; i++)
        extras |= new->other->children[i]->object->class == CLASS_ATTRIBUTE &&new->other->children[i]->other == NULL;
    return (extras && !changes->options->clean_extra) || is_stored(new->other) || keeps_order(changes, new);
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

/* Its functions have the names that the new ones need, and hang on it. */
bool check_base_types(const struct changes *changes, struct error *err)
{
    cleanup(text_free) struct text types = {0};

    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *type = &changes->standin[i];
        bool used = false;

        if (type->object->class != CLASS_BASE_TYPE || type->fate != FATE_REBUILD)
            continue;
        for (size_t j = 0; j < type->dependent_count; j++)
            used |= type->dependents[j]->object->class == CLASS_COLUMN && !is_gone(type->dependents[j]);
        if (used)
            text_appendf(&types, "%s%s", types.length > 0 ? "\n" : "", type->object->identity);
    }
    if (types.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "columns use base types that are defined in another way than main's");
    error_detail(err, "%s", types.data);
    return error_hint(err, "Make the type and the columns that use it anew on the stand-in.");
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
