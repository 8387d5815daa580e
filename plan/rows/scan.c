/*
 * The first pass: the sums of every slice on both sides, by block ranges in heap order, and which slices differ. Sums
 * can be added in any order, so nothing depends on which range answers first.
 */
#include "plan/rows/pair.h"

#include "common/memory.h"

/* So many sums may come at once, on every connection: 100 bytes each. */
enum { SLICES_PER_ANSWER = 16384 };

struct range_task {
    struct comparison *comparison;
    struct pair *pair;
    struct block_range range;
    const char *parameters[3];
    char *own; /* its statement, where it has one of its own */
};

struct scan {
    char *sql[SIDES];
    struct range_task *tasks[SIDES];
    size_t task_count[SIDES];
    struct fingerprint *slices[SIDES];
    size_t waiting;    /* for so many tasks */
    bool takes_bounds; /* the statements' first parameter */
};

void scan_release(struct pair *pair)
{
    struct scan *scan = take(pair->scan);

    if (scan == NULL)
        return;
    for (size_t side = 0; side < SIDES; side++) {
        free(scan->sql[side]);
        for (size_t i = 0; i < scan->task_count[side]; i++)
            free(scan->tasks[side][i].own);
        free(scan->tasks[side]);
        free(scan->slices[side]);
    }
    free(scan);
}

static bool add_sum(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct range_task *range = task->spec.context;
    struct pair *pair = range->pair;
    uint64_t slice = strtoull(PQgetvalue(result, row, 0), NULL, 10);

    if (PQgetisnull(result, row, 0) || slice >= pair->table->chunking.slice_count)
        return error_set(err, ERROR_INTERNAL, "slice %s of table %s is none", PQgetvalue(result, row, 0),
                         pair->table->shape.name);
    struct fingerprint *sum = &pair->scan->slices[task->side][slice];
    sum->rows += strtoull(PQgetvalue(result, row, 1), NULL, 10);
    sum->sum += fingerprint_sum(PQgetvalue(result, row, 2));
    return true;
}

static bool add_row(struct task *task, const char *line, size_t length, struct error *err)
{
    struct range_task *range = task->spec.context;
    struct streamed_row row;

    if (!row_reader_take(range->pair->reader, line, length, &row, err))
        return false;
    struct fingerprint *sum = &range->pair->scan->slices[task->side][row.slice];
    sum->rows++;
    sum->sum += row.fingerprint;
    return true;
}

static bool is_equal(struct fingerprint a, struct fingerprint b)
{
    return a.rows == b.rows && a.sum == b.sum;
}

static void add_to(struct fingerprint *total, struct fingerprint more)
{
    total->rows += more.rows;
    total->sum += more.sum;
}

static void keep_chunks(struct pair *pair, const struct fingerprint *slices)
{
    const struct chunking *chunking = &pair->table->chunking;
    size_t capacity = 0;

    for (size_t first = 0; first < chunking->slice_count; first += chunking->slices_per_chunk) {
        struct digest_chunk chunk = {.number = first / chunking->slices_per_chunk};
        for (size_t i = first; i < chunking->slice_count && i < first + chunking->slices_per_chunk; i++)
            add_to(&chunk.main, slices[i]);
        if (chunk.main.rows == 0)
            continue;
        array_reserve((void **)&pair->chunks, &capacity, pair->chunk_count + 1, sizeof *pair->chunks);
        pair->chunks[pair->chunk_count++] = chunk;
    }
}

/* COPY without columns takes all, those that only the stand-in has too. */
static bool names_columns(const struct plan_table *table)
{
    for (size_t i = 0; i < table->shape.column_count; i++)
        if (!table->shape.columns[i].generated)
            return true;
    return table->kept.count == 0;
}

/*
 * Through postgres_fdw there is no FROM ONLY: what children hold is told apart by its fingerprints. An extension's own
 * rows may have the keys of those that come, which is for the search for conflicts to say.
 */
static bool may_be_copied(const struct pair *pair)
{
    const struct plan_table *table = pair->table;

    return !(table->fdw && pair->listed[MAIN]->has_children) && table->shape.condition == NULL && !table->emptied &&
           names_columns(table);
}

static void compare_slices(const struct comparison *comparison, struct pair *pair)
{
    struct plan_table *table = pair->table;
    struct fingerprint *const *slices = pair->scan->slices;
    size_t count = table->chunking.slice_count;

    for (size_t i = 0; i < count; i++) {
        add_to(&table->main, slices[MAIN][i]);
        add_to(&table->base, slices[STANDIN][i]);
        pair->differing_count += pair->updated == NULL && !is_equal(slices[MAIN][i], slices[STANDIN][i]);
    }
    pair_set_chunk_size(pair, comparison->options->chunk_size);
    keep_chunks(pair, slices[MAIN]);
    if (pair->updated != NULL)
        return; /* main's alone, for the proof of all rows: updated_compare() says what differs */
    pair->differing = allocate(pair->differing_count, sizeof *pair->differing);
    for (size_t side = 0; side < SIDES; side++)
        pair->differed[side] = allocate(pair->differing_count, sizeof *pair->differed[side]);
    for (size_t i = 0, at = 0; i < count; i++)
        if (!is_equal(slices[MAIN][i], slices[STANDIN][i])) {
            pair->differing[at] = i;
            pair->differed[MAIN][at] = slices[MAIN][i];
            pair->differed[STANDIN][at++] = slices[STANDIN][i];
        }
    table->strategy = table->main.rows > 0 && table->base.rows == 0 && may_be_copied(pair) ? STRATEGY_COPY
                      : table->shape.key_count == 0                                        ? STRATEGY_MULTISET
                                                                                           : STRATEGY_CHUNK;
}

static bool range_done(struct task *task, struct error *err)
{
    struct range_task *range = task->spec.context;
    struct pair *pair = range->pair;

    (void)err;
    progress_step(range->comparison->progress, pair->table->shape.name, 1);
    if (--pair->scan->waiting == 0) {
        compare_slices(range->comparison, pair);
        scan_release(pair);
    }
    return true;
}

static char *sums_statement(const struct pair *pair, size_t side, const struct block_range *range)
{
    const struct table_shape *shape = &pair->table->shape;
    const struct chunking *chunking = &pair->table->chunking;
    const char *condition =
        pair->scan->takes_bounds ? "t.ctid >= $2::tid AND t.ctid < $3::tid" : "t.ctid >= $1::tid AND t.ctid < $2::tid";
    cleanup(free_string) char *partition = range->partition != NULL ? partition_source(shape, range->partition) : NULL;
    struct text sql = {0};

    fingerprint_scan(&sql, shape, chunking, pair_values(pair, side),
                     partition != NULL ? partition : pair_source(pair, side), range->all ? NULL : condition);
    return text_take(&sql);
}

/* One statement for all ranges of a table, with parameters. */
static void add_sums_task(struct range_task *task, size_t side, size_t number)
{
    struct pair *pair = task->pair;
    struct scan *scan = pair->scan;

    if (task->range.partition != NULL)
        task->own = sums_statement(pair, side, &task->range);
    else if (scan->sql[side] == NULL)
        scan->sql[side] = sums_statement(pair, side, &task->range);
    struct task_spec spec = {.sql = task->own != NULL ? task->own : scan->sql[side],
                             .parameters = task->parameters,
                             .single_rows = pair->table->chunking.slice_count > SLICES_PER_ANSWER,
                             .row = add_sum,
                             .done = range_done,
                             .context = task,
                             .schema = pair->table->shape.schema,
                             .table = pair->table->shape.name};

    if (pair->scan->takes_bounds)
        task->parameters[spec.parameter_count++] = pair->bounds;
    if (!task->range.all) {
        task->parameters[spec.parameter_count++] = task->range.from;
        task->parameters[spec.parameter_count++] = task->range.to;
    }
    pool_add(task->comparison->pool, side, &spec, number);
}

static void add_rows_task(struct range_task *task, size_t side, size_t number)
{
    struct text sql = {0};

    pair_copy_range(&sql, task->pair, side, &task->range);
    task->own = text_take(&sql);
    const struct task_spec spec = {.sql = task->own,
                                   .data = add_row,
                                   .done = range_done,
                                   .context = task,
                                   .schema = task->pair->table->shape.schema,
                                   .table = task->pair->table->shape.name};
    pool_add(task->comparison->pool, side, &spec, number);
}

/* Every range of a table whose slices are by hash has rows of all of them. */
static uint64_t blocks_per_range(const struct pair *pair)
{
    size_t slices = pair->table->chunking.slice_count;

    return pair->table->chunking.way == CHUNK_BY_HASH && slices > SLICES_PER_ANSWER
               ? (uint64_t)BLOCKS_PER_RANGE * (slices / SLICES_PER_ANSWER)
               : BLOCKS_PER_RANGE;
}

/* Small tables are one statement without a range. */
static void queue_side(struct comparison *comparison, struct pair *pair, size_t side)
{
    struct scan *scan = pair->scan;
    struct block_range *ranges;
    size_t count = pair_ranges(comparison, pair, side, blocks_per_range(pair), &ranges);

    scan->tasks[side] = allocate(count, sizeof *scan->tasks[side]);
    scan->task_count[side] = count;
    scan->waiting += count;
    for (size_t i = 0; i < count; i++) {
        struct range_task *task = &scan->tasks[side][i];

        task->comparison = comparison;
        task->pair = pair;
        task->range = ranges[i];
        (pair_is_streamed(pair) ? add_rows_task : add_sums_task)(task, side, i);
    }
    free(ranges);
}

static bool is_scanned(const struct comparison *comparison, const struct pair *pair, size_t side)
{
    if (pair->updated != NULL)
        return side == MAIN && comparison->options->full_fingerprints;
    return pair->listed[side] != NULL && pair->listed[side]->blocks > 0;
}

bool scan_pair(struct comparison *comparison, struct pair *pair, struct error *err)
{
    struct scan *scan = pair->scan = allocate(1, sizeof *scan);
    const struct table_shape *shape = &pair->table->shape;

    if (pair_is_streamed(pair) &&
        !row_reader_new(shape, &pair->table->chunking, shape->key_count == 0, &pair->reader, err))
        return false;
    scan->takes_bounds = fingerprint_scan_takes_bounds(shape, &pair->table->chunking);
    for (size_t side = 0; side < SIDES; side++)
        scan->slices[side] = allocate(pair->table->chunking.slice_count, sizeof *scan->slices[side]);
    for (size_t side = 0; side < SIDES; side++)
        if (is_scanned(comparison, pair, side))
            queue_side(comparison, pair, side);
    if (scan->waiting == 0) { /* both are empty files, or nothing is wanted of them */
        compare_slices(comparison, pair);
        scan_release(pair);
    }
    return true;
}
