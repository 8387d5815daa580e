/* CREATE TABLE with what belongs inside of it, and columns and defaults that join a table that is there. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/projection.h"
#include "plan/schema/rules/row_type.h"
#include "plan/schema/rules/template.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

static void append_generated(struct text *sql, const struct item *column)
{
    text_appendf(sql, " GENERATED ALWAYS AS (%s) %s", item_field(column, "generated"),
                 field_is(column, "generated_kind", "virtual") ? "VIRTUAL" : "STORED");
}

static void append_type(struct text *sql, const struct item *column, const char *type)
{
    quote_identifier(sql, column->object->name);
    text_appendf(sql, " %s", type);
    if (!field_is(column, "collation", NULL))
        text_appendf(sql, " COLLATE %s", item_field(column, "collation"));
}

/* --- CREATE TABLE --- */

static bool is_in_create(const struct item *table, const struct item *child)
{
    /* What an inheriting table has from its parents alone comes with INHERITS; a partition is attached later. */
    return field_is(table, "inherits", NULL) || !field_is(child, "inherited", "true");
}

static void append_column(struct text *sql, struct changes *changes, struct item *column, struct step *step)
{
    struct arena *arena = changes->scratch;
    struct item *value = default_of(column);

    append_type(sql, column, item_field(column, "type"));
    append_foreign_options(sql, arena, item_field(column, "foreign_options"));
    if (value != NULL && is_self_contained(value, column->parent)) {
        text_appendf(sql, " DEFAULT %s", item_field(value, "expression"));
        value->created_by = step;
    }
    const struct item *above = field_is(column->parent, "inherits", NULL) ? NULL : parents_column(column);
    if (!field_is(column, "generated", NULL) && (above == NULL || !same_field(column, above, "generated")))
        append_generated(sql, column);
    struct item *identity = identity_of(column);
    if (identity != NULL) {
        append_identity(sql, column);
        identity->created_by = step;
    }
    bool inherited = !field_is(column->parent, "inherits", NULL) && inherits_not_null(changes, column);
    if (is_not_null_at_once(column) && !inherited)
        append_not_null(sql, column);
}

/* PostgreSQL 18: NOT NULL of a column that its table has from its parents. */
static void append_own_not_null(struct text *sql, const struct item *column)
{
    text_append(sql, "CONSTRAINT ");
    quote_identifier(sql, not_null_name(column));
    text_append(sql, " NOT NULL ");
    quote_identifier(sql, column->object->name);
    if (field_is(column, "not_null_no_inherit", "true"))
        text_append(sql, " NO INHERIT");
}

static uint64_t position(const struct item *column)
{
    const char *value = item_field(column, "position");

    return value != NULL ? strtoull(value, NULL, 10) : 0;
}

static int by_position(const void *a, const void *b)
{
    uint64_t left = position(*(struct item *const *)a), right = position(*(struct item *const *)b);

    return left < right ? -1 : left > right;
}

static void append_columns(struct text *sql, struct changes *changes, struct item *table, struct step *step)
{
    struct item **columns = arena_allocate(changes->scratch, table->child_count, sizeof *columns);
    size_t count = 0, written = 0;

    for (size_t i = 0; i < table->child_count; i++)
        if (table->children[i]->object->class == CLASS_COLUMN)
            columns[count++] = table->children[i];
    if (count > 0)
        qsort(columns, count, sizeof *columns, by_position);
    for (size_t i = 0; i < count; i++) {
        bool in_create = is_in_create(table, columns[i]);

        columns[i]->created_by = step;
        if (!in_create && (field_is(columns[i], "not_null_name", NULL) || !is_not_null_at_once(columns[i])))
            continue;
        text_append(sql, written++ > 0 ? ",\n    " : "\n    ");
        if (in_create)
            append_column(sql, changes, columns[i], step);
        else
            append_own_not_null(sql, columns[i]);
    }
    for (size_t i = 0; i < table->child_count; i++) {
        struct item *check = table->children[i];

        if (check->object->class != CLASS_CONSTRAINT || !field_is(check, "type", "check"))
            continue;
        if (!is_in_create(table, check)) {
            check->created_by = step;
        } else if (field_is(check, "validated", "true") && is_self_contained(check, table)) {
            text_append(sql, written++ > 0 ? ",\n    " : "\n    ");
            text_append(sql, "CONSTRAINT ");
            quote_identifier(sql, check->object->name);
            text_appendf(sql, " %s", item_field(check, "definition"));
            check->created_by = step;
        }
    }
    text_append(sql, written > 0 ? "\n)" : ")");
}

static void append_inherits(struct text *sql, struct arena *arena, const struct item *table)
{
    const char **parents;
    size_t count;

    if (!array_text_parse(arena, item_field(table, "inherits"), &parents, &count))
        return;
    for (size_t i = 0; i < count; i++)
        text_appendf(sql, "%s%s", i == 0 ? "\nINHERITS (" : ", ", parents[i]);
    if (count > 0)
        text_append_char(sql, ')');
}

/* What an inheriting table's column has of its own. */
static void finish_inherited_column(struct text *sql, const struct item *column)
{
    const struct item *above = inherited_from(column);

    if (field_is(column, "not_null", "false") && is_not_null_above(column))
        template_expand(sql, "ALTER TABLE ONLY %p ALTER COLUMN %n DROP NOT NULL;", column, NULL, NULL);
    if (field_is(column, "not_null", "true") && field_is(column, "not_null_name", NULL) &&
        (above == NULL || !field_is(above, "not_null", "true")))
        template_expand(sql, "ALTER TABLE ONLY %p ALTER COLUMN %n SET NOT NULL;", column, NULL, NULL);
    if (default_of(column) == NULL && above != NULL && default_of(above) != NULL)
        template_expand(sql, "ALTER TABLE ONLY %p ALTER COLUMN %n DROP DEFAULT;", column, NULL, NULL);
}

CREATES(create_table)
{
    (void)replace, (void)err;
    const char *access_method = item_field(item, "access_method"), *tablespace = item_field(item, "tablespace");
    cleanup(text_free) struct text options = {0};

    text_appendf(sql, "CREATE %s%s %s (", field_is(item, "persistence", "unlogged") ? "UNLOGGED " : "",
                 class_keyword(item->object->class), item->object->identity);
    append_columns(sql, changes, item, step);
    append_inherits(sql, changes->scratch, item);
    if (!field_is(item, "partition_key", NULL))
        text_appendf(sql, "\nPARTITION BY %s", item_field(item, "partition_key"));
    if (access_method != NULL && changes->standin_version >= 120000) { /* before, heap is all there is */
        text_append(sql, "\nUSING ");
        quote_identifier(sql, access_method);
    }
    if (item->object->class == CLASS_FOREIGN_TABLE) {
        text_append(sql, "\nSERVER ");
        quote_identifier(sql, item_field(item, "server"));
        append_foreign_options(sql, changes->scratch, item_field(item, "options"));
    } else {
        append_storage_options(&options, changes->scratch, item_field(item, "options"), "", "\nWITH (");
    }
    append_storage_options(&options, changes->scratch, item_field(item, "toast_options"), "toast.",
                           options.length > 0 ? ", " : "\nWITH (");
    if (options.length > 0)
        text_appendf(sql, "%s)", options.data);
    if (tablespace != NULL) {
        text_append(sql, "\nTABLESPACE ");
        quote_identifier(sql, tablespace);
    }
    text_append(sql, ";\n");
    for (size_t i = 0; i < item->child_count; i++) {
        struct item *child = item->children[i];

        if (child->object->class == CLASS_COLUMN && !is_in_create(item, child))
            finish_inherited_column(sql, child);
    }
    return true;
}

/* --- ALTER TABLE … ADD COLUMN --- */

static bool comes_with_parent(const struct item *column, const struct item *above)
{
    return above != NULL && is_created(above) && !is_created(column->parent) && !is_created(above->parent) &&
           stays_child_of(column->parent->other, above->parent->other);
}

static void add_later(struct changes *changes, struct item *column, struct text *sql, const char *risks)
{
    step_add(changes, STEP_ALTER, column, TIMING_AFTER, sql, risks);
}

/* A column that the parent's ADD COLUMN makes has what the parent's has, until it gets what is its own. */
static bool finish_with_parent(struct changes *changes, struct item *column, const struct item *above,
                               const struct initial_value *initial, struct text *sql, struct error *err)
{
    struct item *value = default_of(column);
    cleanup(text_free) struct text later = {0};

    if (!field_is(column, "generated", NULL) && !same_field(column, above, "generated") &&
        !set_expression(changes, sql, column, err))
        return false;
    if (initial->by_default != NULL && value == NULL)
        template_expand(sql, "ALTER TABLE ONLY %p ALTER COLUMN %n DROP DEFAULT;", column, NULL, NULL);
    else if (initial->by_default != NULL && same_field(value, initial->by_default, "expression"))
        value->created_by = column->created_by;
    if (is_not_null_at_once(column) && (!field_is(above, "not_null", "true") || is_null_below(above))) {
        set_not_null(&later, column);
        add_later(changes, column, &later, "lock:ACCESS EXCLUSIVE;scan");
    }
    return true;
}

CREATES(create_column)
{
    (void)replace;
    struct item *above = parents_column(item), *identity = identity_of(item);
    struct item *first = item; /* whose ADD COLUMN makes it */
    bool generated = !field_is(item, "generated", NULL), not_null = is_not_null_at_once(item);
    bool at_once = !changes->options->rows_follow;

    for (struct item *next = above; comes_with_parent(first, next); next = parents_column(first))
        first = next;
    struct initial_value initial = initial_value_of(changes, first);
    if (generated) {
        cleanup(free_string) char *expression = generated_value(changes, item);
        struct column_fate *fate = fate_add(changes, item, expression, projected_type(item));
        fate->may_fail = !field_is(item, "generated_kind", "virtual");
        /* It fails for values that main does not have: it comes once main's are there. */
        if (cannot_compute(changes, first)) {
            if (!check_rewrite(item, err))
                return false;
            step->timing = TIMING_AFTER;
        }
    } else {
        fate_add(changes, item, initial.expression, projected_type(item));
    }
    if (first != item) {
        step_needs(step, above->created_by);
        return finish_with_parent(changes, item, above, &initial, sql, err);
    }
    template_expand(sql, "ALTER TABLE %p ADD COLUMN ", item, NULL, NULL);
    sql->data[--sql->length] = '\0'; /* the template's newline */
    append_type(sql, item, generated ? item_field(item, "type") : initial.as_type);
    append_foreign_options(sql, changes->scratch, item_field(item, "foreign_options"));
    bool by_update = !generated && initial.expression != NULL && has_row_type_users(item->parent->other);
    if (initial.by_default != NULL) {
        initial.by_default->created_by = step;
        if (!by_update)
            text_appendf(sql, " DEFAULT %s", item_field(initial.by_default, "expression"));
    }
    if (generated)
        append_generated(sql, item);
    if (identity != NULL && at_once) {
        append_identity(sql, item);
        identity->created_by = step;
    }
    if (by_update) {
        text_append(sql, ";\n");
        if (initial.by_default != NULL)
            template_expand(sql, "ALTER TABLE %p ALTER COLUMN %n SET DEFAULT %v;", item,
                            item_field(initial.by_default, "expression"), NULL);
        template_expand(sql, "UPDATE %p SET %n = DEFAULT;", item, NULL, NULL);
        if (not_null)
            set_not_null(sql, item);
        return true;
    }
    if (not_null && (at_once || generated || initial.expression != NULL) && !is_null_below(item)) {
        append_not_null(sql, item);
    } else if (not_null) {
        cleanup(text_free) struct text later = {0};
        set_not_null(&later, item);
        add_later(changes, item, &later, "lock:ACCESS EXCLUSIVE;scan");
    }
    text_append(sql, ";\n");
    if (!generated && strcmp(initial.as_type, item_field(item, "type")) != 0)
        take_type_later(changes, item);
    if (generated || (identity != NULL && at_once) ||
        (initial.by_default != NULL && !is_constant_expression(item_field(initial.by_default, "expression"))))
        step_risk(changes, step, "rewrite");
    return true;
}

CREATES(create_default)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "ALTER TABLE ONLY %P ALTER COLUMN %N SET DEFAULT %{expression};", item, NULL, NULL);
    return true;
}
