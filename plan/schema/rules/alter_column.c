/* Columns that change their type with their rows kept. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/projection.h"
#include "plan/schema/rules/template.h"

#include "common/memory.h"
#include "common/quote.h"

#include <ctype.h>

/* --- Type --- */

static bool names_column(const char *definition, const char *column)
{
    cleanup(text_free) struct text quoted = {0};
    const char *p = definition;

    quote_identifier(&quoted, column);
    while (p != NULL && (p = strstr(p, quoted.data)) != NULL) {
        char before = (char)(p > definition ? p[-1] : ' '), after = p[quoted.length];
        if (!isalnum((unsigned char)before) && before != '_' && !isalnum((unsigned char)after) && after != '_')
            return true;
        p++;
    }
    return false;
}

/* The key of a partitioned table keeps its type, and so does what is generated: USING has nothing to say about it. */
bool column_type_alterable(const struct item *new, const struct item *old)
{
    if (!field_is(old, "generated", NULL) && !field_is(new, "generated", NULL))
        return false;
    const char *key = old->parent->object->class == CLASS_TABLE ? item_field(old->parent, "partition_key") : NULL;

    return key == NULL || !names_column(key, old->object->name);
}

/* The same column of a table that this one's table is a child of, in both states. */
static struct item *above_column(const struct item *new)
{
    const struct item *table = new->parent;

    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];

        if (!is_child_of(table, parent) || parent->other == NULL || !is_child_of(table->other, parent->other) ||
            (table->other->forced && !field_is(table, "inherits", NULL)))
            continue;
        struct item *column = column_named(parent, new->object->name);
        if (column != NULL)
            return column;
    }
    return NULL;
}

/* The enum that a column moves from because labels of it go; the column is of this very type. */
static const struct item *replaced_enum(const struct item *old)
{
    for (size_t i = 0; i < old->depend_count; i++)
        if (old->depends[i]->object->class == CLASS_ENUM && old->depends[i]->swapped &&
            old->depends[i]->other != NULL && field_is(old, "type", old->depends[i]->object->identity))
            return old->depends[i];
    return NULL;
}

/* Rows that still hold a label that goes become main's rows later; until then they hold NULL, or the first label. */
static char *enum_expression(struct arena *arena, const struct item *old, const struct item *type)
{
    cleanup(text_free) struct text sql = {0};
    size_t count;
    struct item **labels = labels_of(arena, type->other, &count);

    text_append(&sql, "CASE WHEN ");
    quote_identifier(&sql, old->object->name);
    text_append(&sql, "::text IN (");
    for (size_t i = 0; i < count; i++) {
        text_append(&sql, i > 0 ? ", " : "");
        quote_literal(&sql, labels[i]->object->name);
    }
    text_append(&sql, ") THEN ");
    quote_identifier(&sql, old->object->name);
    text_append(&sql, "::text");
    if (field_is(old, "not_null", "true")) {
        text_append(&sql, " ELSE ");
        quote_literal(&sql, labels[0]->object->name);
    }
    text_append(&sql, " END");
    return text_take(&sql);
}

/* An array of the enum: labels that go become NULL. */
static char *enum_array_expression(struct arena *arena, const struct item *old, const struct item *type)
{
    cleanup(text_free) struct text sql = {0};
    size_t count, removed = 0;
    struct item **labels = labels_of(arena, type, &count);

    quote_identifier(&sql, old->object->name);
    text_append(&sql, "::text[]");
    for (size_t i = 0; i < count; i++) {
        if (labels[i]->other != NULL)
            continue;
        cleanup(free_string) char *inner = text_take(&sql);
        text_appendf(&sql, "array_replace(%s, ", inner);
        quote_literal(&sql, labels[i]->object->name);
        text_append(&sql, ", NULL)");
        removed++;
    }
    return removed > 0 ? text_take(&sql) : NULL;
}

static const struct item *replaced_element_enum(const struct item *old)
{
    for (size_t i = 0; i < old->depend_count; i++) {
        const struct object *type = old->depends[i]->object;
        size_t length = strlen(type->identity);
        const char *own = item_field(old, "type");

        if (type->class == CLASS_ENUM && old->depends[i]->swapped && old->depends[i]->other != NULL &&
            strncmp(own, type->identity, length) == 0 && strcmp(own + length, "[]") == 0)
            return old->depends[i];
    }
    return NULL;
}

/* Does the type move to another schema with its extension, and so by itself? */
static bool moves_with_extension(const struct item *new, const struct item *old)
{
    for (size_t i = 0; i < new->depend_count; i++) {
        const struct item *extension = new->depends[i];
        cleanup(text_free) struct text new_type = {0}, old_type = {0};

        if (extension->object->class != CLASS_EXTENSION || is_created(extension) ||
            same_field(extension, extension->other, "schema"))
            continue;
        quote_identifier(&new_type, item_field(extension, "schema"));
        quote_identifier(&old_type, item_field(extension->other, "schema"));
        const char *of_new = item_field(new, "type"), *of_old = item_field(old, "type");
        if (strncmp(of_new, new_type.data, new_type.length) == 0 &&
            strncmp(of_old, old_type.data, old_type.length) == 0 && of_new[new_type.length] == '.' &&
            strcmp(of_new + new_type.length, of_old + old_type.length) == 0)
            return same_field(new, old, "collation");
    }
    return false;
}

static void append_new_type(struct text *sql, const struct item *new, const char *type)
{
    template_expand(sql, "ALTER TABLE %p ALTER COLUMN %n TYPE %v", new, type, NULL);
    sql->data[--sql->length] = '\0'; /* the template's newline */
    if (!field_is(new, "collation", NULL))
        text_appendf(sql, " COLLATE %s", item_field(new, "collation"));
}

/* ALTER TYPE puts back what SET STORAGE and SET COMPRESSION said. Of all that `new` has, or what `old` has alike. */
static void append_lost_settings(struct text *sql, const struct item *new, const struct item *old)
{
    static const struct {
        const char *field, *template;
    } settings[] = {
        {"storage", "ALTER TABLE ONLY %p ALTER COLUMN %n SET STORAGE %v;"},
        {"compression", "ALTER TABLE ONLY %p ALTER COLUMN %n SET COMPRESSION %v;"},
    };

    for (size_t i = 0; i < array_length(settings); i++) {
        const char *value = item_field(new, settings[i].field);

        if (value != NULL && (old == NULL || same_field(new, old, settings[i].field)))
            template_expand(sql, settings[i].template, new, value, NULL);
    }
}

void take_type_later(struct changes *changes, struct item *column)
{
    cleanup(text_free) struct text sql = {0};

    append_new_type(&sql, column, item_field(column, "type"));
    text_append(&sql, ";\n");
    append_lost_settings(&sql, column, NULL);
    step_add(changes, STEP_ALTER, column, TIMING_AFTER, &sql, "lock:ACCESS EXCLUSIVE;rewrite")->retypes = true;
}

/* An identity column is never NULL. */
static char *given_up_value(const struct item *new, const struct item *old)
{
    return field_is(new, "identity", NULL) || field_is(old, "identity", NULL) ? NULL : copy_string("0");
}

static bool is_in_unique_key(const struct item *column)
{
    for (size_t i = 0; i < column->dependent_count; i++)
        if (is_key(column->dependents[i]) || is_unique_index(column->dependents[i]))
            return true;
    return false;
}

/* The type that a column or domain is of, be it within an array; of a table's rows, the table. NULL: the system's, or
 * an extension's. */
static const struct item *user_type(const struct item *item)
{
    for (size_t i = 0; i < item->depend_count; i++)
        switch (item->depends[i]->object->class) {
        case CLASS_BASE_TYPE:
        case CLASS_ENUM:
        case CLASS_DOMAIN:
        case CLASS_COMPOSITE_TYPE:
        case CLASS_RANGE_TYPE:
        case CLASS_TABLE:
            return item->depends[i];
        default:
            break;
        }
    return NULL;
}

/* Of what lies under the domains. */
static bool same_kind_of_type(const struct item *a, const struct item *b)
{
    const struct item *one = user_type(a), *other = user_type(b);

    while (one != NULL && one->object->class == CLASS_DOMAIN)
        one = user_type(one);
    while (other != NULL && other->object->class == CLASS_DOMAIN)
        other = user_type(other);
    return one == NULL || other == NULL ? one == other : one->object->class == other->object->class;
}

/* Where an enum, say, has the name of what was a range, no value can move for sure, and no cast of the stand-in tells
 * so beforehand. */
static bool becomes_other_kind(const struct changes *changes, const struct item *new, const struct item *old)
{
    return changes->options->rows_follow && !changes->options->rows_stay && old->forced &&
           same_field(new, old, "type") && !same_kind_of_type(new, old);
}

/* What the column holds in its new type; NULL where its values are given up. */
char *moved_value(struct changes *changes, const struct item *new, const struct item *old)
{
    bool same_type_name =
        same_field(new, old, "type"); /* labels that go do so from a type that has its own name still */
    const struct item *type = same_type_name ? replaced_enum(old) : NULL;
    const struct item *element = same_type_name ? replaced_element_enum(old) : NULL;
    bool replaced = changes->options->rows_follow && !changes->options->rows_stay;

    if (moves_with_extension(new, old)) {
        struct text name = {0};
        quote_identifier(&name, new->object->name);
        return text_take(&name);
    }
    char *array = replaced && element != NULL ? enum_array_expression(changes->scratch, old, element) : NULL;

    if (array != NULL)
        return array;
    if (!is_movable(changes, old))
        return NULL;
    if (is_reshaped_column(changes, old) && !loses_labels_inside(changes, old))
        return reshaped_value(changes, old, replaced && !is_in_unique_key(old));
    if (type != NULL && replaced && type->other->child_count > 0)
        return enum_expression(changes->scratch, old, type);
    if (loses_labels_inside(changes, old))
        return given_up_value(new, old);
    if (becomes_other_kind(changes, new, old))
        return given_up_value(new, old);
    /* A type that is made anew has its old name, and no cast from the one that it replaces. */
    bool same_name = same_field(new, old, "type") && old->forced;
    if (!same_name && is_given_up(changes, new))
        return given_up_value(new, old);
    return cast_expression(new->object->name, same_name ? "" : item_field(old, "type"), item_field(new, "type"));
}

/* A value of another order of attributes can be put together anew, but not inside of a range. Where main's values come
 * anyway nothing is lost. */
static bool check_movable(const struct changes *changes, const struct item *old, struct error *err)
{
    bool replaced = changes->options->rows_follow && !changes->options->rows_stay;

    if (is_movable(changes, old) || (replaced && !is_in_unique_key(old)))
        return true;
    error_set(err, ERROR_REFUSED, "column %s uses a composite type whose attributes are in another order than main's",
              old->object->identity);
    error_detail(err, "The column's type is %s.", item_field(old, "type"));
    return error_hint(err, "ALTER TYPE cannot move an attribute, and inside of ranges values would land "
                           "in the wrong ones. Make the type and the columns that use it anew on the stand-in.");
}

/* Is the expression the value's text? */
static bool is_text_expression(const char *expression)
{
    return strncmp(expression, "CASE ", 5) == 0 || strncmp(expression, "array_", 6) == 0;
}

/* through: the column whose ALTER TYPE reaches this one, be it a parent's. */
static void add_moved_fate(struct changes *changes, const struct item *new, const struct item *through,
                           const char *expression)
{
    const struct item *old = through->other;
    const char *type = item_field(new, "type"), *projected = projected_type(new);
    bool labels = expression != NULL && is_text_expression(expression);
    bool given_up = (is_given_up(changes, through) && !labels && !(old->forced && same_field(through, old, "type"))) ||
                    !is_movable(changes, old) || (loses_labels_inside(changes, old) && !labels) ||
                    becomes_other_kind(changes, through, old);
    bool merges = is_in_unique_key(old) && (labels || loses_attributes(old));
    cleanup(free_string) char *cast = NULL;

    if (labels) {
        projected = "text";
    } else if (expression != NULL && !given_up && strcmp(projected, type) != 0) {
        cast = cast_expression(new->object->name, item_field(old, "type"), projected);
        expression = cast;
    }
    struct column_fate *fate = fate_add(changes, new, expression, projected);
    fate->given_up = given_up || (merges && is_given_up(changes, through));
    fate->may_fail = merges;
    fate->may_fail |= !given_up && !labels && !moves_with_extension(through, old) &&
                      !same_field(through, old, "type") &&
                      (cast_may_fail(item_field(old, "type"), type) ||
                       (is_in_unique_key(old) && cast_may_merge(item_field(old, "type"), type)));
}

void add_reshaped_fate(struct changes *changes, const struct item *new, const struct item *old)
{
    if (!is_reshaped_column(changes, old))
        return;
    cleanup(free_string) char *value = reshaped_value(changes, old, false);
    if (value != NULL)
        fate_add(changes, new, value, "text");
}

/* USING takes no subquery, but functions: this one is the session's own, and of any type, since the old type may have
 * another name by then. */
static void append_text_value(struct text *sql, struct text *before, struct text *after, const struct item *new,
                              const char *expression)
{
    cleanup(text_free) struct text body = {0}, name = {0};

    if (strstr(expression, "(SELECT ") == NULL) {
        text_appendf(sql, "(%s)", expression);
        return;
    }
    quote_identifier(&name, new->object->name);
    text_appendf(&body, "SELECT %s", expression);
    text_appendf(before, "CREATE FUNCTION pg_temp.pgsyncer_moved(%s anyelement) RETURNS text LANGUAGE sql AS ",
                 name.data);
    quote_literal(before, body.data);
    text_append(before, ";\n");
    text_appendf(sql, "pg_temp.pgsyncer_moved(%s)", name.data);
    text_append(after, "DROP FUNCTION pg_temp.pgsyncer_moved(anyelement);\n");
}

/* In case that the old type must be gone before the new one is there: alteration->to_text is what comes before. */
static void set_way_by_text(struct arena *arena, struct alteration *alteration, const struct item *new,
                            const char *expression)
{
    cleanup(text_free) struct text to = {0}, from = {0}, name = {0}, value = {0}, after = {0};

    quote_identifier(&name, new->object->name);
    text_append(&to, alteration->to_text);
    if (expression != NULL && is_text_expression(expression))
        append_text_value(&value, &to, &after, new, expression);
    else
        text_append(&value, expression == NULL ? "NULL" : name.data);
    text_appendf(&to, "ALTER TABLE %s ALTER COLUMN %s TYPE text USING %s::text;\n%s", new->parent->object->identity,
                 name.data, value.data, after.length > 0 ? after.data : "");
    text_appendf(&from, "ALTER TABLE %s ALTER COLUMN %s TYPE %s", new->parent->object->identity, name.data,
                 item_field(new, "type"));
    if (!field_is(new, "collation", NULL))
        text_appendf(&from, " COLLATE %s", item_field(new, "collation"));
    text_appendf(&from, " USING %s::%s;\n", name.data, item_field(new, "type"));
    append_lost_settings(&from, new, NULL);
    alteration->to_text = arena_string(arena, to.data);
    alteration->from_text = arena_string(arena, from.data);
}

/* USING is not for foreign tables, nor for their parents: what stays there has the cast that the server knows. */
static bool reaches_foreign_table(const struct item *old)
{
    for (size_t i = 0; i < old->dependent_count; i++) {
        const struct item *child = old->dependents[i];

        if (is_child_of(child, old) && !is_gone(child) &&
            (child->object->class == CLASS_FOREIGN_TABLE || reaches_foreign_table(child)))
            return true;
    }
    return false;
}

/* Where main's is: once main's rows are there. */
static void set_not_null_later(struct changes *changes, struct item *new)
{
    cleanup(text_free) struct text later = {0};

    if (!field_is(new, "not_null", "true"))
        return;
    new->not_null_lost = new->not_null_set = true;
    set_not_null(&later, new);
    step_add(changes, STEP_ALTER, new, TIMING_AFTER, &later, "lock:ACCESS EXCLUSIVE;scan");
}

ALTERATION(alter_column_type)
{
    const char *new_type = item_field(new, "type");
    struct item *above = above_column(new);
    /* The parent's change reaches its children. */
    bool with_parent = above != NULL && above->other != NULL && !is_gone(above->other) &&
                       (above->other->forced || !same_type(above, above->other));
    if (!check_movable(changes, old, err))
        return false;
    cleanup(free_string) char *expression =
        with_parent ? moved_value(changes, above, above->other) : moved_value(changes, new, old);

    add_moved_fate(changes, new, with_parent ? above : new, expression);
    if (with_parent && expression == NULL && field_is(old, "not_null", "true")) { /* the parent's change drops it */
        if (field_is(above, "not_null", "false"))
            set_not_null_later(changes, new);
        new->not_null_lost = true;
    }
    if (with_parent || moves_with_extension(new, old)) {
        append_lost_settings(&alteration->sql, new, old);
        return true;
    }
    if (!field_is(old, "generated", NULL))
        template_expand(&alteration->sql, "ALTER TABLE %p ALTER COLUMN %n DROP EXPRESSION;", new, NULL, NULL);
    if (expression == NULL && (field_is(old, "not_null", "true") || is_not_null_below(old)))
        template_expand(&alteration->sql, "ALTER TABLE %p ALTER COLUMN %n DROP NOT NULL;", new, NULL, NULL);
    if (expression == NULL && field_is(old, "not_null", "true"))
        set_not_null_later(changes, new);
    /* The sequence of an identity column takes the new type along, if its bounds are within it. */
    if (identity_shrinks(new, old)) {
        append_within_bounds(&alteration->sql, new, old, "identity_", item_field(old, "identity_sequence"));
        template_expand(&alteration->sql,
                        "ALTER TABLE %p ALTER COLUMN %n SET START WITH %{identity_start} SET MINVALUE "
                        "%{identity_minimum} SET MAXVALUE %{identity_maximum};",
                        new, NULL, NULL);
    }
    if (expression == NULL && refuses_null(new)) {
        new_type = value_type(new);
        take_type_later(changes, new);
    }
    alteration->to_text = arena_string(changes->scratch, alteration->sql.length > 0 ? alteration->sql.data : "");
    cleanup(text_free) struct text value = {0}, after = {0};
    if (expression != NULL && is_text_expression(expression))
        append_text_value(&value, &alteration->sql, &after, new, expression);
    append_new_type(&alteration->sql, new, new_type);
    if (new->parent->object->class == CLASS_FOREIGN_TABLE) { /* the values lie elsewhere */
        text_append(&alteration->sql, ";\n");
        alteration->to_text = NULL;
        alteration->risks = "lock:ACCESS EXCLUSIVE";
        alteration->refers = true;
        return true;
    }
    if (expression == NULL)
        text_appendf(&alteration->sql, " USING NULL::%s;\n", new_type);
    else if (reaches_foreign_table(old->parent))
        text_append(&alteration->sql, ";\n");
    else if (is_text_expression(expression))
        text_appendf(&alteration->sql, " USING %s::%s;\n%s", value.data, new_type, after.length > 0 ? after.data : "");
    else
        text_appendf(&alteration->sql, " USING %s;\n", expression);
    append_lost_settings(&alteration->sql, new, old);
    set_way_by_text(changes->scratch, alteration, new, expression);
    alteration->risks = "lock:ACCESS EXCLUSIVE;rewrite";
    alteration->refers = true;
    return true;
}
