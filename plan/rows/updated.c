/*
 * --use-updated-at: of main's rows only those are compared that are newer than the last synchronisation, or do not say
 * when they were updated; rows that only one side has are found by the keys of all.
 *
 * A first pass takes, by slice, the fingerprints of the keys alone from both sides, and how many rows of main are
 * newer. Slices whose keys differ or that hold newer rows are gone through row by row, as those of any other comparison
 * (match.c), but a row of main that is not newer is taken for equal (merge.c). What such a slice must hold when the
 * plan is applied follows from what it holds on the stand-in and what changes: a change that no timestamp tells of
 * stands in nobody's way there, and is found by what --verify=full compares, the fingerprint of all of main's rows.
 */
#include "plan/rows/pair.h"

#include "common/log.h"
#include "common/map.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/rows/sql.h"

#include <inttypes.h>

struct updated_task {
    struct comparison *comparison;
    struct pair *pair;
    char *sql;
    struct block_range blocks;
    const char *parameters[4];
    size_t parameter_count;
};

struct updated {
    size_t column;
    const char *type, *time;         /* to compare the column with; borrowed */
    bool indexed;                    /* an index of main finds newer rows */
    struct fingerprint *keys[SIDES]; /* by slice; these and the next only until updated_compare() */
    uint64_t *newer;
    struct updated_task **tasks;
    size_t task_count, task_capacity;
};

static void release_pass(struct updated *updated)
{
    for (size_t i = 0; i < updated->task_count; i++) {
        free(updated->tasks[i]->sql);
        free(updated->tasks[i]);
    }
    free(take(updated->tasks));
    updated->task_count = updated->task_capacity = 0;
    for (size_t side = 0; side < SIDES; side++)
        free(take(updated->keys[side]));
    free(take(updated->newer));
}

void updated_release(struct pair *pair)
{
    struct updated *updated = take(pair->updated);

    if (updated == NULL)
        return;
    release_pass(updated);
    free(updated);
}

const char *updated_time(const struct pair *pair)
{
    return pair->updated->time;
}

static void append_column(struct text *sql, const struct pair *pair)
{
    text_append(sql, "t.");
    quote_identifier(sql, pair->table->shape.columns[pair->updated->column].name);
}

void updated_newer(struct text *sql, const struct pair *pair, size_t parameter)
{
    text_append(sql, "coalesce(");
    append_column(sql, pair);
    text_appendf(sql, " OPERATOR(pg_catalog.>=) $%zu::pg_catalog.%s, true)", parameter, pair->updated->type);
}

/* What the column is compared as; NULL where its type is none of a time. A domain over one has its binary form. */
static const char *time_type(const struct column_shape *column)
{
    if (column->form == FORM_SEND && strcmp(column->send, "timestamptz_send") == 0)
        return "timestamptz";
    if (column->form == FORM_SEND && strcmp(column->send, "timestamp_send") == 0)
        return "timestamp";
    return strcmp(column->type, "date") == 0 ? "date" : NULL;
}

/* NULL, or why all rows of the table must be compared. */
static char *obstacle(const struct pair *pair, const struct since *since, struct updated *updated)
{
    const struct table_shape *shape = &pair->table->shape;
    const struct column_shape *column = table_shape_column(shape, since->column);

    if (column == NULL)
        return format_string("no column %s", since->column);
    updated->column = (size_t)(column - shape->columns);
    updated->type = time_type(column);
    if (updated->type == NULL)
        return format_string("column %s is of type %s", since->column, column->type);
    if (shape->key_count == 0)
        return copy_string("no key");
    /* A new column holds other values in rows that nobody touched. */
    if (pair->values != NULL)
        return copy_string("the plan changes its columns");
    updated->time = strcmp(updated->type, "timestamptz") == 0 ? since->moment : since->local;
    return NULL;
}

/* Else all rows go into the plan, or leave it, by themselves. */
static bool has_rows(const struct pair *pair, size_t side)
{
    return pair->listed[side] != NULL && pair->listed[side]->blocks > 0;
}

static void add_line(struct text *lines, const char *identity, const char *what)
{
    text_appendf(lines, "\n%s%s%s", identity, what != NULL ? ": " : "", what != NULL ? what : "");
}

static void warn(struct comparison *comparison, const char *head, const struct text *lines)
{
    if (lines->length == 0)
        return;
    cleanup(free_string) char *warning = format_string("%s%s", head, lines->data);
    log_warning("%s", warning);
    string_list_add(&comparison->manifest->warnings, warning);
}

/* The names in the map are those of the result. */
static bool read_indexes(struct comparison *comparison, PGresult **result, struct map *indexed, struct error *err)
{
    const char *const parameters[] = {comparison->options->since->column};
    static char present;

    if (!connection_query(&comparison->databases[MAIN]->connections[0], sql_updated_at_indexes, 1, parameters, result,
                          err))
        return false;
    for (int row = 0; row < PQntuples(*result); row++)
        map_add(indexed, PQgetvalue(*result, row, 0), &present);
    return true;
}

bool updated_choose(struct comparison *comparison, struct error *err)
{
    const struct since *since = comparison->options->since;
    cleanup(result_clear) PGresult *indexes = NULL;
    cleanup(map_free) struct map indexed = {0};
    cleanup(text_free) struct text in_full = {0}, without_index = {0};

    if (since == NULL)
        return true;
    if (!read_indexes(comparison, &indexes, &indexed, err))
        return false;
    for (size_t i = 0; i < comparison->pair_count; i++) {
        struct pair *pair = &comparison->pairs[i];
        cleanup(text_free) struct text identity = {0};

        if (!has_rows(pair, MAIN) || !has_rows(pair, STANDIN))
            continue;
        quote_qualified(&identity, pair->table->shape.schema, pair->table->shape.name);
        struct updated *updated = allocate(1, sizeof *updated);
        cleanup(free_string) char *why = obstacle(pair, since, updated);
        if (why != NULL) {
            add_line(&in_full, identity.data, why);
            cleanup(free_string) char *known = take(pair->table->note);
            pair->table->note =
                format_string("%s%scompared in full: %s", known != NULL ? known : "", known != NULL ? "; " : "", why);
            free(updated);
            continue;
        }
        pair->updated = updated;
        updated->indexed = map_get(&indexed, identity.data) != NULL;
        if (!updated->indexed) {
            text_appendf(&without_index, "\nCREATE INDEX ON %s (", identity.data);
            quote_identifier(&without_index, since->column);
            text_append(&without_index, ");");
        }
    }
    warn(comparison, "--use-updated-at: these tables are compared in full:", &in_full);
    warn(comparison, "--use-updated-at reads all rows of main's tables that have no index for it; these would help:",
         &without_index);
    return true;
}

static bool add_keys(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct updated_task *pass = task->spec.context;
    struct fingerprint *slices = pass->pair->updated->keys[task->side];
    uint64_t slice = strtoull(PQgetvalue(result, row, 0), NULL, 10);

    if (slice >= pass->pair->table->chunking.slice_count)
        return error_set(err, ERROR_INTERNAL, "slice %" PRIu64 " of table %s is none", slice,
                         pass->pair->table->shape.name);
    slices[slice].rows += strtoull(PQgetvalue(result, row, 1), NULL, 10);
    slices[slice].sum += fingerprint_sum(PQgetvalue(result, row, 2));
    return true;
}

static bool add_newer(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct updated_task *pass = task->spec.context;
    uint64_t slice = strtoull(PQgetvalue(result, row, 0), NULL, 10);

    if (slice >= pass->pair->table->chunking.slice_count)
        return error_set(err, ERROR_INTERNAL, "slice %" PRIu64 " of table %s is none", slice,
                         pass->pair->table->shape.name);
    pass->pair->updated->newer[slice] += strtoull(PQgetvalue(result, row, 1), NULL, 10);
    return true;
}

static bool task_is_done(struct task *task, struct error *err)
{
    struct updated_task *pass = task->spec.context;

    (void)err;
    progress_step(pass->comparison->progress, pass->pair->table->shape.name, 1);
    return true;
}

/* A task with the slices' bounds as its first parameter, where there are some. */
static struct updated_task *new_task(struct comparison *comparison, struct pair *pair)
{
    struct updated *updated = pair->updated;
    struct updated_task *task = allocate(1, sizeof *task);

    task->comparison = comparison;
    task->pair = pair;
    if (pair->bounds != NULL)
        task->parameters[task->parameter_count++] = pair->bounds;
    array_reserve((void **)&updated->tasks, &updated->task_capacity, updated->task_count + 1, sizeof *updated->tasks);
    updated->tasks[updated->task_count++] = task;
    return task;
}

/* The number of the parameter, from 1. */
static size_t add_parameter(struct updated_task *task, const char *value)
{
    task->parameters[task->parameter_count] = value;
    return ++task->parameter_count;
}

static void queue(struct updated_task *task, size_t side, size_t number, struct text *sql, task_row row)
{
    task->sql = text_take(sql);
    const struct task_spec spec = {.sql = task->sql,
                                   .parameter_count = task->parameter_count,
                                   .parameters = task->parameters,
                                   .row = row,
                                   .done = task_is_done,
                                   .context = task,
                                   .schema = task->pair->table->shape.schema,
                                   .table = task->pair->table->shape.name};
    pool_add(task->comparison->pool, side, &spec, number);
}

/* Also where one range is all of the table: no index has places, so none is taken for the heap. */
static void append_blocks(struct text *sql, struct updated_task *task, size_t number, size_t count)
{
    block_range_set(&task->blocks, number, count, BLOCKS_PER_RANGE);
    size_t from = add_parameter(task, task->blocks.from), to = add_parameter(task, task->blocks.to);
    text_appendf(sql, " AND t.ctid >= $%zu::tid AND t.ctid < $%zu::tid", from, to);
}

/* The rows of slices `first` to `last`, as a range of the index. */
static void append_slices(struct text *sql, struct updated_task *task, size_t first, size_t last)
{
    const struct chunking *chunking = &task->pair->table->chunking;
    const struct column_shape *column = &task->pair->table->shape.columns[chunking->column];
    cleanup(text_free) struct text name = {0};

    quote_identifier(&name, column->name);
    if (first > 0)
        text_appendf(sql, " AND t.%s >= $%zu::%s", name.data, add_parameter(task, chunking->bounds[first - 1]),
                     column->type);
    if (last + 1 < chunking->slice_count)
        text_appendf(sql, " AND t.%s < $%zu::%s", name.data, add_parameter(task, chunking->bounds[last]), column->type);
}

/*
 * Keys alone are read from the index where its pages need not be checked against the heap's, else from the heap: by
 * the index, that would be a visit for every row.
 */
static void queue_keys(struct comparison *comparison, struct pair *pair, size_t side)
{
    const struct chunking *chunking = &pair->table->chunking;
    bool by_range = chunking->way == CHUNK_BY_RANGE && chunking->slice_count > 1;
    bool from_index = pair->indexed[side] && pair->listed[side]->all_visible;
    size_t count = from_index && !by_range ? 1 : pair_range_count(comparison, pair, side, BLOCKS_PER_RANGE);
    size_t per_task = (chunking->slice_count + count - 1) / count;

    for (size_t i = 0; i < count && (!from_index || i * per_task < chunking->slice_count); i++) {
        struct updated_task *task = new_task(comparison, pair);
        struct text sql = {0};

        text_append(&sql, "SELECT ");
        if (by_range)
            text_append(&sql, "f.slice");
        else
            fingerprint_slice_of(&sql, chunking, "f.f");
        text_append(&sql, ", count(*), sum(f.f) FROM (SELECT ");
        fingerprint_key(&sql, &pair->table->shape, NULL, "t");
        text_append(&sql, " AS f");
        if (by_range) {
            text_append(&sql, ", ");
            fingerprint_slice(&sql, &pair->table->shape, chunking, NULL, "t");
            text_append(&sql, " AS slice");
        }
        pair_table(&sql, pair, side);
        text_append(&sql, " WHERE true");
        if (!from_index)
            append_blocks(&sql, task, i, count);
        else if (count > 1)
            append_slices(&sql, task, i * per_task,
                          (i + 1) * per_task < chunking->slice_count ? (i + 1) * per_task - 1
                                                                     : chunking->slice_count - 1);
        text_append(&sql, " OFFSET 0) AS f GROUP BY 1");
        queue(task, side, i, &sql, add_keys);
    }
}

static void append_newer_count(struct text *sql, const struct pair *pair)
{
    text_append(sql, "SELECT ");
    fingerprint_slice(sql, &pair->table->shape, &pair->table->chunking, NULL, "t");
    text_append(sql, ", count(*)");
    pair_table(sql, pair, MAIN);
    text_append(sql, " WHERE ");
}

/* One statement for newer rows and one for those that do not say, so that each is a range of the index. */
static void queue_newer_by_index(struct comparison *comparison, struct pair *pair)
{
    for (size_t unknown = 0; unknown < 2; unknown++) {
        struct updated_task *task = new_task(comparison, pair);
        struct text sql = {0};

        append_newer_count(&sql, pair);
        append_column(&sql, pair);
        if (unknown == 1)
            text_append(&sql, " IS NULL");
        else
            text_appendf(&sql, " OPERATOR(pg_catalog.>=) $%zu::pg_catalog.%s", add_parameter(task, pair->updated->time),
                         pair->updated->type);
        text_append(&sql, " GROUP BY 1");
        queue(task, MAIN, unknown, &sql, add_newer);
    }
}

static void queue_newer_by_scan(struct comparison *comparison, struct pair *pair)
{
    size_t count = pair_range_count(comparison, pair, MAIN, BLOCKS_PER_RANGE);

    for (size_t i = 0; i < count; i++) {
        struct updated_task *task = new_task(comparison, pair);
        struct text sql = {0};

        append_newer_count(&sql, pair);
        updated_newer(&sql, pair, add_parameter(task, pair->updated->time));
        append_blocks(&sql, task, i, count);
        text_append(&sql, " GROUP BY 1");
        queue(task, MAIN, i, &sql, add_newer);
    }
}

void updated_scan(struct comparison *comparison, struct pair *pair)
{
    struct updated *updated = pair->updated;
    size_t slices = pair->table->chunking.slice_count;

    updated->newer = allocate(slices, sizeof *updated->newer);
    for (size_t side = 0; side < SIDES; side++) {
        updated->keys[side] = allocate(slices, sizeof *updated->keys[side]);
        queue_keys(comparison, pair, side);
    }
    if (updated->indexed)
        queue_newer_by_index(comparison, pair);
    else
        queue_newer_by_scan(comparison, pair);
}

static bool must_be_read(const struct updated *updated, size_t slice)
{
    const struct fingerprint *main = &updated->keys[MAIN][slice], *standin = &updated->keys[STANDIN][slice];

    return updated->newer[slice] > 0 || main->rows != standin->rows || main->sum != standin->sum;
}

void updated_compare(struct comparison *comparison, struct pair *pair)
{
    struct updated *updated = pair->updated;
    struct plan_table *table = pair->table;
    size_t count = table->chunking.slice_count;

    table->strategy = STRATEGY_UPDATED_AT;
    table->base_partly = true;
    table->main_partly = !comparison->options->full_fingerprints;
    if (table->main_partly)
        for (size_t i = 0; i < count; i++)
            table->main.rows += updated->keys[MAIN][i].rows;
    pair_set_chunk_size(pair, comparison->options->chunk_size);
    for (size_t i = 0; i < count; i++)
        pair->differing_count += must_be_read(updated, i);
    pair->differing = allocate(pair->differing_count, sizeof *pair->differing);
    for (size_t side = 0; side < SIDES; side++)
        pair->differed[side] = allocate(pair->differing_count, sizeof *pair->differed[side]);
    for (size_t i = 0, at = 0; i < count; i++) {
        if (!must_be_read(updated, i))
            continue;
        pair->differing[at] = i;
        for (size_t side = 0; side < SIDES; side++)
            pair->differed[side][at].rows = updated->keys[side][i].rows; /* the sums come from the rows: merge.c */
        at++;
    }
    release_pass(updated);
}

void updated_finish(struct pair *pair)
{
    size_t kept = 0;

    for (size_t i = 0; i < pair->differing_count; i++) {
        const struct fingerprint main = pair->differed[MAIN][i], standin = pair->differed[STANDIN][i];

        if (main.rows == standin.rows && main.sum == standin.sum)
            continue;
        pair->differing[kept] = pair->differing[i];
        pair->differed[MAIN][kept] = main;
        pair->differed[STANDIN][kept++] = standin;
    }
    pair->differing_count = kept;
}
