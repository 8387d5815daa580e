/*
 * Composite types: when ALTER TYPE brings one to main's attributes, and how values move to one that is made anew. So do
 * values of a table's row type move to the columns that the table will have.
 */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/template.h"

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

/* An attribute, or a column of the table whose row type it is. */
static bool is_part(const struct item *item)
{
    return item->object->class == CLASS_ATTRIBUTE || item->object->class == CLASS_COLUMN;
}

static bool has_other_type(const struct item *column)
{
    return column->object->class == CLASS_COLUMN && !same_field(column, column->other, "type");
}

bool is_reshaped(const struct item *type)
{
    if (type->swapped || type->fate == FATE_REBUILD)
        return true;
    for (size_t i = 0; i < type->child_count; i++)
        if (is_part(type->children[i]) &&
            (is_gone(type->children[i]) || (type->children[i]->other != NULL && has_other_type(type->children[i]))))
            return true;
    for (size_t i = 0; type->other != NULL && i < type->other->child_count; i++)
        if (is_part(type->other->children[i]) && is_created(type->other->children[i]))
            return true;
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
    size_t depth;  /* of arrays within arrays' elements */
};

/* ALTER moves no column: those that the table has keep their places, and new ones come after them. */
static uint64_t place(const struct item *column)
{
    return is_created(column) ? position(column) + (1U << 16) : position(column->other);
}

static int by_place(const void *a, const void *b)
{
    uint64_t left = place(*(struct item *const *)a), right = place(*(struct item *const *)b);

    return left < right ? -1 : left > right;
}

struct item **parts_of(struct arena *arena, const struct item *type, size_t *count)
{
    if (type->object->class == CLASS_COMPOSITE_TYPE)
        return attributes_of(arena, type, count);
    struct item **columns = arena_allocate(arena, type->child_count, sizeof *columns);

    *count = 0;
    for (size_t i = 0; i < type->child_count; i++)
        if (type->children[i]->object->class == CLASS_COLUMN)
            columns[(*count)++] = type->children[i];
    if (*count > 0)
        qsort(columns, *count, sizeof *columns, type->in_main && type->other != NULL ? by_place : by_position);
    return columns;
}

static bool is_row_type(const struct item *type)
{
    return type->object->class == CLASS_COMPOSITE_TYPE || type->object->class == CLASS_TABLE;
}

static const struct item *reshaped_type(const struct item *holder, bool *itself);

/* Will values of the row type be others, be it for what its parts are made of? */
static bool has_other_values(const struct item *type)
{
    bool itself;

    if (!is_row_type(type) || type->other == NULL)
        return false;
    if (is_reshaped(type))
        return true;
    for (size_t i = 0; i < type->child_count; i++)
        if (is_part(type->children[i]) && reshaped_type(type->children[i], &itself) != NULL)
            return true;
    return false;
}

/* The composite type with other attributes, or table with other columns, on which the column, attribute or domain
 * hangs; *itself: it is of this very type, or of a domain over it. */
static const struct item *reshaped_type(const struct item *holder, bool *itself)
{
    for (size_t i = 0; i < holder->depend_count; i++) {
        const struct item *type = holder->depends[i], *inner;

        if (type == holder->parent)
            continue;
        *itself = field_is(holder, "type", type->object->identity);
        if (has_other_values(type))
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
    struct item **attributes = parts_of(move->arena, type->other, &new_count);
    struct item **old = parts_of(move->arena, type, &old_count);

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

static bool append_moved(struct text *sql, const struct move *move, const char *value, const struct item *holder);

/* An attribute's value, in main's type for it where the stand-in has that already. */
static bool append_value(struct text *sql, const struct move *move, const char *value, const struct item *old)
{
    const char *old_type = item_field(old, "type"), *new_type = item_field(old->other, "type");
    bool itself = false;
    const struct item *inner = reshaped_type(old, &itself);

    if (inner != NULL && (itself || !keeps_text(move, inner)))
        return append_moved(sql, move, value, old);
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
    struct item **attributes = parts_of(move->arena, type->other, &count);

    text_appendf(sql, "CASE WHEN %s IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW(", value);
    for (size_t i = 0; i < count; i++) {
        const struct item *old =
            is_created(attributes[i]) && !type->swapped && type->fate == FATE_KEEP ? NULL : attributes[i]->other;
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

/*
 * Each element's text, by `element` or by its domain `holder`, put together as the array's text: level by level from
 * the inmost, with the bounds in front where they are said. An element that is NULL stays so. The value, which may be a
 * column of any name, stands only where no name of ours is in sight.
 */
static bool append_array(struct text *sql, const struct move *move, const char *value, const struct item *element)
{
    const struct move inner = {move->arena, move->replaced, move->strict, move->depth + 1};
    const char *alias = arena_format(move->arena, "pgsyncer_%zu", inner.depth);
    const char *one = arena_format(move->arena, "%s.element", alias);
    cleanup(text_free) struct text moved = {0};

    if (is_row_type(element) ? !append_row(&moved, &inner, one, element) : !append_moved(&moved, &inner, one, element))
        return false;
    text_appendf(
        sql,
        "CASE WHEN cardinality(%s) > 0 THEN (WITH RECURSIVE level (items, number, whole) AS (SELECT ARRAY(SELECT "
        "substr(text, 2, length(text) - 2) FROM (SELECT ARRAY[%s]::text AS text FROM (SELECT unnest(%s) AS "
        "element) %s) texts), array_ndims(%s), %s "
        "UNION ALL SELECT ARRAY(SELECT '{' || array_to_string(items[(i - 1) * size + 1:i * size], ',') || '}' "
        "FROM generate_series(1, cardinality(items) / size) i), number - 1, whole FROM (SELECT items, number, whole, "
        "array_length(whole, number) AS size FROM level "
        "WHERE number > 0) outer_level) SELECT coalesce(substring(whole::text FROM '^[^{]*='), '') || items[1] "
        "FROM level WHERE number = 0) ELSE %s::text END",
        value, moved.data, value, alias, value, value, value);
    return true;
}

static bool is_of(const char *type, const struct item *item, const char *ending)
{
    size_t length = strlen(item->object->identity);

    return strncmp(type, item->object->identity, length) == 0 && strcmp(type + length, ending) == 0;
}

/* The text of a value of the column, attribute or domain, whose type holds one that is reshaped. */
static bool append_moved(struct text *sql, const struct move *move, const char *value, const struct item *holder)
{
    const char *type = item_field(holder, "type");

    for (size_t i = 0; i < holder->depend_count; i++) {
        const struct item *inner = holder->depends[i];
        bool itself = false, row = has_other_values(inner);

        if (inner == holder->parent ||
            (!row && (inner->object->class != CLASS_DOMAIN || reshaped_type(inner, &itself) == NULL)))
            continue;
        if (is_of(type, inner, ""))
            return row ? append_row(sql, move, value, inner) : append_moved(sql, move, value, inner);
        if (is_of(type, inner, "[]"))
            return append_array(sql, move, value, inner);
    }
    return false;
}

bool is_reshaped_column(const struct changes *changes, const struct item *old)
{
    const struct move move = {changes->scratch, false, changes->options->rows_follow, 0};
    bool itself = false;
    const struct item *type = reshaped_type(old, &itself);

    return type != NULL && (itself || !keeps_text(&move, type));
}

bool loses_attributes(const struct item *old)
{
    bool itself = false;
    const struct item *type = reshaped_type(old, &itself);

    for (size_t i = 0; type != NULL && i < type->child_count; i++)
        if (is_part(type->children[i]) && type->children[i]->other == NULL)
            return true;
    return false;
}

char *reshaped_value(const struct changes *changes, const struct item *old, bool replaced)
{
    const struct move move = {changes->scratch, replaced, changes->options->rows_follow, 0};
    cleanup(text_free) struct text column = {0}, sql = {0};

    quote_identifier(&column, old->object->name);
    return append_moved(&sql, &move, column.data, old) ? text_take(&sql) : NULL;
}

bool is_movable(const struct changes *changes, const struct item *old)
{
    bool itself = false;
    const struct item *type = reshaped_type(old, &itself);

    if (type == NULL)
        return true;
    const struct move move = {changes->scratch, false, changes->options->rows_follow, 0};
    if (!itself && keeps_text(&move, type))
        return true;
    cleanup(free_string) char *value = reshaped_value(changes, old, false);
    return value != NULL;
}
