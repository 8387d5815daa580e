/* Puts the steps in the order of execution: one topological sort over what each needs. */
#include "plan/schema/stages.h"

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
    struct step **sorted; /* what comes out */
};

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
    graph->sorted = allocate(graph->count + 1, sizeof *graph->sorted);
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
    free(graph->sorted);
    *graph = (struct graph){0};
}

/* One pass in order of needs. With `settle`, a step's timing becomes that of the latest it needs. Returns
 * how many steps came out: fewer than there are where there is a cycle. */
static size_t sort_pass(struct graph *graph, bool settle)
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
        graph->sorted[count++] = step;
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
    struct graph graph = {0};
    bool ok = true;

    if (!connect_needs(changes))
        return true;
    split_recursive(changes);
    for (;;) {
        graph_begin(&graph, changes);
        if (sort_pass(&graph, true) == graph.count)
            break;
        struct step **cycle = graph.sorted;
        size_t length = find_cycle(&graph, cycle);
        if (!cut_soft_need(cycle, length) && !split_cycle(changes, cycle, length)) {
            ok = report_cycle(cycle, length, err);
            break;
        }
        if (changes->again)
            break;
        graph_end(&graph);
    }
    if (ok && !changes->again) {
        sort_pass(&graph, false);
        for (size_t i = 0; i < graph.count; i++)
            changes->steps[i] = graph.sorted[i];
    }
    graph_end(&graph);
    return ok;
}
