/*
 * The second pass: key and fingerprint of each row in the slices that differ, through the key's index where the slices
 * are ranges of it, else by a scan.
 */
#include "plan/rows/batch.h"

#include "common/copy_text.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/rows/array_literal.h"

#include <inttypes.h>

enum { MAXIMUM_PARAMETERS = 6 };

/* Rows beyond those that were left when copies were last joined: so a row of a million copies takes no memory. */
enum { COPIES_HELD = 65536 };

struct match_task {
    struct batch *batch;
    struct block_range range; /* zero where ranges of an index are read */
    const char *parameters[MAXIMUM_PARAMETERS];
    char *own;        /* its statement, where it has one of its own */
    struct text line; /* where a row of a range is */
};

struct match {
    char *sql;
    char *owned[MAXIMUM_PARAMETERS]; /* parameters made here */
    size_t owned_count;
    struct match_task *tasks;
    size_t task_count;
};

bool match_is_scan(const struct pair *pair, size_t side)
{
    if (pair->listed[side] == NULL || pair->listed[side]->blocks == 0)
        return false;
    return pair->table->chunking.way != CHUNK_BY_RANGE || !pair->indexed[side] || pair->bounds == NULL;
}

void match_release(struct batch *batch)
{
    for (size_t side = 0; side < SIDES; side++) {
        struct match *match = take(batch->matches[side]);

        if (match == NULL)
            continue;
        for (size_t i = 0; i < match->owned_count; i++)
            free(match->owned[i]);
        for (size_t i = 0; i < match->task_count; i++) {
            free(match->tasks[i].own);
            text_free(&match->tasks[i].line);
        }
        free(match->sql);
        free(match->tasks);
        free(match);
    }
}

static void append_fingerprint_key(struct text *keys, uint64_t fingerprint)
{
    unsigned char bytes[8];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(fingerprint >> (56 - 8 * i));
    text_append_bytes(keys, bytes, sizeof bytes);
}

static void add_row(struct row_set *set, struct key_row *kept)
{
    kept->length = (uint32_t)(set->keys.length - kept->offset);
    array_reserve((void **)&set->rows, &set->capacity, set->count + 1, sizeof *set->rows);
    set->rows[set->count++] = *kept;
}

/* The key of a line as those of results are: without escapes, each column ended by a NUL. */
static void append_streamed_key(struct text *keys, const struct streamed_row *row)
{
    const char *at = row->key, *end = row->key + row->key_length;

    for (const char *tab; (tab = memchr(at, '\t', (size_t)(end - at))) != NULL; at = tab + 1) {
        copy_text_unescape(keys, at, (size_t)(tab - at));
        text_append_char(keys, '\0');
    }
    copy_text_unescape(keys, at, (size_t)(end - at));
    text_append_char(keys, '\0');
}

/* Is it a row of the part of a slice that the batch is of? */
static bool is_in_part(const struct batch *batch, uint64_t hash)
{
    const struct chunking *chunking = &batch->pair->table->chunking;
    unsigned taken = chunking->way == CHUNK_BY_HASH ? chunking->hash_bits : 0;

    return batch->part_bits == 0 ||
           ((hash >> (64 - taken - batch->part_bits)) & ((1u << batch->part_bits) - 1)) == batch->part;
}

/*
 * Where a row without key is. Of a partition, as if its heap followed those before it; one that lies beyond the blocks
 * that it had would pass for a row of the next.
 */
static bool set_place(struct key_row *row, const struct block_range *range, uint64_t block, uint64_t tuple,
                      struct error *err)
{
    const struct listed_partition *partition = range->partition;

    if (partition != NULL && (block >= partition->blocks || block + range->blocks_before > UINT32_MAX))
        return error_set(err, ERROR_REFUSED,
                         "partition %s.%s was rewritten while its rows were compared, or is too large",
                         partition->schema, partition->name),
               error_hint(err, "Make the plan again.");
    row->block = (uint32_t)(block + range->blocks_before);
    row->tuple = (uint16_t)tuple;
    return true;
}

static bool keep_streamed(const struct match_task *task, size_t side, const struct streamed_row *row, uint64_t slice,
                          struct error *err)
{
    struct batch *batch = task->batch;
    struct row_set *set = &batch->sets[side];
    struct key_row kept = {.slice = (uint32_t)slice, .offset = set->keys.length};

    if (!is_in_part(batch, row->key_hash))
        return true;
    if (batch->pair->table->shape.key_count > 0) {
        append_streamed_key(&set->keys, row);
        kept.value = row->fingerprint;
        add_row(set, &kept);
        return true;
    }
    if (!set_place(&kept, &task->range, row->block, row->tuple, err))
        return false;
    append_fingerprint_key(&set->keys, row->fingerprint);
    kept.value = 1;
    add_row(set, &kept);
    if (set->count >= 2 * set->joined + COPIES_HELD)
        row_set_join(set);
    return true;
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Of a scan: all lines of the table come, those of the batch's slices are kept. */
static bool keep_line(struct task *task, const char *line, size_t length, struct error *err)
{
    struct match_task *match = task->spec.context;
    struct batch *batch = match->batch;
    struct streamed_row row;

    if (!row_reader_take(batch->pair->reader, line, length, &row, err))
        return false;
    return bsearch(&row.slice, batch->pair->differing + batch->first, batch->count, sizeof row.slice,
                   compare_numbers) == NULL ||
           keep_streamed(match, task->side, &row, row.slice, err);
}

void line_of_result(struct text *line, const PGresult *result, int row, int first)
{
    text_clear(line);
    for (int i = first; i < PQnfields(result); i++) {
        if (i > first)
            text_append_char(line, '\t');
        copy_text_field(line, PQgetisnull(result, row, i) ? NULL : PQgetvalue(result, row, i),
                        (size_t)PQgetlength(result, row, i));
    }
}

/* Of a range: the slice, then the columns of the line. */
static bool keep_columns(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct match_task *match = task->spec.context;
    struct streamed_row streamed;

    line_of_result(&match->line, result, row, 1);
    return row_reader_take(match->batch->pair->reader, match->line.data, match->line.length, &streamed, err) &&
           keep_streamed(match, task->side, &streamed, strtoull(PQgetvalue(result, row, 0), NULL, 10), err);
}

/* `(block,tuple)`. */
static bool read_place(struct key_row *row, const struct block_range *range, const char *place, struct error *err)
{
    char *end;
    uint64_t block = strtoul(place + 1, &end, 10);

    return set_place(row, range, block, strtoul(end + 1, NULL, 10), err);
}

/* Of main's rows, where only newer ones are compared, a last column says whether they are. */
static bool says_newer(const struct pair *pair, size_t side)
{
    return pair->updated != NULL && side == MAIN;
}

static bool keep_row(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct match_task *match = task->spec.context;
    const struct table_shape *shape = &match->batch->pair->table->shape;
    struct row_set *set = &match->batch->sets[task->side];
    struct key_row kept = {.slice = (uint32_t)fingerprint_sum(PQgetvalue(result, row, 0)),
                           .offset = set->keys.length,
                           .large = strcmp(PQgetvalue(result, row, 1), "t") == 0};
    int last = PQnfields(result) - 1;

    if (says_newer(match->batch->pair, task->side))
        kept.unmoved = strcmp(PQgetvalue(result, row, last--), "f") == 0;
    if (shape->key_count > 0) {
        kept.value = fingerprint_sum(PQgetvalue(result, row, last));
        for (int i = 2; i < last; i++)
            text_append_bytes(&set->keys, PQgetvalue(result, row, i), (size_t)PQgetlength(result, row, i) + 1);
    } else {
        append_fingerprint_key(&set->keys, fingerprint_sum(PQgetvalue(result, row, 2)));
        kept.value = strtoull(PQgetvalue(result, row, 3), NULL, 10);
        if (!read_place(&kept, &match->range, PQgetvalue(result, row, 4), err))
            return false;
    }
    add_row(set, &kept);
    return true;
}

static const char *own(struct match *match, char *parameter)
{
    match->owned[match->owned_count++] = parameter;
    return parameter;
}

static char *slice_array(const struct batch *batch)
{
    struct text array = {0};

    for (size_t i = 0; i < batch->count; i++)
        text_appendf(&array, "%s%" PRIu64, i == 0 ? "{" : ",", batch->pair->differing[batch->first + i]);
    text_append_char(&array, '}');
    return text_take(&array);
}

/* The columns of a line, each with `named` as c0, c1, …; returns how many. */
static size_t append_line(struct text *sql, const struct pair *pair, size_t side, bool named)
{
    const struct table_shape *shape = &pair->table->shape;
    size_t count;
    size_t *order = streamed_order(shape, &count);

    for (size_t i = 0; i < count; i++) {
        text_append(sql, i > 0 ? ", " : "");
        streamed_column(sql, shape, order[i], pair_values(pair, side), "t");
        if (named)
            text_appendf(sql, " AS c%zu", i);
    }
    free(order);
    return count;
}

/*
 * Whether the row is large, the key columns and the fingerprint: `, large, t.k1, t.k2, f`, and `, newer` where $n is
 * the time since which it is; or all columns, where the fingerprint is made here.
 */
static void append_row(struct text *sql, const struct pair *pair, size_t side, size_t time)
{
    const struct table_shape *shape = &pair->table->shape;

    if (pair_is_streamed(pair)) {
        text_append(sql, ", ");
        (void)append_line(sql, pair, side, false);
        return;
    }
    text_append(sql, ", ");
    pair_large(sql, pair, side);
    for (size_t i = 0; i < shape->key_count; i++) {
        text_append(sql, ", ");
        pair_column(sql, pair, side, shape->key[i]);
    }
    text_append(sql, ", ");
    fingerprint_row(sql, shape, pair_values(pair, side), "t");
    if (says_newer(pair, side)) {
        text_append(sql, ", ");
        updated_newer(sql, pair, time);
    }
}

/* ` AND …` for a part of a slice: bits of the hash below those that chose the slice. Numbers are our own. */
static void append_part(struct text *sql, const struct batch *batch, const char *hash)
{
    const struct chunking *chunking = &batch->pair->table->chunking;
    unsigned taken = chunking->way == CHUNK_BY_HASH ? chunking->hash_bits : 0;

    if (batch->part_bits > 0)
        text_appendf(sql, " AND (%s >> %u) & %u = %u", hash, 64 - taken - batch->part_bits,
                     (1u << batch->part_bits) - 1, batch->part);
}

static void append_part_of_table(struct text *sql, const struct batch *batch, size_t side)
{
    cleanup(text_free) struct text hash = {0};

    if (pair_is_streamed(batch->pair)) /* keep_streamed() does it */
        return;
    fingerprint_key(&hash, &batch->pair->table->shape, pair_values(batch->pair, side), "t");
    append_part(sql, batch, hash.data);
}

static size_t add_task(struct match *match, size_t number, struct batch *batch, const struct block_range *range,
                       const char *const *parameters, size_t count)
{
    struct match_task *task = &match->tasks[number];

    task->batch = batch;
    for (size_t i = 0; i < count; i++)
        task->parameters[i] = parameters[i];
    if (range != NULL)
        task->range = *range;
    if (range != NULL && !range->all) {
        task->parameters[count++] = task->range.from;
        task->parameters[count++] = task->range.to;
    }
    return count;
}

static void queue(struct batch *batch, size_t side, size_t number, size_t parameter_count)
{
    struct match *match = batch->matches[side];
    struct match_task *task = &match->tasks[number];
    const struct task_spec spec = {
        .sql = task->own != NULL ? task->own : match->sql,
        .parameter_count = parameter_count,
        .parameters = task->parameters,
        .single_rows = true,
        .row = pair_is_streamed(batch->pair) ? keep_columns : keep_row,
        .context = task,
        .schema = batch->pair->table->shape.schema,
        .table = batch->pair->table->shape.name,
    };

    pool_add(batch->comparison->pool, side, &spec, number);
}

static void allocate_tasks(struct match *match, size_t count)
{
    match->tasks = allocate(count, sizeof *match->tasks);
    match->task_count = count;
}

static void queue_copies(struct batch *batch, size_t side)
{
    const struct pair *pair = batch->pair;
    struct match *match = batch->matches[side];
    struct block_range *ranges;
    size_t count = pair_ranges(batch->comparison, pair, side, BLOCKS_PER_RANGE, &ranges);

    allocate_tasks(match, count);
    for (size_t i = 0; i < count; i++) {
        struct match_task *task = &match->tasks[i];
        struct text sql = {0};

        pair_copy_range(&sql, pair, side, &ranges[i]);
        task->batch = batch;
        task->range = ranges[i];
        task->own = text_take(&sql);
        const struct task_spec spec = {.sql = task->own,
                                       .data = keep_line,
                                       .context = task,
                                       .schema = pair->table->shape.schema,
                                       .table = pair->table->shape.name};
        pool_add(batch->comparison->pool, side, &spec, i);
    }
    free(ranges);
}

/* The slices as a scan sees them: all, or those in an array. Without key, copies are counted in the server. */
static void append_scan(struct text *sql, const struct batch *batch, size_t side,
                        const struct listed_partition *partition, const char *condition, size_t slices, size_t time)
{
    const struct pair *pair = batch->pair;
    const struct table_shape *shape = &pair->table->shape;
    const struct chunking *chunking = &pair->table->chunking;

    if (shape->key_count > 0) {
        text_append(sql, "SELECT ");
        fingerprint_slice(sql, shape, chunking, pair_values(pair, side), "t");
        append_row(sql, pair, side, time);
        partition_table(sql, pair, side, partition);
        text_append(sql, " WHERE ");
        fingerprint_slice(sql, shape, chunking, pair_values(pair, side), "t");
        text_appendf(sql, " = ANY ($%zu::int8[])%s", slices, condition);
        append_part_of_table(sql, batch, side);
        return;
    }
    text_append(sql, "SELECT s.slice, bool_or(s.large), s.f, count(*), min(s.place) FROM (SELECT ");
    fingerprint_slice_of(sql, chunking, "f.f");
    text_append(sql, " AS slice, f.large, f.f, f.place FROM (SELECT ");
    fingerprint_row(sql, shape, pair_values(pair, side), "t");
    text_append(sql, " AS f, t.ctid AS place, ");
    pair_large(sql, pair, side);
    text_append(sql, " AS large");
    partition_table(sql, pair, side, partition);
    text_appendf(sql, " WHERE true%s OFFSET 0) AS f WHERE true", condition);
    append_part(sql, batch, "f.f");
    text_appendf(sql, ") AS s WHERE s.slice = ANY ($%zu::int8[]) GROUP BY 1, 3", slices);
}

static void queue_scan(struct batch *batch, size_t side)
{
    const struct pair *pair = batch->pair;
    struct match *match = batch->matches[side];
    struct block_range *ranges;
    size_t count = pair_ranges(batch->comparison, pair, side, BLOCKS_PER_RANGE, &ranges);
    const char *parameters[3];
    size_t parameter_count = 0, slices, time = 0;
    char condition[64];

    if (pair->bounds != NULL)
        parameters[parameter_count++] = pair->bounds;
    parameters[parameter_count++] = own(match, slice_array(batch));
    slices = parameter_count;
    if (says_newer(pair, side)) {
        parameters[parameter_count++] = updated_time(pair);
        time = parameter_count;
    }
    snprintf(condition, sizeof condition, " AND t.ctid >= $%zu::tid AND t.ctid < $%zu::tid", parameter_count + 1,
             parameter_count + 2);
    allocate_tasks(match, count);
    for (size_t i = 0; i < count; i++) {
        const struct block_range *range = &ranges[i];

        if (match->sql == NULL || range->partition != NULL) {
            struct text sql = {0};

            append_scan(&sql, batch, side, range->partition, range->all ? "" : condition, slices, time);
            *(range->partition != NULL ? &match->tasks[i].own : &match->sql) = text_take(&sql);
        }
        queue(batch, side, i, add_task(match, i, batch, range, parameters, parameter_count));
    }
    free(ranges);
}

/* One end of the key: `SELECT slice, keys, fingerprint FROM the table`. */
static void append_end(struct text *sql, const struct pair *pair, size_t side, uint64_t slice, size_t time)
{
    text_appendf(sql, "\nUNION ALL SELECT %" PRIu64 "::int8", slice);
    append_row(sql, pair, side, time);
    pair_table(sql, pair, side);
}

/*
 * The ranges with two ends. A subquery, which the planner takes apart again, because a projection names the table's
 * columns without an alias and must not find others in its scope.
 */
static void append_ranges(struct text *sql, const struct batch *batch, size_t side, const char *column,
                          const char *type, size_t time)
{
    const struct pair *pair = batch->pair;
    const struct table_shape *shape = &pair->table->shape;
    cleanup(text_free) struct text inner = {0};
    size_t count = 0;

    if (pair_is_streamed(pair)) {
        count = append_line(&inner, pair, side, true);
    } else {
        pair_large(&inner, pair, side);
        text_appendf(&inner, " AS c%zu, ", count++);
        for (size_t i = 0; i < shape->key_count; i++) {
            pair_column(&inner, pair, side, shape->key[i]);
            text_appendf(&inner, " AS c%zu, ", count++);
        }
        fingerprint_row(&inner, shape, pair_values(pair, side), "t");
        text_appendf(&inner, " AS c%zu", count++);
    }
    text_append(sql, "SELECT r.slice");
    for (size_t i = 0; i < count; i++)
        text_appendf(sql, ", p.c%zu", i);
    text_append(sql, says_newer(pair, side) ? ", p.newer" : "");
    text_append(sql, " FROM unnest($1::int8[], $2::text[], $3::text[]) AS r (slice, from_key, to_key) JOIN (SELECT ");
    text_appendf(sql, "%s, %s AS ranged", inner.data, column);
    if (says_newer(pair, side)) {
        text_append(sql, ", ");
        updated_newer(sql, pair, time);
        text_append(sql, " AS newer");
    }
    pair_table(sql, pair, side);
    text_append(sql, " WHERE true");
    append_part_of_table(sql, batch, side);
    text_appendf(sql, ") AS p ON p.ranged >= r.from_key::%s AND p.ranged < r.to_key::%s", type, type);
}

static const char *own_array(struct match *match, struct text *array)
{
    array_literal_end(array);
    return own(match, text_take(array));
}

/*
 * Ranges of the index, all in one statement. The first slice has no lower bound and the last no upper one: each is a
 * statement of its own in the union, so that the planner has a plain range in each.
 */
static void queue_ranges(struct batch *batch, size_t side)
{
    const struct pair *pair = batch->pair;
    const struct chunking *chunking = &pair->table->chunking;
    const char *type = pair->table->shape.columns[chunking->column].type;
    struct match *match = batch->matches[side];
    const char *parameters[MAXIMUM_PARAMETERS];
    struct text numbers = {0}, from = {0}, to = {0}, sql = {0}, column = {0};
    size_t parameter_count = 3, time = 0;

    text_append(&column, "t.");
    quote_identifier(&column, pair->table->shape.columns[chunking->column].name);
    if (says_newer(pair, side)) {
        parameters[parameter_count++] = updated_time(pair);
        time = parameter_count;
    }
    append_ranges(&sql, batch, side, column.data, type, time);
    for (size_t i = 0; i < batch->count; i++) {
        uint64_t slice = pair->differing[batch->first + i];

        if (slice == 0 || slice + 1 == chunking->slice_count) {
            append_end(&sql, pair, side, slice, time);
            text_appendf(&sql, " WHERE %s %s $%zu::%s", column.data, slice == 0 ? "<" : ">=", parameter_count + 1,
                         type);
            append_part_of_table(&sql, batch, side);
            parameters[parameter_count++] = chunking->bounds[slice == 0 ? 0 : slice - 1];
            continue;
        }
        text_appendf(&numbers, "%s%" PRIu64, numbers.length == 0 ? "{" : ",", slice);
        array_literal_add(&from, chunking->bounds[slice - 1]);
        array_literal_add(&to, chunking->bounds[slice]);
    }
    parameters[0] = own_array(match, &numbers);
    parameters[1] = own_array(match, &from);
    parameters[2] = own_array(match, &to);
    match->sql = text_take(&sql);
    allocate_tasks(match, 1);
    text_free(&column);
    queue(batch, side, 0, add_task(match, 0, batch, NULL, parameters, parameter_count));
}

/* How many come is known but for the parts of a slice: without growing, there is no room left over. */
static void reserve_rows(struct batch *batch, size_t side)
{
    struct row_set *set = &batch->sets[side];
    uint64_t rows = 0;

    for (size_t i = 0; i < batch->count; i++)
        rows += batch->pair->differed[side][batch->first + i].rows;
    if (batch->part_bits > 0)
        rows = (rows >> batch->part_bits) * 17 / 16;
    if (rows > 0)
        array_reserve((void **)&set->rows, &set->capacity, rows, sizeof *set->rows);
}

void match_queue(struct batch *batch, size_t side)
{
    const struct listed_table *listed = batch->pair->listed[side];

    if (listed == NULL || listed->blocks == 0)
        return;
    reserve_rows(batch, side);
    batch->matches[side] = allocate(1, sizeof *batch->matches[side]);
    if (match_is_scan(batch->pair, side))
        (pair_is_streamed(batch->pair) ? queue_copies : queue_scan)(batch, side);
    else
        queue_ranges(batch, side);
}
