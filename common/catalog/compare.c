/* Says where two catalogs differ. */
#include "common/catalog/compare.h"

#include "common/catalog/wording.h"

#include <string.h>

struct comparison {
    const struct catalog *expected, *found;
    bool extras_allowed;
    size_t limit, differences;
    struct text *lines;
};

static void add_line(struct comparison *comparison, const struct object *object, const char *what)
{
    if (comparison->differences++ < comparison->limit)
        text_appendf(comparison->lines, "%s %s: %s\n", class_name(object->class), object->identity, what);
}

/* A value on one line: long ones from shortly before `from`, where they begin to differ. */
static void append_value(struct text *line, const char *value, size_t from)
{
    enum { WHOLE = 80, BEFORE = 20 };

    if (value == NULL) {
        text_append(line, "not set");
        return;
    }
    size_t length = strlen(value), start = 0, end = length;
    if (length > WHOLE) {
        start = from > BEFORE ? from - BEFORE : 0;
        end = start + WHOLE < length ? start + WHOLE : length;
        /* Not in the middle of a UTF-8 character. */
        while (start > 0 && ((unsigned char)value[start] & 0xC0) == 0x80)
            start--;
        while (end < length && ((unsigned char)value[end] & 0xC0) == 0x80)
            end++;
    }
    if (start > 0)
        text_append(line, "…");
    for (size_t i = start; i < end; i++)
        text_append_char(line, (char)((unsigned char)value[i] < ' ' ? ' ' : value[i]));
    if (end < length)
        text_append(line, "…");
}

static void add_field_line(struct comparison *comparison, const struct object *object, const char *name,
                           const char *expected, const char *found)
{
    struct text line = {0};
    size_t same = 0;

    if (expected != NULL && found != NULL)
        while (expected[same] != '\0' && expected[same] == found[same])
            same++;
    text_appendf(&line, "%s is ", name);
    append_value(&line, found, same);
    text_append(&line, ", expected ");
    append_value(&line, expected, same);
    add_line(comparison, object, line.data);
    text_free(&line);
}

/* A catalog out of a plan may lack the field. */
static long label_position(const struct object *label)
{
    const char *position = object_field(label, "position");

    return position != NULL ? strtol(position, NULL, 10) : 0;
}

/*
 * A label's place among those that both catalogs have. Extra labels shift the positions of the others without changing
 * their order.
 */
static size_t shared_rank(const struct catalog *catalog, const struct catalog *other, const struct object *label)
{
    size_t rank = 0;
    long position = label_position(label);

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *sibling = catalog->objects[i];
        if (sibling->class == label->class && sibling->parent == label->parent && label_position(sibling) < position &&
            catalog_find(other, sibling->class, sibling->identity) != NULL)
            rank++;
    }
    return rank;
}

static bool position_matters(const struct comparison *comparison, const struct object *expected,
                             const struct object *found)
{
    /* ALTER can move neither, and the plan takes care that no value lands in another attribute. */
    if (expected->class == CLASS_COLUMN || expected->class == CLASS_ATTRIBUTE)
        return false;
    if ((expected->class == CLASS_ENUM_LABEL || expected->class == CLASS_ATTRIBUTE) && comparison->extras_allowed)
        return shared_rank(comparison->expected, comparison->found, expected) !=
               shared_rank(comparison->found, comparison->expected, found);
    return true;
}

/*
 * Whether a child repeats what it inherits, no ALTER can change; an index that is being built will be valid; from a
 * main of another major version an extension comes in the version that the stand-in's server has.
 */
static bool field_counts(const struct object *object, const struct object *other, const struct field *field)
{
    if (object->class == CLASS_EXTENSION && strcmp(field->name, "version") == 0)
        return field->value != NULL;
    /* Names of NOT NULL came with PostgreSQL 18, and an inherited one has its parent's. */
    if (strcmp(field->name, "not_null_name") == 0)
        return field->value != NULL && object_field(other, field->name) != NULL;
    /* Only CREATE SUBSCRIPTION sets them in a transaction. */
    if (object->class == CLASS_SUBSCRIPTION &&
        (strcmp(field->name, "two_phase") == 0 || strcmp(field->name, "failover") == 0))
        return false;
    return strcmp(field->name, "inherited") != 0 && strcmp(field->name, "not_null_inherited_name") != 0 &&
           strcmp(field->name, "valid") != 0;
}

/* The server makes a partition's foreign keys from its parent's, under names of its own choice; pg_dump has them not.
 */
static bool object_counts(const struct object *object)
{
    if (object->class != CLASS_CONSTRAINT || object_field(object, "parent_constraint") == NULL)
        return true;
    const char *type = object_field(object, "type");
    return type == NULL || strcmp(type, "foreign key") != 0;
}

/* A subscription is not made, for its connection string is not read. */
static bool is_subscriptions(const struct object *object)
{
    return object->class == CLASS_SUBSCRIPTION ||
           (object->parent != NULL && object->parent->class == CLASS_SUBSCRIPTION);
}

static void compare_fields(struct comparison *comparison, const struct object *expected, const struct object *found)
{
    for (size_t i = 0; i < expected->field_count; i++) {
        const struct field *field = &expected->fields[i];
        const char *value = object_field_near(found, i, field->name);
        if (!field_counts(expected, found, field) ||
            same_wording(expected->class, field->name, field->value, comparison->expected->server_version, value,
                         comparison->found->server_version))
            continue;
        if (strcmp(field->name, "position") == 0 && !position_matters(comparison, expected, found))
            continue;
        add_field_line(comparison, expected, field->name, field->value, value);
    }
    /* Fields that only `found` has: a newer server's catalog. Not set means the same as not there. */
    for (size_t i = 0; i < found->field_count; i++) {
        const struct field *field = &found->fields[i];
        bool known = i < expected->field_count && strcmp(expected->fields[i].name, field->name) == 0;
        for (size_t j = 0; j < expected->field_count && !known; j++)
            known = strcmp(expected->fields[j].name, field->name) == 0;
        if (!known && field->value != NULL && field_counts(found, expected, field))
            add_field_line(comparison, expected, field->name, NULL, field->value);
    }
}

size_t catalog_compare(const struct catalog *expected, const struct catalog *found, bool extras_allowed, size_t limit,
                       struct text *lines)
{
    struct comparison comparison = {expected, found, extras_allowed, limit, 0, lines};

    for (size_t i = 0; i < expected->count; i++) {
        const struct object *object = expected->objects[i];
        const struct object *other = catalog_find(found, object->class, object->identity);
        if (other == NULL && object_counts(object) && !is_subscriptions(object))
            add_line(&comparison, object, "missing");
        else if (other != NULL)
            compare_fields(&comparison, object, other);
    }
    for (size_t i = 0; i < found->count && !extras_allowed; i++) {
        const struct object *object = found->objects[i];
        if (object_counts(object) && catalog_find(expected, object->class, object->identity) == NULL)
            add_line(&comparison, object, "not expected");
    }
    return comparison.differences;
}
