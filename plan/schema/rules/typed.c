/* Tables of a composite type (CREATE TABLE … OF): the table lets go of its type while either's columns change. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/template.h"

#include "common/memory.h"

static const struct item *type_of(const struct item *table)
{
    for (size_t i = 0; i < table->depend_count; i++)
        if (table->depends[i]->object->class == CLASS_COMPOSITE_TYPE &&
            field_is(table, "of_type", table->depends[i]->object->identity))
            return table->depends[i];
    return NULL;
}

bool type_of_table_changes(const struct item *table)
{
    const struct item *type = type_of(table);

    if (type == NULL || type->other == NULL)
        return false;
    if (is_gone(type) || is_reshaped(type))
        return true;
    for (size_t i = 0; i < type->child_count; i++) {
        const struct item *attribute = type->children[i];

        if (attribute->object->class == CLASS_ATTRIBUTE && attribute->other != NULL &&
            !(same_field(attribute, attribute->other, "type") && same_field(attribute, attribute->other, "collation")))
            return true;
    }
    return false;
}

ALTERATION(alter_of_type)
{
    (void)err;
    cleanup(text_free) struct text sql = {0};
    struct step *release = NULL;

    if (old == NULL) {
        if (!field_is(new, "of_type", NULL))
            template_expand(&alteration->sql, "ALTER TABLE %o OF %{of_type};", new, NULL, NULL);
        return true;
    }
    if (!field_is(old, "of_type", NULL)) {
        template_expand(&sql, "ALTER TABLE %o NOT OF;", new, NULL, NULL);
        release = step_add(changes, STEP_ALTER, new, TIMING_BEFORE, &sql, alteration->risks);
        release->refers = true;
        release->detaches = true;
    }
    if (!field_is(new, "of_type", NULL)) {
        template_expand(&sql, "ALTER TABLE %o OF %{of_type};", new, NULL, NULL);
        struct step *take = step_add(changes, STEP_ALTER, new, TIMING_BEFORE, &sql, alteration->risks);
        take->refers = true;
        take->late = true;
        take->attaches = true;
        step_needs(take, release);
    }
    return true;
}

/* --- Order --- */

static void connect_steps(const struct item *item, struct step *before, struct step *after)
{
    if (before != NULL) {
        step_needs(item->created_by, before);
        step_needs(item->dropped_by, before);
    }
    step_needs(after, item->created_by);
    step_needs(after, item->dropped_by);
    for (size_t i = 0; i < item->alter_count; i++) {
        if (before != NULL)
            step_needs(item->alters[i], before);
        step_needs(after, item->alters[i]);
    }
}

static void connect_type(const struct item *type, struct step *before, struct step *after)
{
    if (type == NULL)
        return;
    connect_steps(type, before, after);
    for (size_t i = 0; i < type->child_count; i++)
        if (type->children[i]->object->class == CLASS_ATTRIBUTE)
            connect_steps(type->children[i], before, after);
}

void connect_typed(struct item *table)
{
    struct step *release = NULL, *take = table->created_by;

    for (size_t i = 0; i < table->alter_count; i++) {
        if (table->alters[i]->detaches)
            release = table->alters[i];
        if (table->alters[i]->attaches)
            take = table->alters[i];
    }
    if (take == NULL && release == NULL)
        return;
    const struct item *old_type = release != NULL && table->other != NULL ? type_of(table->other) : NULL;
    connect_type(old_type, release, NULL);
    if (old_type != NULL)
        connect_type(old_type->other, release, NULL); /* which the table may not be of any more */
    connect_type(type_of(table), release, take);
    if (type_of(table) != NULL && type_of(table)->other != NULL && take != NULL)
        for (size_t i = 0; i < type_of(table)->other->child_count; i++)
            if (type_of(table)->other->children[i]->object->class == CLASS_ATTRIBUTE)
                step_needs(take, type_of(table)->other->children[i]->dropped_by);
}

/* --- The columns' order, which must be the type's --- */

static long position(const struct item *column)
{
    return strtol(item_field(column, "position"), NULL, 10);
}

/* Columns that stay keep their place, and new ones come after them: is that main's order? */
bool columns_fit_type(const struct item *new)
{
    long last_kept = 0, first_added = 0;

    if (field_is(new, "of_type", NULL))
        return true;
    for (size_t i = 0; i < new->child_count; i++) {
        const struct item *column = new->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        if (column->other == NULL) {
            first_added = first_added == 0 || position(column) < first_added ? position(column) : first_added;
            continue;
        }
        last_kept = position(column) > last_kept ? position(column) : last_kept;
        for (size_t j = 0; j < new->child_count; j++) {
            const struct item *second = new->children[j];

            if (second->object->class == CLASS_COLUMN && second->other != NULL && position(second) > position(column) &&
                position(second->other) < position(column->other))
                return false;
        }
    }
    return first_added == 0 || first_added > last_kept;
}
