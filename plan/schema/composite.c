/* Composite types: when ALTER TYPE brings one to main's attributes, and how values move to one that is made anew. */
#include "plan/schema/alter.h"
#include "plan/schema/create.h"
#include "plan/schema/template.h"

#include "common/memory.h"
#include "common/quote.h"

/* --- Attributes --- */

static uint64_t position(const struct item *attribute)
{
    return strtoull(item_field(attribute, "position"), NULL, 10);
}

static int by_position(const void *a, const void *b)
{
    uint64_t left = position(*(struct item *const *)a), right = position(*(struct item *const *)b);

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
        qsort(attributes, *count, sizeof *attributes, by_position);
    return attributes;
}

static void append_attribute(struct text *sql, const struct item *attribute)
{
    quote_identifier(sql, attribute->object->name);
    text_appendf(sql, " %s", item_field(attribute, "type"));
    if (!field_is(attribute, "collation", NULL))
        text_appendf(sql, " COLLATE %s", item_field(attribute, "collation"));
}

CREATES(create_composite_type)
{
    (void)replace, (void)err;
    size_t count;
    struct item **attributes = attributes_of(changes->scratch, item, &count);

    text_appendf(sql, "CREATE TYPE %s AS (", item->object->identity);
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i > 0 ? ", " : "");
        append_attribute(sql, attributes[i]);
        attributes[i]->created_by = step;
    }
    text_append(sql, ");\n");
    return true;
}

CREATES(create_attribute)
{
    (void)changes, (void)step, (void)replace, (void)err;
    text_appendf(sql, "ALTER TYPE %s ADD ATTRIBUTE ", item->parent->object->identity);
    append_attribute(sql, item);
    text_append(sql, ";\n");
    return true;
}

ALTERATION(alter_attribute)
{
    (void)changes, (void)old, (void)err;
    template_expand(&alteration->sql, "ALTER TYPE %p ALTER ATTRIBUTE %n TYPE %{type}", new, NULL, NULL);
    alteration->sql.data[--alteration->sql.length] = '\0';
    if (!field_is(new, "collation", NULL))
        text_appendf(&alteration->sql, " COLLATE %s", item_field(new, "collation"));
    text_append(&alteration->sql, ";\n");
    return true;
}

/* --- Can the type be altered? --- */

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

bool is_reshaped(const struct item *type)
{
    if (type->swapped || type->fate == FATE_REBUILD)
        return true;
    for (size_t i = 0; i < type->child_count; i++)
        if (type->children[i]->object->class == CLASS_ATTRIBUTE && is_gone(type->children[i]))
            return true;
    for (size_t i = 0; type->other != NULL && i < type->other->child_count; i++)
        if (type->other->children[i]->object->class == CLASS_ATTRIBUTE && is_created(type->other->children[i]))
            return true;
    return false;
}

static bool is_in_index(const struct item *column)
{
    for (size_t i = 0; i < column->dependent_count; i++)
        if (column->dependents[i]->object->class == CLASS_INDEX || is_key(column->dependents[i]))
            return true;
    return false;
}

static bool is_indexed(const struct item *type)
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

/* ADD ATTRIBUTE adds at the end, and the type of an attribute cannot change while values lie in rows. Where rows are
 * compared it must be known what they hold afterwards. DROP ATTRIBUTE leaves indexes in the order that they had. */
bool attributes_alterable(const struct changes *changes, const struct item *new, const struct item *old)
{
    size_t new_count, old_count, at = 0;
    struct item **attributes = attributes_of(changes->scratch, new, &new_count);
    struct item **old_attributes = attributes_of(changes->scratch, old, &old_count);
    bool stored = is_stored(old);

    for (size_t i = 0; i < old_count; i++) {
        const struct item *attribute = old_attributes[i], *other = attribute->other;

        if (other == NULL && is_indexed(old))
            return false;
        if (other == NULL)
            continue;
        if (attributes[at++] != other)
            return false;
        if (stored && !(same_field(attribute, other, "type") && same_field(attribute, other, "collation")))
            return false;
    }
    return (at == old_count && at == new_count) || !changes->options->rows_follow || !is_stored_inside(old);
}

/* --- Values --- */

/* How values move to main's attributes. */
struct move {
    struct arena *arena;
    bool replaced; /* main's values come anyway: what a cast may fail on is not kept */
    bool strict;   /* no cast may fail inside of an array, a domain or another type */
};

/* The composite type with other attributes on which the column, attribute or domain hangs; *itself: it is of this very
 * type, or of a domain over it. */
static const struct item *reshaped_type(const struct item *holder, bool *itself)
{
    for (size_t i = 0; i < holder->depend_count; i++) {
        const struct item *type = holder->depends[i], *inner;

        if (type == holder->parent)
            continue;
        *itself = field_is(holder, "type", type->object->identity);
        if (type->object->class == CLASS_COMPOSITE_TYPE && type->other != NULL && is_reshaped(type))
            return type;
        if (type->object->class != CLASS_DOMAIN && type->object->class != CLASS_RANGE_TYPE)
            continue;
        bool is_of_domain = *itself;
        inner = reshaped_type(type, itself);
        *itself = *itself && is_of_domain;
        if (inner != NULL)
            return inner;
    }
    return NULL;
}

/* Is the text of every value of the old type one of the new type's, and means the same there? */
static bool is_same_text(const char *old_type, const char *new_type)
{
    static const char boolean[] = "boolean";

    return strcmp(old_type, new_type) == 0 ||
           (!cast_may_fail(old_type, new_type) && strcmp(old_type, boolean) != 0 && strcmp(new_type, boolean) != 0);
}

static bool is_number_or_string(const char *type)
{
    static const char *const types[] = {"smallint", "integer", "bigint", "text", "character varying"};

    for (size_t i = 0; i < array_length(types); i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return strncmp(type, "character varying(", strlen("character varying(")) == 0;
}

/* Where the new type reads the text, it means the same. Where it does not, the statement fails: that may be only where
 * no rows of main's replace the value. */
static bool is_text_of_both(const struct move *move, const char *old_type, const char *new_type)
{
    return is_same_text(old_type, new_type) ||
           (!move->strict && is_number_or_string(old_type) && is_number_or_string(new_type));
}

static bool keeps_text(const struct move *move, const struct item *type)
{
    size_t new_count, old_count;
    struct item **attributes = attributes_of(move->arena, type->other, &new_count);
    struct item **old = attributes_of(move->arena, type, &old_count);

    for (size_t i = 0; i < old_count && i < new_count; i++) {
        bool itself = false;
        const struct item *inner = reshaped_type(old[i], &itself);

        if (attributes[i] != old[i]->other ||
            !is_text_of_both(move, item_field(old[i], "type"), item_field(attributes[i], "type")) ||
            (inner != NULL && !keeps_text(move, inner)))
            return false;
    }
    return new_count == old_count;
}

static bool append_row(struct text *sql, const struct move *move, const char *value, const struct item *type);

/* An attribute's value, in main's type for it where the stand-in has that already. */
static bool append_value(struct text *sql, const struct move *move, const char *value, const struct item *old)
{
    const char *old_type = item_field(old, "type"), *new_type = item_field(old->other, "type");
    bool itself = false;
    const struct item *inner = reshaped_type(old, &itself);

    if (inner != NULL && itself)
        return append_row(sql, move, value, inner);
    if (inner != NULL && !keeps_text(move, inner))
        return false;
    if (move->replaced && inner == NULL && cast_may_fail(old_type, new_type)) {
        text_append(sql, "NULL");
        return true;
    }
    text_append(sql, value);
    if (strcmp(old_type, new_type) != 0 && types_are_there(old->other))
        append_cast(sql, old_type, new_type);
    return true;
}

static bool append_row(struct text *sql, const struct move *move, const char *value, const struct item *type)
{
    size_t count;
    struct item **attributes = attributes_of(move->arena, type->other, &count);

    text_appendf(sql, "CASE WHEN %s IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW(", value);
    for (size_t i = 0; i < count; i++) {
        const struct item *old = attributes[i]->other;
        cleanup(text_free) struct text field = {0};

        text_append(sql, i > 0 ? ", " : "");
        if (old == NULL) {
            text_append(sql, "NULL");
            continue;
        }
        text_appendf(&field, "(%s).", value);
        quote_identifier(&field, attributes[i]->object->name);
        if (!append_value(sql, move, field.data, old))
            return false;
    }
    text_append(sql, ")::text END");
    return true;
}

bool is_reshaped_column(const struct item *old)
{
    bool itself = false;

    return reshaped_type(old, &itself) != NULL && itself;
}

bool loses_attributes(const struct item *old)
{
    bool itself = false;
    const struct item *type = reshaped_type(old, &itself);

    for (size_t i = 0; type != NULL && i < type->child_count; i++)
        if (type->children[i]->object->class == CLASS_ATTRIBUTE && type->children[i]->other == NULL)
            return true;
    return false;
}

char *reshaped_value(const struct changes *changes, const struct item *old, bool replaced)
{
    const struct move move = {changes->scratch, replaced, changes->options->rows_follow};
    bool itself = false;
    const struct item *type = reshaped_type(old, &itself);
    cleanup(text_free) struct text column = {0}, sql = {0};

    quote_identifier(&column, old->object->name);
    return append_row(&sql, &move, column.data, type) ? text_take(&sql) : NULL;
}

bool is_movable(const struct changes *changes, const struct item *old)
{
    bool itself = false;
    const struct item *type = reshaped_type(old, &itself);

    if (type == NULL)
        return true;
    const struct move move = {changes->scratch, false, changes->options->rows_follow};
    if (!itself)
        return keeps_text(&move, type);
    cleanup(free_string) char *value = reshaped_value(changes, old, false);
    return value != NULL;
}
