/*
 * Rows without key that differ, by their places: of all windows, so that they are fetched in the order in which they
 * lie. Slices are by hash, and the rows of one window lie all over the table: in the order of the whole, each block is
 * read once, and rows that lie near each other, which are often alike, are compressed together.
 */
#include "plan/rows/batch.h"

#include "common/memory.h"
#include "format/stage.h"

enum { PLACES_PER_READ = 512, PLACES_PER_FETCHES = 200000 };

struct place {
    uint64_t copies;
    uint32_t block;
    uint16_t tuple;
    uint8_t kind;
    uint8_t large; /* by sides, a bit each */
};

/* The places of one batch, in order. */
struct run {
    uint64_t offset, left; /* in the file: of what is not read yet, and how many */
    struct place *read;
    size_t next, count; /* of those in memory */
};

struct places {
    struct stage stage;
    struct run *runs;
    size_t run_count, capacity;
};

void places_release(struct pair *pair)
{
    struct places *places = take(pair->places);

    if (places == NULL)
        return;
    for (size_t i = 0; i < places->run_count; i++)
        free(places->runs[i].read);
    free(places->runs);
    stage_close(&places->stage);
    free(places);
}

static bool begin(struct pair *pair, struct error *err)
{
    pair->places = allocate(1, sizeof *pair->places);
    pair->places->stage.descriptor = -1;
    return stage_open(&pair->places->stage, "-", err);
}

bool places_add(const struct batch *batch, struct error *err)
{
    struct pair *pair = batch->pair;
    struct place *sorted = allocate(batch->change_count, sizeof *sorted);
    size_t count = 0;
    struct extent extent;

    for (size_t i = 0; i < batch->change_count; i++) {
        const struct change *change = &batch->changes[i];

        if (fetch_is_wanted(batch, MAIN, change) || fetch_is_wanted(batch, STANDIN, change))
            sorted[count++] = (struct place){.copies = change->copies,
                                             .block = change->block,
                                             .tuple = change->tuple,
                                             .kind = (uint8_t)change->kind,
                                             .large = (uint8_t)(change->large[MAIN] | change->large[STANDIN] << 1)};
    }
    bool good = count == 0 || pair->places != NULL || begin(pair, err);
    if (good && count > 0) {
        struct places *places = pair->places;

        good = stage_append(&places->stage, sorted, count * sizeof *sorted, &extent, err);
        array_reserve((void **)&places->runs, &places->capacity, places->run_count + 1, sizeof *places->runs);
        places->runs[places->run_count++] = (struct run){.offset = extent.offset, .left = count};
    }
    free(sorted);
    return good;
}

/* --- The order of all --- */

static bool is_before(const struct run *a, const struct run *b)
{
    const struct place *left = &a->read[a->next], *right = &b->read[b->next];

    if (left->block != right->block)
        return left->block < right->block;
    return left->tuple != right->tuple ? left->tuple < right->tuple : left->kind < right->kind;
}

/* The first of the heap goes down to where none below comes before it. */
static void sift_down(struct run **heap, size_t count, size_t at)
{
    for (size_t first; (first = 2 * at + 1) < count; at = first) {
        if (first + 1 < count && is_before(heap[first + 1], heap[first]))
            first++;
        if (!is_before(heap[first], heap[at]))
            return;
        struct run *swapped = heap[at];
        heap[at] = heap[first];
        heap[first] = swapped;
    }
}

/* Has the run another place? */
static bool read_on(const struct places *places, struct run *run, bool *more, struct error *err)
{
    *more = run->next < run->count || run->left > 0;
    if (run->next < run->count || run->left == 0)
        return true;
    if (run->read == NULL)
        run->read = allocate(PLACES_PER_READ, sizeof *run->read);
    run->count = run->left < PLACES_PER_READ ? run->left : PLACES_PER_READ;
    run->next = 0;
    if (!stage_read(&places->stage, run->offset, run->read, run->count * sizeof *run->read, err))
        return false;
    run->offset += run->count * sizeof *run->read;
    run->left -= run->count;
    return true;
}

static struct change change_at(const struct place *place)
{
    return (struct change){.copies = place->copies,
                           .block = place->block,
                           .tuple = place->tuple,
                           .kind = (enum rows_kind)place->kind,
                           .large = {[MAIN] = (place->large & 1) != 0, [STANDIN] = (place->large & 2) != 0}};
}

static bool fetch_changes(struct batch *batch, struct error *err)
{
    struct fetches *fetches = fetches_new();

    fetch_queue(fetches, batch);
    bool good = pool_run(batch->comparison->pool, err);
    fetches_free(fetches);
    batch->change_count = 0;
    return good;
}

static bool fetch_in_order(struct batch *batch, const struct places *places, struct run **heap, size_t count,
                           struct error *err)
{
    for (size_t i = count; i > 0; i--)
        sift_down(heap, count, i - 1);
    while (count > 0) {
        struct run *first = heap[0];
        bool more;

        batch->changes[batch->change_count++] = change_at(&first->read[first->next++]);
        if (batch->change_count == PLACES_PER_FETCHES && !fetch_changes(batch, err))
            return false;
        if (!read_on(places, first, &more, err))
            return false;
        if (!more) {
            free(take(first->read));
            heap[0] = heap[--count];
        }
        sift_down(heap, count, 0);
    }
    return batch->change_count == 0 || fetch_changes(batch, err);
}

bool places_fetch(struct comparison *comparison, struct pair *pair, struct error *err)
{
    struct places *places = pair->places;
    struct batch batch = {.comparison = comparison, .pair = pair};
    uint64_t all = 0;
    bool good = true, more;

    if (places == NULL)
        return true;
    struct run **heap = allocate(places->run_count, sizeof(struct run *));
    for (size_t i = 0; good && i < places->run_count; i++) {
        heap[i] = &places->runs[i];
        all += heap[i]->left;
        good = read_on(places, heap[i], &more, err);
    }
    batch.changes = allocate(all < PLACES_PER_FETCHES ? all : PLACES_PER_FETCHES, sizeof *batch.changes);
    good = good && fetch_in_order(&batch, places, heap, places->run_count, err);
    free(batch.changes);
    free(heap);
    places_release(pair);
    return good;
}
