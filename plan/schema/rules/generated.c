/* Generated columns: what they will hold, and how they take another expression or stop to be generated. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/projection.h"
#include "plan/schema/rules/template.h"

#include "common/memory.h"
#include "common/quote.h"

struct stored_columns { /* what the columns of a table hold before the rows come */
    struct changes *changes;
    const struct item *table;
};

static char *null_of(const struct item *column)
{
    return format_string("NULL::%s", projected_type(column));
}

static char *stored_value(void *context, const char *quoted_name)
{
    const struct stored_columns *columns = context;

    for (size_t i = 0; i < columns->table->child_count; i++) {
        const struct item *column = columns->table->children[i];
        cleanup(text_free) struct text name = {0};

        if (column->object->class != CLASS_COLUMN)
            continue;
        quote_identifier(&name, column->object->name);
        if (strcmp(name.data, quoted_name) != 0)
            continue;
        if (is_created(column)) {
            const char *expression = initial_value_of(columns->changes, column).expression;
            return expression != NULL ? copy_string(expression) : null_of(column);
        }
        if (same_field(column, column->other, "type") && !column->other->forced)
            return NULL;
        char *moved = moved_value(columns->changes, column, column->other);
        return moved != NULL ? moved : null_of(column);
    }
    return NULL;
}

char *generated_value(struct changes *changes, const struct item *column)
{
    struct stored_columns columns = {changes, column->parent};

    return replace_columns(item_field(column, "generated"), stored_value, &columns);
}

/* A virtual column has no values to keep. */
bool generation_droppable(const struct item *new, const struct item *old)
{
    (void)new;
    return !field_is(old, "generated_kind", "virtual");
}

/* A column that stops being generated keeps its values; only then can they be cast. */
ALTERATION(drop_generation)
{
    (void)changes, (void)err;
    const struct item *above = parents_column(old);
    /* The parent's change reaches its children, and is the only one that may. */
    bool with_parent = above != NULL && stays_child_of(old->parent, above->parent) && above->other != NULL &&
                       !is_gone(above) && !field_is(above, "generated", NULL) &&
                       field_is(above->other, "generated", NULL);

    if (same_type(new, old) && !with_parent)
        template_expand(&alteration->sql, "ALTER TABLE %p ALTER COLUMN %n DROP EXPRESSION;", new, NULL, NULL);
    return true;
}

/* A child's own expression, where its parent's column stays as it is: nothing else would reach it. */
bool generation_settable(const struct item *new, const struct item *old)
{
    const struct item *above = parents_column(old);

    return above != NULL && above->other != NULL && stays_child_of(old->parent, above->parent) &&
           !field_is(old, "generated", NULL) && same_type(new, old) && same_field(new, old, "generated_kind") &&
           same_field(above, above->other, "generated") && same_field(above, above->other, "generated_kind");
}

static bool has_checks(const struct item *table)
{
    for (size_t i = 0; i < table->child_count; i++)
        if (table->children[i]->object->class == CLASS_CONSTRAINT && field_is(table->children[i], "type", "check"))
            return true;
    return false;
}

bool set_expression(const struct changes *changes, struct text *sql, const struct item *column, struct error *err)
{
    bool checked = has_checks(column->parent) || has_checks(column->parent->other);

    if (changes->standin_version < 170000 || (checked && field_is(column, "generated_kind", "virtual"))) {
        error_set(err, ERROR_REFUSED, "column %s, which its table inherits, cannot take main's expression",
                  column->object->identity);
        error_detail(err, "On main it is GENERATED ALWAYS AS (%s), and its parent's column is another one.",
                     item_field(column, "generated"));
        return error_hint(err, "SET EXPRESSION came with PostgreSQL 17, and is not for a virtual column of a table "
                               "with checks. Make the table anew on the stand-in.");
    }
    template_expand(sql, "ALTER TABLE ONLY %p ALTER COLUMN %n SET EXPRESSION AS (%{generated});", column, NULL, NULL);
    return true;
}

ALTERATION(set_generation)
{
    (void)old;
    bool stored = field_is(new, "generated_kind", "stored");
    cleanup(free_string) char *value = generated_value(changes, new);

    if (!set_expression(changes, &alteration->sql, new, err))
        return false;
    fate_add(changes, new, value, projected_type(new))->may_fail = stored;
    if (cannot_compute(changes, new))
        alteration->timing = TIMING_AFTER;
    alteration->risks = stored ? "lock:ACCESS EXCLUSIVE;rewrite" : "lock:ACCESS EXCLUSIVE";
    return true;
}
