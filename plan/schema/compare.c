/* Finds out which pairs of objects cannot be altered in place, and what main lacks. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/stages.h"

#include "common/memory.h"

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool next_difference(const struct item *new, const struct item *old, size_t *position, struct difference *difference)
{
    while (*position < new->object->field_count) {
        size_t i = (*position)++;
        const struct field *field = &new->object->fields[i];

        if (old != NULL && same(field->value, object_field_near(old->object, i, field->name)))
            continue;
        const struct rule *rule = rule_find(new->object->class, field->name, field->value);
        if (old == NULL && rule != NULL &&
            (rule->at_creation == IN_CREATE || (rule->initial != ANY_VALUE && same(rule->initial, field->value))))
            continue;
        *difference = (struct difference){.rule = rule, .field = field->name, .value = field->value};
        return true;
    }
    return false;
}

bool no_rule(const struct item *item, const char *field, struct error *err)
{
    return error_set(err, ERROR_INTERNAL, "no rule says what to do about field %s of %s %s", field,
                     class_name(item->object->class), item->object->identity);
}

/* A table's key column cannot change its type: the table is another one then. What is generated holds no rows. */
static void cannot_alter(struct item *old, enum how how)
{
    if (old->object->class == CLASS_COLUMN && how != HOW_REBUILD && field_is(old, "generated", NULL) &&
        field_is(old->other, "generated", NULL))
        old->parent->fate = FATE_REBUILD;
    else
        old->fate = FATE_REBUILD;
}

static bool is_to_be_rebuilt(const struct changes *changes, const struct item *item)
{
    if (changes->rebuilds == NULL || changes->rebuilds->count == 0)
        return false;
    cleanup(free_string) char *key = format_string("%s %s", class_name(item->object->class), item->object->identity);
    return map_get(changes->rebuilds, key) != NULL;
}

/* Has main's domain a condition that the stand-in's has not? The server cannot check values that lie inside of arrays
 * or composite types. */
static bool tightens(const struct item *domain)
{
    if (field_is(domain, "not_null", "true") && !same_field(domain, domain->other, "not_null"))
        return true;
    for (size_t i = 0; i < domain->child_count; i++) {
        const struct item *check = domain->children[i];

        if (check->object->class == CLASS_CONSTRAINT && field_is(check, "validated", "true") &&
            (check->other == NULL || !same_field(check, check->other, "definition")))
            return true;
    }
    return false;
}

/* Main's column of a partition: its parent's is made anew, and the server drops that nowhere but in all partitions. */
static bool goes_with_parents(const struct item *new)
{
    const struct item *above = new->object->class == CLASS_COLUMN ? parents_column(new) : NULL;

    return above != NULL && !field_is(new->parent, "partition_of", NULL) && !field_is(new, "generated", NULL) &&
           above->other != NULL && stays_child_of(new->other->parent, above->other->parent) &&
           (!same_field(above, above->other, "generated") || !same_field(above, above->other, "generated_kind") ||
            goes_with_parents(above));
}

static bool compare_pair(const struct changes *changes, struct item *new, struct item *old, struct error *err)
{
    struct difference difference;

    for (size_t position = 0; next_difference(new, old, &position, &difference);) {
        if (difference.rule == NULL)
            return no_rule(new, difference.field, err);
        if (difference.rule->allowed != NULL ? !difference.rule->allowed(new, old)
                                             : difference.rule->how == HOW_REBUILD)
            cannot_alter(old, difference.rule->how);
    }
    if (is_to_be_rebuilt(changes, new) || goes_with_parents(new))
        old->fate = FATE_REBUILD;
    if (new->object->class == CLASS_ENUM && !labels_addable(changes, new, old))
        old->fate = FATE_REBUILD;
    if (new->object->class == CLASS_DOMAIN && is_stored_inside(old) && tightens(new))
        old->fate = FATE_REBUILD;
    if (new->object->class == CLASS_TABLE && !columns_fit_type(new))
        old->fate = FATE_REBUILD;
    if (new->object->class == CLASS_COMPOSITE_TYPE && !attributes_alterable(changes, new, old))
        old->fate = FATE_REBUILD;
    return true;
}

/* A new child takes its parent's checks as valid. Where main's is not, the parent's is made again once the child is
 * there. */
static void release_checks(const struct item *new)
{
    if (new->other != NULL)
        return;
    for (size_t i = 0; i < new->child_count; i++) {
        const struct item *check = new->children[i], *above = check;

        if (check->object->class != CLASS_CONSTRAINT || !field_is(check, "type", "check") ||
            !field_is(check, "validated", "false"))
            continue;
        while ((above = inherited_from(above)) != NULL)
            if (above->other != NULL)
                above->other->fate = FATE_REBUILD;
    }
}

/* A child's own check that its parent has too goes nowhere while that one stays. */
static void release_merged(const struct item *new)
{
    const struct item *old = new->other;

    if (new->object->class != CLASS_CONSTRAINT || old == NULL || !is_gone(old))
        return;
    for (struct item *above; (above = merged_from(old)) != NULL || (above = inherited_from(old)) != NULL; old = above) {
        if (above->other == NULL || !stays_child_of(old->parent, above->parent) || !field_is(above, "type", "check"))
            return;
        above->fate = FATE_REBUILD;
    }
}

/* The columns and expressions of an index or key, `(a, lower(b))`, and the length of that; NULL: it is neither. */
static const char *columns_of(const struct item *index, size_t *length)
{
    const char *definition = item_field(index, "definition"), *start;
    size_t depth = 0;
    char quote = '\0';

    if (definition == NULL || (index->object->class != CLASS_INDEX && !is_key(index)))
        return NULL;
    start = index->object->class == CLASS_INDEX ? strstr(definition, " USING ") : definition;
    start = start != NULL ? strchr(start, '(') : NULL;
    for (const char *p = start; p != NULL && *p != '\0'; p++) {
        if (quote != '\0')
            quote = (char)(*p == quote ? '\0' : quote);
        else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '(')
            depth++;
        else if (*p == ')' && --depth == 0)
            return *length = (size_t)(p + 1 - start), start;
    }
    return NULL;
}

/* Keys may differ in more than the server minds. */
static bool may_be_taken_for(const struct item *index, const struct item *other)
{
    size_t length = 0, other_length = 0;
    const char *columns = columns_of(index, &length), *other_columns = columns_of(other, &other_length);

    if (columns == NULL || other_columns == NULL)
        return false;
    if (index->object->class == CLASS_INDEX && other->object->class == CLASS_INDEX)
        return strcmp(columns, other_columns) == 0;
    return length == other_length && strncmp(columns, other_columns, length) == 0;
}

bool has_rival(const struct item *table, const struct item *index)
{
    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *rival = table->children[i];

        if (rival != index && inherited_from(rival) != NULL && may_be_taken_for(index, rival))
            return true;
    }
    return false;
}

/*
 * ATTACH takes any index of the table that is like one of the parent's. One that is to stay on its own while another
 * like it is attached must not be there then.
 */
static void release_rivals(const struct item *new)
{
    const struct item *old = new->other;

    if (old == NULL || field_is(new, "partition_of", NULL) || same_field(new, old, "partition_of"))
        return;
    for (size_t i = 0; i < old->child_count; i++) {
        struct item *index = old->children[i];

        if ((index->other == NULL || inherited_from(index->other) == NULL) && has_rival(new, index))
            index->fate = FATE_REBUILD; /* what main lacks and goes is marked so later */
    }
}

/* A table has one primary key, and a partition one index for each of its parent's: where main has another, what main
 * lacks cannot stay. Nor can an attribute of a type whose values lie in rows: main's have no such part. */
static bool is_in_the_way(const struct item *old)
{
    const struct item *table = old->parent != NULL ? old->parent->other : NULL;

    if (old->object->class == CLASS_ATTRIBUTE)
        return table != NULL && (is_stored(old->parent) || is_stored(table));
    if (table == NULL || (old->object->class != CLASS_INDEX && !is_key(old)))
        return false;
    const struct item *above = inherited_from(old);
    if (above != NULL && above->other != NULL && is_child_of(table, above->parent->other))
        return true;
    for (size_t i = 0; field_is(old, "type", "primary key") && i < table->child_count; i++)
        if (is_key(table->children[i]) && field_is(table->children[i], "type", "primary key"))
            return true;
    return false;
}

/* Is *top, where it is set, the one table that the column comes from, over however many parents that stay? */
static bool has_one_top(const struct item *column, const struct item **top)
{
    const struct item *table = column->parent;
    bool inherited = false;

    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *above =
            stays_child_of(table, table->depends[i]) ? column_named(table->depends[i], column->object->name) : NULL;

        if (above == NULL)
            continue;
        inherited = true;
        if (!has_one_top(above, top))
            return false;
    }
    if (inherited)
        return true;
    if (*top == NULL)
        *top = table;
    return *top == table;
}

/* A type changes for all parents of a table at once, or not at all: with more than one above them, the table lets go.
 */
static bool changes_under_many(const struct item *old)
{
    for (size_t i = 0; i < old->child_count; i++) {
        const struct item *column = old->children[i], *top = NULL;

        if (column->object->class == CLASS_COLUMN && column->other != NULL &&
            !(same_field(column, column->other, "type") && same_field(column, column->other, "collation")) &&
            !has_one_top(column, &top))
            return true;
    }
    return false;
}

/* What a generated column holds was computed by the function as it was: it is computed anew. */
static void compute_again(const struct item *function)
{
    const struct item *old = function->other;

    if (function->object->class != CLASS_FUNCTION || old == NULL || is_gone(old) ||
        same_field(function, old, "definition"))
        return;
    for (size_t i = 0; i < old->dependent_count; i++) {
        struct item *column = old->dependents[i];

        if (column->object->class == CLASS_COLUMN && column->other != NULL &&
            field_is(column->other, "generated_kind", "stored"))
            cannot_alter(column, HOW_REBUILD);
    }
}

bool compare_pairs(struct changes *changes, struct error *err)
{
    for (size_t i = 0; i < CLASS_COUNT; i++)
        if (class_rule((enum object_class)i) == NULL)
            return error_set(err, ERROR_INTERNAL, "no rule covers class %s", class_name((enum object_class)i));
    for (size_t i = 0; i < changes->main_count; i++) {
        struct item *new = &changes->main[i];

        if (new->other != NULL && !compare_pair(changes, new, new->other, err))
            return false;
        compute_again(new);
        release_merged(new);
        if (new->object->class == CLASS_TABLE) {
            release_rivals(new);
            release_checks(new);
        }
    }
    for (size_t i = 0; i < changes->standin_count; i++) {
        struct item *old = &changes->standin[i];
        const struct class_rule *rule = class_rule(old->object->class);

        if (old->other == NULL &&
            (changes->options->clean_extra || is_in_the_way(old) || (rule->attribute && old->parent->other != NULL)))
            old->fate = FATE_DROP;
        if (old->other != NULL && !field_is(old, "inherits", NULL) &&
            (parents_change_places(changes, old->other, old) || changes_under_many(old)))
            old->forced = true;
    }
    pair_types(changes);
    return true;
}
