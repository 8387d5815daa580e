/* Finds what must go, or let go, because something that it hangs on goes or changes its type. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/projection.h"
#include "plan/schema/rules/row_type.h"
#include "plan/schema/stages.h"

#include "common/memory.h"

struct queue {
    struct item **items;
    size_t count, capacity;
};

static void push(struct queue *queue, struct item *item)
{
    if (item->queued)
        return;
    item->queued = true;
    array_reserve((void **)&queue->items, &queue->capacity, queue->count + 1, sizeof(struct item *));
    queue->items[queue->count++] = item;
}

/*
 * A view that moves from what goes to what comes: replaced in place it would need the new before the old is gone, and
 * the new may have to wait for the old one's name.
 */
static bool moves_to_new(const struct item *view)
{
    if (view->object->class != CLASS_VIEW)
        return false;
    for (size_t i = 0; i < view->other->depend_count; i++) {
        const struct item *needed = view->other->depends[i];

        if (needed->parent != view->other && is_created(needed))
            return true;
    }
    return false;
}

static const struct item *whole_of(const struct item *item)
{
    switch (item->object->class) {
    case CLASS_COLUMN:
    case CLASS_VIEW_COLUMN:
    case CLASS_ATTRIBUTE:
        return item->parent;
    default:
        return item;
    }
}

/* Will main's item hang on what takes the place of `needed`, or of what that is a part of? */
static bool hangs_on_successor(const struct item *item, const struct item *needed)
{
    const struct item *whole = whole_of(needed);

    for (size_t i = 0; i < item->depend_count; i++)
        if ((needed->other != NULL && item->depends[i] == needed->other) ||
            (is_gone(whole) && whole->other != NULL && whole_of(item->depends[i]) == whole->other))
            return true;
    return false;
}

/* Does the stand-in's item stop depending on `needed` when it is brought to main's definition? */
static bool lets_go(const struct item *item, const struct item *needed)
{
    struct difference difference;

    /* What can be altered of a constraint leaves it where it hangs. */
    if (item->other == NULL || item->object->class == CLASS_CONSTRAINT || moves_to_new(item))
        return false;
    if (hangs_on_successor(item->other, needed))
        return false;
    for (size_t position = 0; next_difference(item->other, item, &position, &difference);)
        if (difference.rule != NULL && difference.rule->refers)
            return true;
    return false;
}

static bool is_generated(const struct item *item)
{
    return item->object->class == CLASS_COLUMN && !field_is(item, "generated", NULL);
}

/* Does it hold rows, or values of them, that do not follow from anything else? */
static bool is_precious(const struct item *item)
{
    return class_rule(item->object->class)->precious && !is_generated(item);
}

/* Is the cause part of the table's partition key? Of what else a table depends on nothing is a function or the like. */
static bool is_in_key(const struct item *table, const struct item *cause)
{
    if (cause == NULL || table->object->class != CLASS_TABLE || field_is(table, "partition_key", NULL))
        return false;
    switch (cause->object->class) {
    case CLASS_FUNCTION:
    case CLASS_OPERATOR:
    case CLASS_OPERATOR_CLASS:
    case CLASS_COLLATION:
    case CLASS_CAST:
        return true;
    default:
        return false;
    }
}

/*
 * Of what main lacks, does this come back with what it belongs to? All of something that main lacks as a whole does; of
 * main's, not what only says something of it or is part of its definition, nor columns, whose values are gone.
 */
static bool comes_back(const struct item *item)
{
    const struct class_rule *rule = class_rule(item->object->class);

    if (item->parent == NULL || item->parent->fate != FATE_REBUILD)
        return false;
    return item->parent->other == NULL || !(rule->attribute || rule->with_parent || is_precious(item));
}

static void go(struct queue *queue, struct item *item, const struct item *cause)
{
    if (item->fate != FATE_KEEP)
        return;
    /* An attribute that is dropped and added would lose its values and come last: the whole type goes. */
    if (item->object->class == CLASS_ATTRIBUTE && item->parent != cause) {
        item = item->parent;
        if (item->fate != FATE_KEEP)
            return;
    }
    bool goes_with_parent = item->parent == cause;
    bool requires = item->object->class == CLASS_EXTENSION && cause != NULL && cause->object->class == CLASS_EXTENSION;
    if (is_precious(item) && !goes_with_parent && !requires && !is_in_key(item, cause)) {
        if (item->object->class == CLASS_COLUMN && !column_type_alterable(item->other, item)) {
            item->parent->fate = FATE_REBUILD;
            push(queue, item->parent);
        } else if (item->other != NULL && !item->forced) {
            item->forced = true;
            push(queue, item);
        }
        return;
    }
    item->fate = item->other != NULL || !goes_with_parent || comes_back(item) ? FATE_REBUILD : FATE_DROP;
    item->cause = cause;
    push(queue, item);
}

/* Does a dependent keep a column from changing its type? Plain indexes, checks and keys PostgreSQL rebuilds itself,
 * those of partitions under names of its own choice. */
static bool blocks_type_change(const struct item *dependent)
{
    switch (dependent->object->class) {
    case CLASS_CONSTRAINT:
        return field_is(dependent, "type", "foreign key") || (is_key(dependent) && inherited_from(dependent) != NULL);
    case CLASS_COLUMN:
        /* A generated one that main has as a plain one lets go: it keeps its values. */
        return is_generated(dependent) && (dependent->other == NULL || is_generated(dependent->other));
    case CLASS_INDEX:
        return inherited_from(dependent) != NULL;
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_SEQUENCE:
    case CLASS_IDENTITY_SEQUENCE:
    case CLASS_COMMENT:
    case CLASS_SECURITY_LABEL:
    case CLASS_GRANT:
        return false;
    case CLASS_STATISTICS: /* PostgreSQL makes them anew, and forgets their target */
        return !field_is(dependent, "statistics", NULL) ||
               (dependent->other != NULL && !field_is(dependent->other, "statistics", NULL));
    default:
        return true;
    }
}

/* What holds of the values that a column gives up may not hold until main's are there. */
static bool holds_of_values(const struct item *dependent)
{
    return dependent->object->class == CLASS_CONSTRAINT || is_unique_index(dependent);
}

static bool changes_type(const struct item *item)
{
    if (item->object->class != CLASS_COLUMN || item->fate != FATE_KEEP || item->other == NULL)
        return false;
    return item->forced || !same_field(item, item->other, "type") || !same_field(item, item->other, "collation");
}

static bool is_attached(const struct item *item)
{
    const struct item *above = item->object->class == CLASS_INDEX || is_key(item) ? inherited_from(item) : NULL;

    return above != NULL && stays_child_of(item->parent, above->parent);
}

/* Is the table made a partition in the course of the plan? */
static bool is_attached_anew(const struct item *new)
{
    const struct item *old = new->other;

    return new->object->class == CLASS_TABLE && !field_is(new, "partition_of", NULL) &&
           (old == NULL || is_gone(old) || old->forced || !same_field(new, old, "partition_of") ||
            !same_field(new, old, "partition_bound"));
}

/* A partition that leaves must hold no row that a foreign key refers to through its parents. */
static void release_references(struct queue *queue, const struct item *partition)
{
    for (const struct item *parent = partition; (parent = partitioned_parent(parent)) != NULL;)
        for (size_t i = 0; i < parent->child_count; i++)
            for (size_t j = 0; is_key(parent->children[i]) && j < parent->children[i]->dependent_count; j++)
                if (field_is(parent->children[i]->dependents[j], "type", "foreign key"))
                    go(queue, parent->children[i]->dependents[j], partition);
}

static void release_clones(struct queue *queue, const struct item *partition, const char *name);

static void release_clones_below(struct queue *queue, const struct item *table, const char *name)
{
    for (size_t i = 0; i < table->dependent_count; i++)
        if (is_child_of(table->dependents[i], table))
            release_clones(queue, table->dependents[i], name);
}

/* What a partition, and those below it, have from parents' triggers, or from the one of this name: it goes with a table
 * or trigger above, and comes back with the state that it has there. */
static void release_clones(struct queue *queue, const struct item *partition, const char *name)
{
    for (size_t i = 0; i < partition->child_count; i++) {
        struct item *trigger = partition->children[i];

        if (trigger->object->class == CLASS_TRIGGER && field_is(trigger, "cloned", "true") &&
            (name == NULL || strcmp(trigger->object->name, name) == 0))
            go(queue, trigger, partition);
    }
    release_clones_below(queue, partition, name);
}

static void release_partition(struct queue *queue, const struct item *partition)
{
    release_references(queue, partition);
    release_clones(queue, partition, NULL);
}

/* ATTACH gives the table every index of its parent. Those that it has not in main are made after it, ON ONLY the
 * parent. */
static void release_partial_indexes(struct queue *queue, const struct item *table)
{
    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];

        for (size_t j = 0; is_child_of(table, parent) && j < parent->child_count; j++)
            if (parent->children[j]->other != NULL && lacks_index(table, parent->children[j]))
                go(queue, parent->children[j]->other, NULL);
    }
}

/* What has the table's rows in an expression, be it within other types, goes before it is rewritten. With `columns`,
 * those that hold its rows let go meanwhile. */
static void release_row_type(struct queue *queue, const struct item *type, const struct item *table, bool columns)
{
    for (size_t i = 0; i < type->dependent_count; i++) {
        struct item *dependent = type->dependents[i];

        if (dependent->object->uses_row_type)
            go(queue, dependent, dependent->parent == table ? NULL : table);
        if (dependent->parent == type)
            continue;
        if (dependent->object->class == CLASS_COLUMN && columns)
            go(queue, dependent, table);
        else if (dependent->object->class == CLASS_DOMAIN)
            release_row_type(queue, dependent, table, columns);
        else if (dependent->object->class == CLASS_ATTRIBUTE)
            release_row_type(queue, dependent->parent, table, columns);
    }
}

/* A foreign table goes and comes back where its parent's column takes another type by USING, which is not for it. */
static bool must_leave(const struct item *column)
{
    const struct item *above = parents_column(column);

    return column->parent->object->class == CLASS_FOREIGN_TABLE && above != NULL && changes_type(above) &&
           (column->forced || !cast_is_implied(item_field(column, "type"), item_field(column->other, "type")));
}

/* What main lacks of a table that leaves is its own once it has left: an index, or what the server made from a key. */
static bool stays_when_left(const struct item *below, const struct item *above)
{
    return below->other == NULL && inherited_from(below) == above && below->parent->other != NULL &&
           !is_gone(below->parent) && !stays_child_of(below->parent, above->parent);
}

static void close_item(const struct changes *changes, struct queue *queue, struct item *item)
{
    bool gone = is_gone(item), type_changes = changes_type(item);
    bool given_up = type_changes && (is_given_up(changes, item->other) || loses_labels_inside(changes, item));

    for (size_t i = 0; i < item->dependent_count; i++) {
        struct item *dependent = item->dependents[i];

        if (gone ? dependent->parent == item || (!lets_go(dependent, item) && !stays_when_left(dependent, item))
                 : (type_changes && blocks_type_change(dependent)) || (given_up && holds_of_values(dependent)))
            go(queue, dependent, item);
    }
    if (type_changes)
        release_row_type(queue, item->parent, item->parent, true);
    if (type_changes && must_leave(item))
        go(queue, item->parent, item);
    if (item->other != NULL && is_attached_anew(item->other))
        release_partial_indexes(queue, item->other);
    if (leaves_parent(item))
        release_partition(queue, item);
    if (gone && item->object->class == CLASS_TRIGGER)
        release_clones_below(queue, item->parent, item->object->name);
    /* A partition's index, and what else PostgreSQL made from the parent's, cannot go alone. */
    struct item *above = gone ? inherited_from(item) : NULL;
    if (above != NULL && above->fate == FATE_KEEP && item->parent->fate == FATE_KEEP &&
        (item->fate == FATE_REBUILD || is_attached(item)))
        go(queue, above, item);
    if (above != NULL && is_key_on_index(item) && stays_child_of(item->parent, above->parent))
        go(queue, item->parent, item);
}

void close_rebuilds(struct changes *changes)
{
    struct queue queue = {0};

    for (size_t i = 0; i < changes->standin_count; i++)
        if (is_gone(&changes->standin[i]) || changes_type(&changes->standin[i]))
            push(&queue, &changes->standin[i]);
        else if (is_reformed(&changes->standin[i]) || is_rewritten(changes, &changes->standin[i]))
            release_row_type(&queue, &changes->standin[i], &changes->standin[i],
                             is_rewritten(changes, &changes->standin[i]));
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *item = &changes->standin[i];

        if (leaves_parent(item))
            release_partition(&queue, item);
        if (item->object->class == CLASS_TRIGGER && item->other != NULL && !same_field(item, item->other, "enabled"))
            release_clones_below(&queue, item->parent, item->object->name); /* the new state reaches them */
    }
    for (size_t i = 0; i < changes->main_count; i++)
        if (is_attached_anew(&changes->main[i]))
            release_partial_indexes(&queue, &changes->main[i]);
    for (size_t i = 0; i < queue.count; i++) {
        close_item(changes, &queue, queue.items[i]);
        queue.items[i]->queued = false; /* it may come again: forced first, gone later */
    }
    free(queue.items);
}
