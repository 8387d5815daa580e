/* The order of steps around a table's row type: what has its rows in an expression, and columns that hold its rows. */
#include "plan/schema/stages.h"

/* --- Expressions --- */

/* What the part goes through waits for the one, which goes, and is waited for by the other, which comes. */
static void connect_part(const struct item *part, struct item *user, struct step *dropped_by)
{
    for (size_t i = 0; i <= part->alter_count; i++) {
        struct step *step = i < part->alter_count ? part->alters[i] : part->created_by;

        if (step == NULL || step->late)
            continue;
        step_prefers(step, dropped_by);
        if (user != NULL)
            step_prefers(user->created_by, step);
        for (size_t j = 0; user != NULL && j < user->alter_count; j++)
            if (user->alters[j]->refers && !user->alters[j]->detaches)
                step_prefers(user->alters[j], step);
    }
}

/* A child's column goes through what its parent's does. */
static void connect_parts(const struct item *type, struct item *user, struct step *dropped_by)
{
    for (size_t i = 0; i < type->child_count; i++)
        for (const struct item *part = type->children[i]; part != NULL; part = parents_column(part))
            if (part->object->class == CLASS_COLUMN || part->object->class == CLASS_ATTRIBUTE)
                connect_part(part, user, dropped_by);
}

static void connect_use(const struct item *holder, struct item *user, struct step *dropped_by)
{
    for (size_t i = 0; i < holder->depend_count; i++) {
        struct item *type = holder->depends[i], *new = target_of(type);

        if (type == holder->parent && holder->object->class == CLASS_ATTRIBUTE)
            continue;
        if (new->in_main && !is_created(new) &&
            (type->object->class == CLASS_TABLE || type->object->class == CLASS_FOREIGN_TABLE ||
             type->object->class == CLASS_COMPOSITE_TYPE))
            connect_parts(new, user, dropped_by);
        if (type->object->class == CLASS_DOMAIN)
            connect_use(type, user, dropped_by);
        for (size_t j = 0; type->object->class == CLASS_COMPOSITE_TYPE && j < type->child_count; j++)
            if (type->children[j]->object->class == CLASS_ATTRIBUTE)
                connect_use(type->children[j], user, dropped_by);
    }
}

void connect_row_type_uses(struct item *item)
{
    if (!item->object->uses_row_type)
        return;
    bool target = target_of(item) == item;
    if (item->dropped_by != NULL || target)
        connect_use(item, target ? item : NULL, item->dropped_by);
}

/* --- Columns that hold rows --- */

static void run_between(struct step *step, struct step *part, struct step *alter)
{
    if (step->late || step->attaches || step->detaches || step->timing > alter->timing)
        return;
    step_needs(step, part);
    step_needs(alter, step);
}

/* `part` makes the column text, `alter` takes the table's type again, once it has its columns. */
static void enclose_rewrite(const struct item *table, struct step *part, struct step *alter)
{
    const struct item *new = table->other;

    for (size_t i = 0; i < new->alter_count; i++)
        run_between(new->alters[i], part, alter);
    for (size_t i = 0; i < new->child_count; i++) {
        const struct item *column = new->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        /* A partition's column goes through what its parent's does. */
        for (; column != NULL; column = parents_column(column)) {
            if (column->created_by != NULL)
                run_between(column->created_by, part, alter);
            for (size_t j = 0; j < column->alter_count; j++)
                run_between(column->alters[j], part, alter);
        }
    }
    for (size_t i = 0; i < table->child_count; i++)
        if (table->children[i]->object->class == CLASS_COLUMN)
            step_needs(part, table->children[i]->dropped_by);
}

/* Of all tables whose rows the column, domain or attribute holds. *part: NULL until there is one. */
static void enclose_rewrites(struct changes *changes, const struct item *holder, struct step *alter, struct step **part)
{
    for (size_t i = 0; i < holder->depend_count && !changes->again; i++) {
        const struct item *type = holder->depends[i];

        if (type == holder->parent)
            continue;
        if (type->object->class == CLASS_DOMAIN)
            enclose_rewrites(changes, type, alter, part);
        for (size_t j = 0; type->object->class == CLASS_COMPOSITE_TYPE && j < type->child_count; j++)
            if (type->children[j]->object->class == CLASS_ATTRIBUTE)
                enclose_rewrites(changes, type->children[j], alter, part);
        if (type->object->class != CLASS_TABLE || is_gone(type))
            continue;
        if (*part == NULL)
            *part = hold_text(changes, alter);
        if (*part != NULL)
            enclose_rewrite(type, *part, alter);
    }
}

bool connect_row_types(struct changes *changes)
{
    for (size_t i = 0; i < changes->main_count && !changes->again; i++) {
        struct item *column = &changes->main[i], *old = column->other;
        struct step *alter = NULL, *part = NULL;

        if (column->object->class != CLASS_COLUMN || old == NULL || !old->forced || is_gone(old))
            continue;
        for (size_t j = 0; j < column->alter_count; j++)
            if (column->alters[j]->from_text != NULL)
                alter = column->alters[j];
        if (alter != NULL)
            enclose_rewrites(changes, old, alter, &part);
    }
    return !changes->again;
}
