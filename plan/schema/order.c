/* Puts the steps in the order of execution: one topological sort over what each needs. */
#include "plan/schema/rules.h"

#include "common/memory.h"

/* What order_steps() knows of each step, by its number. */
struct node {
    struct step *step;
    size_t waits_for;
    struct step **waiters;
    size_t waiter_count, waiter_capacity;
    bool done;
};

struct graph {
    struct node *nodes;
    size_t count;
    struct step **heap; /* those whose needs are met, the one to run next first */
    size_t heap_count;
};

/* --- What needs what --- */

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

/* step needs `needed` to be there, as it will be. An alter of it that comes in a later phase is not waited for. */
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
    }
}

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

/* What a parent's columns go through must reach a child that leaves it for a while and comes back. */
static void leave_after_columns(struct step *detach, const struct item *parent)
{
    for (size_t i = 0; i < parent->child_count; i++) {
        const struct item *column = parent->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        step_prefers(detach, column->dropped_by);
        for (size_t j = 0; column->other != NULL && j < column->other->alter_count; j++)
            if (column->other->alters[j]->timing <= detach->timing)
                step_prefers(detach, column->other->alters[j]);
    }
    for (size_t i = 0; i < parent->other->child_count; i++)
        if (parent->other->children[i]->object->class == CLASS_COLUMN)
            step_prefers(detach, parent->other->children[i]->created_by);
    for (size_t i = 0; i < parent->depend_count; i++)
        if (stays_child_of(parent, parent->depends[i]))
            leave_after_columns(detach, parent->depends[i]);
}

/* What a parent's columns go through would reach a child that leaves, unless that leaves first. */
static void connect_detach(const struct item *table, struct step *detach)
{
    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];

        if (stays_child_of(table, parent)) {
            leave_after_columns(detach, parent);
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

/* Parent and child have the same columns when they come together. */
static void connect_columns(const struct item *table, struct step *attach)
{
    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *column = table->children[i];

        if (column->object->class != CLASS_COLUMN)
            continue;
        step_needs(attach, column->created_by);
        for (size_t j = 0; j < column->alter_count; j++)
            if (!column->alters[j]->late)
                step_prefers(attach, column->alters[j]);
    }
    /* A trigger of the name that the parent's has would be in the way. */
    for (size_t i = 0; table->other != NULL && i < table->other->child_count; i++)
        if (table->other->children[i]->object->class == CLASS_COLUMN ||
            table->other->children[i]->object->class == CLASS_TRIGGER)
            step_needs(attach, table->other->children[i]->dropped_by);
}

/* Until a table is detached, its parent's triggers have their names there. */
static void connect_trigger(struct item *trigger)
{
    const struct item *table = trigger->parent;

    for (size_t i = 0; trigger->created_by != NULL && i < table->alter_count; i++)
        if (table->alters[i]->detaches)
            step_needs(trigger->created_by, table->alters[i]);
}

/*
 * A table that becomes a partition brings its own indexes and constraints, so that the server takes these and makes no
 * new ones. Not where parent and child are both new: then all are made later, as pg_dump does it.
 */
static void connect_attach(struct item *table, struct step *attach)
{
    bool parent_is_there = false;

    for (size_t i = 0; i < table->depend_count; i++) {
        if (!is_child_of(table, table->depends[i]))
            continue;
        parent_is_there |= !is_created(table->depends[i]);
        if (!is_created(table->depends[i]))
            connect_leavers(table->depends[i]->other, attach);
        connect_columns(table->depends[i], attach);
        for (size_t j = 0; j < table->depends[i]->child_count; j++)
            if (lacks_index(table, table->depends[i]->children[j]))
                step_needs(table->depends[i]->children[j]->created_by, attach);
    }
    connect_columns(table, attach);
    for (size_t i = 0; i < table->child_count; i++) {
        struct item *child = table->children[i];

        if (child->object->class != CLASS_CONSTRAINT && child->object->class != CLASS_INDEX)
            continue;
        bool check = field_is(child, "type", "check");
        if (field_is(child, "type", "foreign key") && inherited_from(child) != NULL)
            continue;
        if ((child->object->class == CLASS_INDEX || is_key(child)) && inherited_from(child) == NULL)
            step_needs(child->created_by, attach); /* it must not be taken for one that is to be attached */
        else if (check || ((parent_is_there || !is_created(table)) && is_whole_index(child)))
            connect_whole_index(child, attach);
        for (size_t j = 0; j < child->alter_count; j++)
            if (child->alters[j]->late)
                step_needs(child->alters[j], attach);
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

/* New columns and attributes come in main's order. */
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
        step_prefers(added[i]->created_by, added[i - 1]->created_by);
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
            if (above->alters[j]->timing <= item->alters[i]->timing)
                step_prefers(item->alters[i], above->alters[j]);
    if (item->object->class == CLASS_COLUMN && item->alter_count > 0 && item->other != NULL &&
        field_is(item, "generated", NULL) && !field_is(item->other, "generated", NULL))
        connect_plain_column(item);
    if (item->object->class == CLASS_TRIGGER)
        connect_trigger(item);
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

/* What a table's children inherit goes with it: from those that leave it, or go, only once they have. A column of a
 * partition's key cannot go at all before the partition has. */
static void go_after_leavers(struct step *drop, const struct item *table)
{
    for (size_t i = 0; i < table->dependent_count; i++) {
        const struct item *child = table->dependents[i];

        if (!is_child_of(child, table))
            continue;
        if (is_gone(child))
            step_prefers(drop, child->dropped_by);
        for (size_t j = 0; child->other != NULL && j < child->other->alter_count && !stays_child_of(child, table); j++)
            if (child->other->alters[j]->detaches)
                step_prefers(drop, child->other->alters[j]);
        go_after_leavers(drop, child);
    }
}

/* What hangs on a partitioned table's index or key goes with it, or with the partition, or, where the partition leaves
 * first, by itself: then before the index takes it along. */
static void connect_attached(struct step *drop, const struct item *below)
{
    if (below->dropped_by != NULL && below->dropped_by->item == below) {
        step_needs(drop, below->dropped_by);
        return;
    }
    for (size_t i = 0; i < below->dependent_count; i++)
        if (is_gone(below->dependents[i]) && inherited_from(below->dependents[i]) == below)
            connect_attached(drop, below->dependents[i]);
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
    /* A child's own column can go once it is not inherited any more. */
    const struct item *above = item->object->class == CLASS_COLUMN ? parents_column(item) : NULL;
    if (above != NULL)
        step_prefers(item->dropped_by, above->dropped_by);
    if ((item->object->class == CLASS_COLUMN || field_is(item, "type", "check")) && item->dropped_by->item == item)
        go_after_leavers(item->dropped_by, item->parent);
    above = inherited_from(item);
    if (above != NULL && is_gone(above) && stays_with_child(above) && item->dropped_by != above->dropped_by)
        step_needs(item->dropped_by, above->dropped_by);
    struct item *table = item->parent != NULL && !is_gone(item->parent) ? item->parent->other : NULL;
    for (size_t i = 0; table != NULL && i < table->alter_count; i++)
        if (table->alters[i]->detaches && item->dropped_by->item == item)
            step_needs(item->dropped_by, table->alters[i]);
        else if (table->alters[i]->detaches)
            step_needs(table->alters[i], item->dropped_by);
    for (size_t i = 0; i < item->depend_count; i++)
        go_before_alters(item, item->depends[i]);
    /* The owner of an identity column's sequence is the table's. */
    const struct item *target = item->parent;
    if (target != NULL && target->object->class == CLASS_IDENTITY_SEQUENCE)
        go_before_alters(item, target->parent->parent);
}

/* --- The sort --- */

static int class_rank(const struct step *step)
{
    int class = (int)step->item->object->class;

    return step->kind == STEP_DROP ? -class : class;
}

/* Which of two steps that are free to run runs first. Only names and kinds decide: the order is the same every time. */
static bool runs_first(const struct step *a, const struct step *b)
{
    if (a->timing != b->timing)
        return a->timing < b->timing;
    if ((a->kind == STEP_DROP) != (b->kind == STEP_DROP))
        return a->kind == STEP_DROP;
    if (class_rank(a) != class_rank(b))
        return class_rank(a) < class_rank(b);
    int names = strcmp(a->item->object->identity, b->item->object->identity);
    return names != 0 ? names < 0 : a->number < b->number;
}

static void heap_push(struct graph *graph, struct step *step)
{
    size_t at = graph->heap_count++;

    while (at > 0 && runs_first(step, graph->heap[(at - 1) / 2])) {
        graph->heap[at] = graph->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    graph->heap[at] = step;
}

static struct step *heap_pop(struct graph *graph)
{
    struct step *top = graph->heap[0], *last = graph->heap[--graph->heap_count];
    size_t at = 0;

    for (size_t child; (child = 2 * at + 1) < graph->heap_count; at = child) {
        if (child + 1 < graph->heap_count && runs_first(graph->heap[child + 1], graph->heap[child]))
            child++;
        if (!runs_first(graph->heap[child], last))
            break;
        graph->heap[at] = graph->heap[child];
    }
    graph->heap[at] = last;
    return top;
}

static void graph_begin(struct graph *graph, struct changes *changes)
{
    graph->count = changes->step_count;
    graph->nodes = allocate(graph->count + 1, sizeof *graph->nodes);
    graph->heap = allocate(graph->count + 1, sizeof *graph->heap);
    for (size_t i = 0; i < graph->count; i++)
        graph->nodes[i].step = changes->steps[i];
    for (size_t i = 0; i < graph->count; i++) {
        struct step *step = changes->steps[i];

        graph->nodes[i].waits_for = step->need_count;
        for (size_t j = 0; j < step->need_count; j++) {
            struct node *needed = &graph->nodes[step->needs[j].step->number];

            array_reserve((void **)&needed->waiters, &needed->waiter_capacity, needed->waiter_count + 1,
                          sizeof(struct step *));
            needed->waiters[needed->waiter_count++] = step;
        }
    }
}

static void graph_end(struct graph *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        free(graph->nodes[i].waiters);
    free(graph->nodes);
    free(graph->heap);
    *graph = (struct graph){0};
}

/* One pass in order of needs; into sorted. With `settle`, a step's timing becomes that of the latest it needs. Returns
 * how many steps came out: fewer than there are where there is a cycle. */
static size_t sort_pass(struct graph *graph, struct step **sorted, bool settle)
{
    size_t count = 0;

    for (size_t i = 0; i < graph->count; i++) {
        graph->nodes[i].done = false;
        graph->nodes[i].waits_for = graph->nodes[i].step->need_count;
        if (graph->nodes[i].waits_for == 0)
            heap_push(graph, graph->nodes[i].step);
    }
    while (graph->heap_count > 0) {
        struct step *step = heap_pop(graph);
        struct node *node = &graph->nodes[step->number];

        node->done = true;
        sorted[count++] = step;
        for (size_t i = 0; i < node->waiter_count; i++) {
            struct step *waiter = node->waiters[i];

            if (settle && waiter->timing < step->timing)
                waiter->timing = step->timing;
            if (--graph->nodes[waiter->number].waits_for == 0)
                heap_push(graph, waiter);
        }
    }
    return count;
}

/* A cycle among the steps that did not come out: follows needs until a step comes by twice. */
static size_t find_cycle(const struct graph *graph, struct step **cycle)
{
    struct step *step = NULL;
    size_t length = 0;
    cleanup(free_string) char *seen = (char *)allocate(graph->count + 1, 1);

    for (size_t i = 0; i < graph->count && step == NULL; i++)
        if (!graph->nodes[i].done)
            step = graph->nodes[i].step;
    while (step != NULL && !seen[step->number]) {
        struct step *next = NULL;

        seen[step->number] = 1;
        cycle[length++] = step;
        for (size_t i = 0; i < step->need_count && next == NULL; i++)
            if (!graph->nodes[step->needs[i].step->number].done)
                next = step->needs[i].step;
        step = next;
    }
    size_t start = 0;
    while (start < length && cycle[start] != step)
        start++;
    memmove(cycle, cycle + start, (length - start) * sizeof(struct step *));
    return length - start;
}

static bool cut_soft_need(struct step **cycle, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        struct step *step = cycle[i], *next = cycle[(i + 1) % length];
        bool hard = false, found = false;

        for (size_t j = 0; j < step->need_count; j++)
            if (step->needs[j].step == next) {
                hard |= !step->needs[j].soft;
                found = true;
            }
        if (!found || hard)
            continue;
        size_t kept = 0;
        for (size_t j = 0; j < step->need_count; j++)
            if (step->needs[j].step != next)
                step->needs[kept++] = step->needs[j];
        step->need_count = kept;
        return true;
    }
    return false;
}

static bool report_cycle(struct step **cycle, size_t length, struct error *err)
{
    static const char *const verbs[] = {[STEP_CREATE] = "create", [STEP_DROP] = "drop", [STEP_ALTER] = "alter"};
    cleanup(text_free) struct text members = {0};

    for (size_t i = 0; i < length; i++)
        text_appendf(&members, "%s%s %s %s", i > 0 ? " needs " : "", verbs[cycle[i]->kind],
                     class_name(cycle[i]->item->object->class), cycle[i]->item->object->identity);
    error_set(err, ERROR_INTERNAL, "the statements have no order: there is a cycle of %zu", length);
    return error_detail(err, "%s", members.data);
}

bool order_steps(struct changes *changes, struct error *err)
{
    for (size_t i = 0; i < changes->main_count; i++)
        connect_target(changes->scratch, &changes->main[i]);
    for (size_t i = 0; i < changes->standin_count; i++) {
        if (changes->standin[i].other == NULL)
            connect_target(changes->scratch, &changes->standin[i]);
        connect_standin(&changes->standin[i]);
    }
    connect_names(changes);

    struct step **sorted = arena_allocate(changes->scratch, changes->step_count, sizeof *sorted);
    struct graph graph = {0};
    bool ok = true;

    for (;;) {
        graph_begin(&graph, changes);
        if (sort_pass(&graph, sorted, true) == changes->step_count)
            break;
        size_t length = find_cycle(&graph, sorted);
        if (!cut_soft_need(sorted, length) && !split_cycle(changes, sorted, length)) {
            ok = report_cycle(sorted, length, err);
            break;
        }
        if (changes->again)
            break;
        graph_end(&graph);
    }
    if (ok && !changes->again) {
        sort_pass(&graph, sorted, false);
        for (size_t i = 0; i < changes->step_count; i++)
            changes->steps[i] = sorted[i];
    }
    graph_end(&graph);
    return ok;
}
