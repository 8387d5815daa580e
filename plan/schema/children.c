/* What the steps of partitions and inheriting tables wait for, beyond what every step does: needs.c. */
#include "plan/schema/stages.h"

/* An index of a partitioned table is taken once it is whole: with those of all partitions attached. */
static void connect_whole_index(const struct item *index, struct step *attach)
{
    step_needs(attach, index->created_by);
    for (size_t i = 0; i < index->dependent_count; i++) {
        const struct item *below = index->dependents[i];

        if (inherited_from(below) != index)
            continue;
        for (size_t j = 0; j < below->alter_count; j++)
            if (below->alters[j]->late)
                step_needs(attach, below->alters[j]);
        connect_whole_index(below, attach);
    }
}

/* Partitions that go, or change their bounds, make room first. */
static void connect_leavers(const struct item *parent, struct step *attach)
{
    for (size_t i = 0; i < parent->dependent_count; i++) {
        const struct item *table = parent->dependents[i];

        if (!is_child_of(table, parent))
            continue;
        step_needs(attach, table->dropped_by);
        for (size_t j = 0; table->other != NULL && j < table->other->alter_count; j++)
            if (table->other->alters[j]->detaches)
                step_needs(attach, table->other->alters[j]);
    }
}

static bool is_gone_column(const struct item *table, const char *name)
{
    const struct item *column = column_named(table, name);

    return column != NULL && is_gone(column);
}

bool leaves_column(const struct item *table, const struct item *column)
{
    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];

        if (is_child_of(table, parent) && !stays_child_of(table, parent) &&
            column_named(parent, column->object->name) != NULL)
            return true;
    }
    return false;
}

/* A partition that is attached again, to the same parent, has what its columns go through from there: before it lets
 * go. A column that comes from two parents goes with the one that stays, once the other one is left. */
static void connect_reattached(const struct item *table, const struct item *parent, struct step *detach)
{
    for (size_t i = 0; i < parent->child_count; i++) {
        const struct item *column = parent->children[i];

        if (column->object->class == CLASS_COLUMN && leaves_column(table, column) &&
            is_gone_column(table, column->object->name))
            step_needs(column->dropped_by, detach);
        else if (column->object->class == CLASS_COLUMN)
            step_needs(detach, column->dropped_by);
    }
    for (size_t i = 0; i < parent->other->child_count; i++) {
        const struct item *column = parent->other->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        step_needs(detach, column->created_by);
        for (size_t j = 0; j < column->alter_count; j++)
            if (!column->alters[j]->late && column->alters[j]->timing <= detach->timing)
                step_prefers(detach, column->alters[j]);
    }
    for (size_t i = 0; i < parent->depend_count; i++)
        if (stays_child_of(parent, parent->depends[i]))
            connect_reattached(table, parent->depends[i], detach);
}

/* What a parent's columns go through would reach a child that leaves, unless that leaves first. */
void connect_detach(const struct item *table, struct step *detach)
{
    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];

        if (stays_child_of(table, parent)) {
            connect_reattached(table, parent, detach);
            continue;
        }
        for (size_t j = 0; is_child_of(table, parent) && j < parent->child_count; j++) {
            const struct item *column = parent->children[j];

            if (column->object->class != CLASS_COLUMN)
                continue;
            step_needs(column->dropped_by, detach);
            for (size_t k = 0; column->other != NULL && k < column->other->alter_count; k++)
                step_needs(column->other->alters[k], detach);
        }
        for (size_t j = 0; is_child_of(table, parent) && parent->other != NULL && j < parent->other->child_count; j++)
            if (parent->other->children[j]->object->class == CLASS_COLUMN)
                step_needs(parent->other->children[j]->created_by, detach);
    }
}

/* A child that is created has its parent's columns, whose changes after the rows reach it: it must be there for its own
 * rows. */
static void connect_change(struct step *change, struct step *attach)
{
    if (change->late)
        return;
    if (attach->kind == STEP_CREATE && change->timing > TIMING_BEFORE)
        step_prefers(change, attach);
    else
        step_prefers(attach, change);
}

/* Parent and child have the same columns when they come together. */
void connect_columns(const struct item *table, struct step *attach)
{
    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *column = table->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        step_needs(attach, column->created_by);
        for (size_t j = 0; j < column->alter_count; j++)
            connect_change(column->alters[j], attach);
    }
    /* What comes to it from its own parents. */
    for (size_t i = 0; table->other != NULL && i < table->depend_count; i++)
        if (table->depends[i]->other != NULL && stays_child_of(table->other, table->depends[i]->other))
            connect_columns(table->depends[i], attach);
    /* A trigger of the name that the parent's has would be in the way. */
    for (size_t i = 0; table->other != NULL && i < table->other->child_count; i++)
        if (table->other->children[i]->object->class == CLASS_COLUMN ||
            table->other->children[i]->object->class == CLASS_TRIGGER)
            step_needs(attach, table->other->children[i]->dropped_by);
}

/* Until a table is detached, its parent's triggers have their names there, and those that it has from its parents are
 * there again once it and they are attached. */
void connect_trigger(struct item *trigger)
{
    const struct item *table = trigger->parent;
    bool cloned = field_is(trigger, "cloned", "true");

    for (size_t i = 0; trigger->created_by != NULL && i < table->alter_count; i++)
        if (table->alters[i]->detaches)
            step_needs(trigger->created_by, table->alters[i]);
    const struct item *above = cloned ? cloned_from(trigger) : NULL;
    if (trigger->created_by != NULL && above != NULL) {
        step_needs(trigger->created_by, above->created_by);
        for (size_t i = 0; i < above->alter_count; i++)
            step_needs(trigger->created_by, above->alters[i]);
    }
    for (; trigger->created_by != NULL && cloned && table != NULL; table = partitioned_parent(table))
        for (size_t i = 0; i < table->alter_count; i++)
            if (table->alters[i]->attaches)
                step_needs(trigger->created_by, table->alters[i]);
}

/* One that comes back had its parent's changes before it left; the later ones reach it again. */
static void connect_return(const struct item *parent, struct step *attach)
{
    for (size_t i = 0; i < parent->child_count; i++) {
        const struct item *column = parent->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        step_needs(attach, column->created_by);
        for (size_t j = 0; j < column->alter_count; j++)
            if (!column->alters[j]->late && column->alters[j]->timing == TIMING_BEFORE)
                step_prefers(attach, column->alters[j]);
            else if (!column->alters[j]->late)
                step_prefers(column->alters[j], attach);
    }
    for (size_t i = 0; i < parent->depend_count; i++)
        if (is_child_of(parent, parent->depends[i]) && !is_created(parent->depends[i]))
            connect_return(parent->depends[i], attach);
}

/* Where a table that leaves its parent for a while has a check from there: the topmost one that brings it, once the
 * table is back. NULL where the table has its own. */
static struct item *check_for_returned(const struct item *check)
{
    struct item *above = NULL;

    for (; comes_with_parents(check); check = above)
        above = inherited_from(check);
    return above;
}

/* Of an index or key: is one above it made once its table is attached, which has another that may be taken for it? */
static bool is_below_rival(const struct item *index)
{
    for (const struct item *above = inherited_from(index); above != NULL; above = inherited_from(above))
        for (size_t i = 0; inherited_from(above) == NULL && above->created_by != NULL && i < above->parent->alter_count;
             i++)
            if (above->parent->alters[i]->attaches && has_rival(above->parent, above))
                return true;
    return false;
}

/* ATTACH gives a partition its parent's identity columns, but not the partitions that it has already. */
static bool takes_identity(const struct item *table)
{
    for (table = partitioned_parent(table); table != NULL; table = partitioned_parent(table))
        for (size_t i = 0; i < table->child_count; i++)
            if (!field_is(table->children[i], "identity", NULL))
                return true;
    return false;
}

static void connect_identity(const struct item *parent, struct step *attach)
{
    if (!takes_identity(parent))
        return;
    for (size_t i = 0; i < parent->alter_count; i++)
        if (parent->alters[i]->attaches)
            step_prefers(attach, parent->alters[i]);
}

/* What main lacks and stays, and could be taken for an index that is to be attached, comes back once it is. */
static void connect_kept_rivals(const struct item *table, struct step *attach)
{
    for (size_t i = 0; table->other != NULL && i < table->other->child_count; i++) {
        struct item *index = table->other->children[i];

        if (index->other == NULL && index->created_by != NULL && has_rival(table, index))
            step_needs(index->created_by, attach);
    }
}

/*
 * A table that becomes a partition brings its own indexes and constraints, so that the server takes these and makes no
 * new ones. Not where parent and child are both new: then all are made later, as pg_dump does it.
 */
void connect_attach(struct item *table, struct step *attach)
{
    bool parent_is_there = false;

    for (size_t i = 0; i < table->depend_count; i++) {
        if (!is_child_of(table, table->depends[i]))
            continue;
        parent_is_there |= !is_created(table->depends[i]);
        connect_identity(table->depends[i], attach);
        if (!is_created(table->depends[i]))
            connect_leavers(table->depends[i]->other, attach);
        if (!is_created(table) && !is_created(table->depends[i]) &&
            stays_child_of(table->other, table->depends[i]->other))
            connect_return(table->depends[i], attach);
        else
            connect_columns(table->depends[i], attach);
        for (size_t j = 0; j < table->depends[i]->child_count; j++)
            if (lacks_index(table, table->depends[i]->children[j]))
                step_needs(table->depends[i]->children[j]->created_by, attach);
    }
    connect_columns(table, attach);
    connect_kept_rivals(table, attach);
    for (size_t i = 0; i < table->child_count; i++) {
        struct item *child = table->children[i];

        if (child->object->class != CLASS_CONSTRAINT && child->object->class != CLASS_INDEX)
            continue;
        bool check = field_is(child, "type", "check");
        struct item *later = check ? check_for_returned(child) : NULL;
        if (field_is(child, "type", "foreign key"))
            continue;
        if (is_exclusion(child) && inherited_from(child) != NULL) {
            step_needs(child->created_by, attach);
            continue;
        }
        if (later != NULL)
            step_needs(later->created_by, attach);
        else if (check && merged_from(child) != NULL)
            step_needs(attach, child->created_by);
        else if ((child->object->class == CLASS_INDEX || is_key(child)) && inherited_from(child) == NULL &&
                 !has_rival(table, child))
            step_prefers(child->created_by, attach);
        else if ((child->object->class == CLASS_INDEX || is_key(child)) && inherited_from(child) == NULL)
            step_needs(child->created_by, attach); /* it must not be taken for one that is to be attached */
        else if (check ? inherited_from(child) != NULL
                       : (parent_is_there || !is_created(table)) && is_whole_index(child) && !is_below_rival(child))
            connect_whole_index(child, attach);
        for (size_t j = 0; j < child->alter_count; j++)
            if (child->alters[j]->late)
                step_needs(child->alters[j], attach);
    }
}

/* What a table's children inherit goes with it: from those that leave it, or go, only once they have. A column of a
 * partition's key cannot go at all before the partition has. */
void go_after_leavers(struct step *drop, const struct item *table)
{
    for (size_t i = 0; i < table->dependent_count; i++) {
        const struct item *child = table->dependents[i];

        if (!is_child_of(child, table))
            continue;
        if (is_gone(child))
            step_prefers(drop, child->dropped_by);
        for (size_t j = 0; child->other != NULL && !stays_child_of(child, table) && j < child->other->alter_count; j++)
            if (child->other->alters[j]->detaches)
                step_prefers(drop, child->other->alters[j]);
        go_after_leavers(drop, child);
    }
}

/* What hangs on a partitioned table's index or key goes with it, or with the partition, or, where the partition leaves
 * first, by itself: then before the index takes it along. */
void connect_attached(struct step *drop, const struct item *below)
{
    if (below->dropped_by != NULL && below->dropped_by->item == below) {
        step_needs(drop, below->dropped_by);
        return;
    }
    for (size_t i = 0; i < below->dependent_count; i++)
        if (is_gone(below->dependents[i]) && inherited_from(below->dependents[i]) == below)
            connect_attached(drop, below->dependents[i]);
}
