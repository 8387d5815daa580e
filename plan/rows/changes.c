/* The rows that differ, in windows of batches: memory is bounded by the window, whatever the tables hold. */
#include "plan/rows/batch.h"

#include "common/copy_text.h"
#include "common/memory.h"

#include <inttypes.h>

/* Rows of either side: of one batch through an index, of one by a scan (each reads the table again), of a window. */
enum { ROWS_PER_BATCH = 20000, ROWS_PER_SCAN = 200000, ROWS_PER_WINDOW = 200000, BATCHES_PER_WINDOW = 256 };

/* So many parts of one slice at most, by powers of two. */
enum { MAXIMUM_PART_BITS = 20 };

struct window {
    struct batch **batches;
    size_t count, capacity;
    uint64_t rows;
};

static void window_empty(struct window *window)
{
    for (size_t i = 0; i < window->count; i++) {
        struct batch *batch = window->batches[i];

        match_release(batch);
        same_key_release(batch);
        for (size_t side = 0; side < SIDES; side++)
            row_set_free(&batch->sets[side]);
        free(batch->changes);
        text_free(&batch->keys);
        free(batch);
    }
    free(window->batches);
    *window = (struct window){0};
}

/* A line of the key, the fingerprint, or both: known already, where whole rows must be fetched (fetch.c). */
static bool write_known(struct batch *batch, const struct change *change, enum rows_form form, struct text *line,
                        struct error *err)
{
    const char *key = batch->keys.data + change->offset;
    size_t key_count = form == ROWS_FINGERPRINTS ? 0 : batch->pair->table->shape.key_count;

    text_clear(line);
    for (size_t i = 0; i < key_count; i++, key += strlen(key) + 1) {
        if (i > 0)
            text_append_char(line, '\t');
        copy_text_field(line, key, strlen(key));
    }
    if (form != ROWS_KEYS)
        text_appendf(line, "%s%" PRId64, key_count > 0 ? "\t" : "", (int64_t)change->fingerprint);
    text_append_char(line, '\n');
    for (uint64_t copy = 0; copy < change->copies; copy++)
        if (!row_output_write(&batch->pair->outputs[change->kind], line->data, line->length, 1, err))
            return false;
    return true;
}

static bool count_changes(struct batch *batch, struct error *err)
{
    struct plan_table *table = batch->pair->table;
    cleanup(text_free) struct text line = {0};

    for (size_t i = 0; i < batch->change_count; i++) {
        const struct change *change = &batch->changes[i];

        table->inserts += change->kind == ROWS_INSERT ? change->copies : 0;
        table->updates += change->kind == ROWS_UPDATE ? change->copies : 0;
        table->deletes += change->kind == ROWS_DELETE ? change->copies : 0;
        enum rows_form form = rows_form(table, change->kind, batch->comparison->options->before_images);
        if (form != ROWS_WHOLE && !write_known(batch, change, form, &line, err))
            return false;
    }
    return true;
}

static bool find_and_fetch(struct comparison *comparison, struct window *window, struct fetches *fetches,
                           struct error *err)
{
    for (size_t i = 0; i < window->count; i++)
        for (size_t side = 0; side < SIDES; side++)
            match_queue(window->batches[i], side);
    if (!pool_run(comparison->pool, err))
        return false;
    for (size_t i = 0; i < window->count; i++) {
        if (!merge_batch(window->batches[i], err))
            return false;
        same_key_queue(window->batches[i]);
    }
    if (!pool_run(comparison->pool, err))
        return false;
    for (size_t i = 0; i < window->count; i++) {
        struct batch *batch = window->batches[i];

        if (!count_changes(batch, err))
            return false;
        if (batch->pair->table->shape.key_count > 0)
            fetch_queue(fetches, batch);
        else if (!places_add(batch, err))
            return false;
        progress_step(comparison->progress, batch->pair->table->shape.name, 0);
    }
    return pool_run(comparison->pool, err);
}

static bool window_run(struct comparison *comparison, struct window *window, struct error *err)
{
    struct fetches *fetches = fetches_new();
    bool good = find_and_fetch(comparison, window, fetches, err);

    fetches_free(fetches);
    window_empty(window);
    return good;
}

/*
 * The next batch of the pair, from slice number *place of the differing ones on. Bounds come from one side, so that a
 * slice may hold any number of rows of the other: then it is read in *part after part, by the keys' hash.
 */
static struct batch *next_batch(struct comparison *comparison, struct pair *pair, size_t *place, unsigned *part)
{
    bool scans = match_is_scan(pair, MAIN) || match_is_scan(pair, STANDIN);
    uint64_t limit = scans ? ROWS_PER_SCAN : ROWS_PER_BATCH;
    struct batch *batch = allocate(1, sizeof *batch);

    batch->comparison = comparison;
    batch->pair = pair;
    batch->first = *place;
    for (; *place < pair->differing_count; ++*place, batch->count++) {
        uint64_t main = pair->differed[MAIN][*place].rows, standin = pair->differed[STANDIN][*place].rows;
        uint64_t rows = main > standin ? main : standin;

        if (batch->count > 0 && batch->rows + rows > limit)
            break;
        batch->rows += rows;
    }
    while (batch->rows >> batch->part_bits > ROWS_PER_SCAN && batch->part_bits < MAXIMUM_PART_BITS)
        batch->part_bits++;
    batch->rows >>= batch->part_bits;
    batch->part = *part;
    *part = (*part + 1) & ((1u << batch->part_bits) - 1);
    if (*part != 0) /* the same slice again */
        *place = batch->first;
    return batch;
}

/* A compressor takes memory, and there may be thousands of tables. */
static bool close_outputs(struct pair *first, const struct pair *end, struct error *err)
{
    for (struct pair *pair = first; pair < end; pair++)
        if (!pair_close_outputs(pair, err))
            return false;
    return true;
}

bool changes_write(struct comparison *comparison, struct pair *first, size_t count, struct error *err)
{
    struct window window = {0};
    struct pair *open = first; /* those before have all of their rows but what places_fetch() brings */
    bool good = true;

    for (struct pair *pair = first; good && pair < first + count; pair++) {
        if (pair->table->strategy == STRATEGY_COPY)
            continue;
        unsigned part = 0;
        for (size_t place = 0; good && place < pair->differing_count;) {
            array_reserve((void **)&window.batches, &window.capacity, window.count + 1, sizeof *window.batches);
            struct batch *batch = window.batches[window.count++] = next_batch(comparison, pair, &place, &part);
            window.rows += batch->rows;
            if (window.rows < ROWS_PER_WINDOW && window.count < BATCHES_PER_WINDOW)
                continue;
            good = window_run(comparison, &window, err) && close_outputs(open, pair, err);
            open = pair;
        }
    }
    good = good && (window.count == 0 || window_run(comparison, &window, err));
    window_empty(&window);
    for (struct pair *pair = first; good && pair < first + count; pair++)
        good = places_fetch(comparison, pair, err) && pair_close_outputs(pair, err);
    return good;
}
