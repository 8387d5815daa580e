/* What every step needs: steps that run before it. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/stages.h"

#include "common/memory.h"

static bool depends_on(const struct item *item, const struct item *needed)
{
    for (size_t i = 0; i < item->depend_count; i++)
        if (item->depends[i] == needed)
            return true;
    return false;
}

/* A domain is there with its checks, a composite type with its attributes. */
static void wait_for_parts(struct step *step, const struct item *type)
{
    if (type->object->class != CLASS_DOMAIN && type->object->class != CLASS_COMPOSITE_TYPE)
        return;
    for (size_t i = 0; i < type->child_count; i++) {
        const struct item *part = type->children[i];

        if (part->created_by == NULL || part == step->item || part->created_by->timing > step->timing)
            continue;
        if (part->object->class == CLASS_ATTRIBUTE || part->object->class == CLASS_CONSTRAINT)
            step_prefers(step, part->created_by);
    }
}

/* A column's type, or its parent's, may come after the rows. */
static void wait_for_type(struct step *step, const struct item *column)
{
    for (; column != NULL; column = parents_column(column))
        for (size_t i = 0; i < column->alter_count; i++)
            if (column->alters[i]->retypes)
                step_prefers(step, column->alters[i]);
}

/* step needs `needed` to be there, as it will be. Of alters of it that come in a later phase, only those that give a
 * column its type are waited for. */
static void wait_for_item(struct step *step, struct item *needed)
{
    for (struct item *target = target_of(needed); target != NULL; target = target->parent) {
        step_needs(step, target->shell != NULL && depends_on(target, step->item) ? target->shell : target->created_by);
        wait_for_parts(step, target);
        for (size_t i = 0; i < target->alter_count; i++) {
            struct step *alter = target->alters[i];

            if (!alter->late && alter->timing <= step->timing)
                step_prefers(step, alter);
        }
        if (target->object->class == CLASS_COLUMN)
            wait_for_type(step, target);
    }
}

/* A column that is no longer generated lets go of those that change their types. */
static void connect_plain_column(const struct item *new)
{
    for (size_t i = 0; i < new->other->depend_count; i++) {
        const struct item *base = new->other->depends[i];

        for (size_t j = 0; base->other != NULL && base->object->class == CLASS_COLUMN && j < base->other->alter_count;
             j++)
            for (size_t k = 0; k < new->alter_count; k++)
                if (new->alters[k]->refers)
                    step_prefers(base->other->alters[j], new->alters[k]);
    }
}

static bool goes_with_swapped(const struct item *old)
{
    return old->dropped_by != NULL && old->dropped_by->item->swapped;
}

/*
 * What is rebuilt goes before it comes, but for a type that columns move from: what else hangs on it, goes first. Such
 * a type's labels, comment and grants go with it, and are in nobody's way.
 */
static void connect_rebuild(struct step *created_by, struct item *old)
{
    if (old->dropped_by->item != old && goes_with_swapped(old))
        return;
    if (!old->swapped) {
        step_needs(created_by, old->dropped_by);
        return;
    }
    step_needs(old->dropped_by, created_by);
    for (size_t i = 0; i < old->dependent_count; i++)
        if (is_gone(old->dependents[i]) && old->dependents[i]->dropped_by != old->dropped_by &&
            !goes_with_swapped(old->dependents[i]))
            step_needs(created_by, old->dependents[i]->dropped_by);
}

/* A materialized view is filled after those that it reads, be it through views. */
static void connect_refresh(struct step *refresh, struct item *item, size_t walk)
{
    if (item->visited == walk)
        return;
    item->visited = walk;
    for (size_t i = 0; i < item->depend_count; i++) {
        struct item *needed = target_of(item->depends[i]);

        if (needed->object->class == CLASS_VIEW_COLUMN)
            needed = needed->parent;
        if (needed->object->class == CLASS_MATERIALIZED_VIEW)
            step_prefers(refresh, needed->refreshed_by);
        if (needed->object->class == CLASS_MATERIALIZED_VIEW || needed->object->class == CLASS_VIEW)
            connect_refresh(refresh, needed, walk);
    }
}

static void wait_for_sequence(struct step *step, const struct item *sequence)
{
    step_needs(step, sequence->created_by);
    for (size_t i = 0; i < sequence->alter_count; i++)
        step_needs(step, sequence->alters[i]);
}

static bool has_place(const struct item *item)
{
    return (item->object->class == CLASS_COLUMN || item->object->class == CLASS_ATTRIBUTE) &&
           item->created_by != NULL && item->created_by->item == item;
}

static int by_position(const void *a, const void *b)
{
    long left = strtol(item_field(*(struct item *const *)a, "position"), NULL, 10);
    long right = strtol(item_field(*(struct item *const *)b, "position"), NULL, 10);

    return left < right ? -1 : left > right;
}

/* New columns and attributes come in main's order; none waits until after the rows for that. */
static void connect_positions(struct arena *arena, const struct item *parent)
{
    struct item **added = arena_allocate(arena, parent->child_count, sizeof(struct item *));
    size_t count = 0;

    for (size_t i = 0; i < parent->child_count; i++)
        if (has_place(parent->children[i]))
            added[count++] = parent->children[i];
    if (count > 0)
        qsort(added, count, sizeof(struct item *), by_position);
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0; j--) {
            if (added[j - 1]->created_by->timing > added[i]->created_by->timing)
                continue;
            step_prefers(added[i]->created_by, added[j - 1]->created_by);
            break;
        }
}

/* Children that have the column already have it in its type when it comes to their parent. */
static void connect_children(const struct item *column)
{
    for (size_t i = 0; i < column->parent->dependent_count; i++) {
        const struct item *child = column->parent->dependents[i];
        const struct item *own = is_child_of(child, column->parent) ? column_named(child, column->object->name) : NULL;

        for (size_t j = 0; own != NULL && j < own->alter_count; j++)
            if (!own->alters[j]->late && own->alters[j]->timing <= column->created_by->timing)
                step_prefers(column->created_by, own->alters[j]);
    }
}

/* A logged table references no unlogged one, be it for a moment. */
static void connect_persistence(const struct item *foreign_key)
{
    struct item *table = foreign_key->parent;

    if (table->other == NULL || same_field(table, table->other, "persistence"))
        return;
    for (size_t i = 0; i < foreign_key->depend_count; i++) {
        struct item *referenced = foreign_key->depends[i]->parent;

        if (referenced == NULL || referenced == table || referenced->other == NULL ||
            referenced->object->class != CLASS_TABLE || same_field(referenced, referenced->other, "persistence"))
            continue;
        struct item *first = field_is(table, "persistence", "permanent") ? referenced : table;
        struct item *second = first == table ? referenced : table;
        for (size_t j = 0; j < second->alter_count; j++)
            for (size_t k = 0; k < first->alter_count; k++)
                step_prefers(second->alters[j], first->alters[k]);
    }
}

static void connect_target(struct arena *arena, struct item *item)
{
    for (size_t i = 0; i < item->depend_count; i++) {
        /* A column that owns a sequence may have its default from it: it is made the owner later. */
        bool owner = item->object->class == CLASS_SEQUENCE && item->depends[i]->object->class == CLASS_COLUMN;
        if (item->created_by != NULL && !owner)
            wait_for_item(item->created_by, item->depends[i]);
        for (size_t j = 0; j < item->alter_count; j++)
            if (item->alters[j]->refers && !item->alters[j]->detaches)
                wait_for_item(item->alters[j], item->depends[i]);
    }
    /* What a parent's column goes through reaches its children; theirs come after. */
    struct item *above = item->alter_count > 0 && item->object->class == CLASS_COLUMN ? parents_column(item) : NULL;
    for (size_t i = 0; i < item->alter_count && above != NULL; i++)
        for (size_t j = 0; j < above->alter_count; j++)
            if (above->alters[j]->timing <= item->alters[i]->timing && !item->alters[i]->before_parents)
                step_prefers(item->alters[i], above->alters[j]);
    if (item->object->class == CLASS_COLUMN)
        connect_not_null(item);
    if (item->object->class == CLASS_COLUMN && item->alter_count > 0 && item->other != NULL &&
        field_is(item, "generated", NULL) && !field_is(item->other, "generated", NULL))
        connect_plain_column(item);
    if (has_place(item) && item->object->class == CLASS_COLUMN)
        connect_children(item);
    if (item->object->class == CLASS_TRIGGER)
        connect_trigger(item);
    if (field_is(item, "type", "foreign key") && !is_created(item))
        connect_persistence(item);
    /* What is said of an identity column's sequence by its name comes once it is there and is called so. */
    for (size_t i = 0; item->object->class == CLASS_IDENTITY_SEQUENCE && i < item->parent->alter_count; i++)
        if (item->parent->alters[i]->timing == TIMING_FINISH)
            wait_for_sequence(item->parent->alters[i], item);
    if (item->refreshed_by != NULL)
        connect_refresh(item->refreshed_by, item, item->refreshed_by->number + 1);
    for (size_t j = 0; j < item->alter_count; j++) {
        step_needs(item->alters[j], item->created_by);
        if (item->alters[j]->attaches)
            connect_attach(item, item->alters[j]);
        if (item->alters[j]->detaches && item->other != NULL)
            connect_detach(item->other, item->alters[j]);
    }
    if (item->object->class == CLASS_TABLE)
        connect_typed(item);
    /* CREATE TABLE … INHERITS takes the parents' columns as they are. */
    for (size_t i = 0; i < item->depend_count && item->created_by != NULL; i++)
        if (!field_is(item, "inherits", NULL) && is_child_of(item, item->depends[i]))
            connect_columns(item->depends[i], item->created_by);
    if (item->object->class == CLASS_COMPOSITE_TYPE || item->object->class == CLASS_TABLE)
        connect_positions(arena, item);
    if (item->shell != NULL) {
        for (size_t i = 0; i < item->depend_count; i++)
            if (!depends_on(item->depends[i], item))
                wait_for_item(item->shell, item->depends[i]);
        step_needs(item->shell, item->in_main && item->other != NULL ? item->other->dropped_by : NULL);
    }
    struct item *old = item->in_main ? item->other : item;
    if (old == NULL)
        old = item->replaces;
    if (old != NULL && old->dropped_by != NULL && item->created_by != NULL)
        connect_rebuild(item->created_by, old);
}

static void go_before_alters(const struct item *item, const struct item *needed)
{
    const struct item *new = needed->other;

    for (size_t i = 0; new != NULL && !is_gone(needed) && i < new->alter_count; i++) {
        if (new->alters[i]->late || new->alters[i]->detaches)
            continue;
        /* A column with an identity is an integer, and not NULL. */
        if (item->object->class == CLASS_IDENTITY_SEQUENCE && needed == item->parent)
            step_needs(new->alters[i], item->dropped_by);
        else
            step_prefers(new->alters[i], item->dropped_by);
    }
}

/* What a parent's column goes through reaches the child's, on which the item hangs. */
static void go_before_parents_alters(const struct item *item, const struct item *column)
{
    const struct item *above = column->object->class == CLASS_COLUMN ? parents_column(column) : NULL;

    if (above == NULL || !stays_child_of(column->parent, above->parent))
        return;
    go_before_alters(item, above);
    go_before_parents_alters(item, above);
}

/* A foreign table takes no part in what its parents' columns go through by USING. */
static void leave_before_alters(const struct item *foreign_table, const struct item *table)
{
    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];

        if (!is_child_of(table, parent))
            continue;
        for (size_t j = 0; j < parent->child_count; j++)
            if (parent->children[j]->object->class == CLASS_COLUMN)
                go_before_alters(foreign_table, parent->children[j]);
        leave_before_alters(foreign_table, parent);
    }
}

/* Does the table leave its parents only to come back? Then their columns' changes reach it first. */
static bool comes_back(const struct item *table)
{
    for (size_t i = 0; i < table->depend_count; i++)
        if (stays_child_of(table, table->depends[i]))
            return true;
    return false;
}

/* Whoever depends on what goes must go, or let go, first. What depends on something altered goes before the altering.
 */
static void connect_standin(struct item *item)
{
    if (item->dropped_by == NULL)
        return;
    for (size_t i = 0; i < item->dependent_count; i++) {
        struct item *dependent = item->dependents[i];

        if (is_gone(dependent)) {
            if (inherited_from(dependent) == item)
                connect_attached(item->dropped_by, dependent);
            else
                step_needs(item->dropped_by, dependent->dropped_by);
        } else if (dependent->other != NULL) {
            for (size_t j = 0; j < dependent->other->alter_count; j++) {
                struct step *alter = dependent->other->alters[j];

                if (alter->refers && !alter->late)
                    step_needs(item->dropped_by, alter);
            }
        }
    }
    if (item->object->class == CLASS_FOREIGN_TABLE && item->dropped_by->item == item)
        leave_before_alters(item, item);
    /* A child's own column can go once it is not inherited any more. */
    const struct item *above = item->object->class == CLASS_COLUMN ? parents_column(item) : NULL;
    if (above != NULL)
        step_prefers(item->dropped_by, above->dropped_by);
    if ((item->object->class == CLASS_COLUMN || field_is(item, "type", "check")) && item->dropped_by->item == item)
        go_after_leavers(item->dropped_by, item->parent);
    above = merged_from(item);
    if (above != NULL && item->dropped_by->item == item && stays_child_of(item->parent, above->parent))
        step_needs(item->dropped_by, above->dropped_by);
    above = inherited_from(item);
    if (above != NULL && is_gone(above) && stays_with_child(above) && item->dropped_by != above->dropped_by)
        step_needs(item->dropped_by, above->dropped_by);
    struct item *table = item->parent != NULL && !is_gone(item->parent) ? item->parent->other : NULL;
    for (size_t i = 0; table != NULL && i < table->alter_count; i++)
        if (table->alters[i]->detaches && item->dropped_by->item == item && inherited_from(item) != NULL)
            step_needs(item->dropped_by, table->alters[i]);
        else if (table->alters[i]->detaches && item->dropped_by->item == item && !comes_back(item->parent))
            step_prefers(item->dropped_by, table->alters[i]);
        else if (table->alters[i]->detaches && item->dropped_by->item != item &&
                 !(stays_child_of(item->parent, item->dropped_by->item->parent) && leaves_column(item->parent, item)))
            step_needs(table->alters[i], item->dropped_by);
    for (size_t i = 0; i < item->depend_count; i++) {
        go_before_alters(item, item->depends[i]);
        go_before_parents_alters(item, item->depends[i]);
    }
    /* The owner of an identity column's sequence is the table's. */
    const struct item *target = item->parent;
    if (target != NULL && target->object->class == CLASS_IDENTITY_SEQUENCE)
        go_before_alters(item, target->parent->parent);
}

bool connect_needs(struct changes *changes)
{
    for (size_t i = 0; i < changes->main_count; i++)
        connect_target(changes->scratch, &changes->main[i]);
    for (size_t i = 0; i < changes->main_count; i++)
        connect_row_type_uses(&changes->main[i]);
    for (size_t i = 0; i < changes->standin_count; i++) {
        if (changes->standin[i].other == NULL)
            connect_target(changes->scratch, &changes->standin[i]);
        connect_standin(&changes->standin[i]);
        connect_row_type_uses(&changes->standin[i]);
    }
    connect_names(changes);
    return connect_row_types(changes);
}
