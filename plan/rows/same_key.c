/*
 * New rows whose key the stand-in has in another spelling: 'A' and 'a' where the collation or citext takes them for the
 * same, 1.0 and 1.00. They are compared as texts, by which the one is a row to come and the other one to go. Where the
 * row that goes stays instead (--no-delete-rows), the unique index would not let the other come: the row is updated.
 */
#include "plan/rows/batch.h"

#include "common/memory.h"
#include "common/quote.h"

#include <inttypes.h>

/* Rows per statement through an index. */
enum { ROWS_PER_SEARCH = 500 };

struct search {
    struct batch *batch;
    struct change **changes;
    size_t count;
    char *sql;
    char **parameters;
    size_t parameter_count;
    struct text line;
};

void same_key_release(struct batch *batch)
{
    for (size_t i = 0; i < batch->search_count; i++) {
        struct search *search = &batch->searches[i];

        for (size_t j = 0; j < search->parameter_count; j++)
            free(search->parameters[j]);
        free(search->parameters);
        free(search->changes);
        free(search->sql);
        text_free(&search->line);
    }
    free(take(batch->searches));
    batch->search_count = 0;
}

/* Are there keys that are equal without being the same? Strings may be, by their collation. */
static bool has_loose_key(const struct table_shape *shape)
{
    for (size_t i = 0; i < shape->key_count; i++) {
        const struct column_shape *column = &shape->columns[shape->key[i]];

        if (column->form != FORM_VALUE || column->equality_schema != NULL)
            return true;
    }
    return false;
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Main has no row of that spelling, so its slice is one of those that differ. */
static bool rename_key(struct pair *pair, uint64_t slice, uint64_t fingerprint, struct error *err)
{
    const uint64_t *found =
        bsearch(&slice, pair->differing, pair->differing_count, sizeof *pair->differing, compare_numbers);

    if (found == NULL)
        return error_set(err, ERROR_INTERNAL, "stand-in: a row of table %s.%s is in a slice that is the same",
                         pair->table->shape.schema, pair->table->shape.name);
    if (pair->renamed == NULL)
        pair->renamed = allocate(pair->differing_count, sizeof *pair->renamed);
    pair->renamed[found - pair->differing].rows++;
    pair->renamed[found - pair->differing].sum += fingerprint;
    return true;
}

void same_key_finish(struct pair *pair)
{
    for (size_t i = 0; pair->renamed != NULL && i < pair->differing_count; i++) {
        pair->differed[MAIN][i].rows -= pair->renamed[i].rows;
        pair->differed[MAIN][i].sum -= pair->renamed[i].sum;
    }
    free(take(pair->renamed));
}

/* Keys that are equal are in one range. */
static bool is_ranged(const struct pair *pair)
{
    return pair->table->chunking.way == CHUNK_BY_RANGE;
}

/* The number of the key, whether the row is large, and its slice and fingerprint; or the columns of its line. */
static bool keep_found(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct search *search = task->spec.context;
    struct pair *pair = search->batch->pair;
    struct change *change = search->changes[strtoull(PQgetvalue(result, row, 0), NULL, 10) - 1];
    struct streamed_row streamed = {0};

    if (change->kind == ROWS_UPDATE)
        return error_set(err, ERROR_REFUSED, "table %s.%s of the stand-in has the same key twice",
                         pair->table->shape.schema, pair->table->shape.name);
    change->kind = ROWS_UPDATE;
    change->large[STANDIN] = strcmp(PQgetvalue(result, row, 1), "t") == 0;
    if (!pair_is_streamed(pair))
        return rename_key(pair, is_ranged(pair) ? change->slice : strtoull(PQgetvalue(result, row, 2), NULL, 10),
                          (uint64_t)strtoll(PQgetvalue(result, row, 3), NULL, 10), err);
    line_of_result(&search->line, result, row, 2);
    return row_reader_take(pair->reader, search->line.data, search->line.length, &streamed, err) &&
           rename_key(pair, streamed.slice, streamed.fingerprint, err);
}

static char *make_statement(const struct batch *batch)
{
    const struct pair *pair = batch->pair;
    const struct table_shape *shape = &pair->table->shape;
    cleanup(text_free) struct text columns = {0};
    struct text sql = {0};
    size_t order_count = 0;
    size_t *order = pair_is_streamed(pair) ? streamed_order(shape, &order_count) : NULL;

    text_append(&sql, "SELECT k.n, p.large");
    pair_large(&columns, pair, STANDIN);
    text_append(&columns, " AS large");
    for (size_t i = 0; i < shape->key_count; i++) {
        text_append(&columns, ", ");
        pair_column(&columns, pair, STANDIN, shape->key[i]);
        text_appendf(&columns, " AS c%zu", shape->key[i]);
    }
    for (size_t i = 0; i < order_count; i++) {
        text_appendf(&sql, ", p.l%zu", i);
        text_append(&columns, ", ");
        streamed_column(&columns, shape, order[i], pair_values(pair, STANDIN), "t");
        text_appendf(&columns, " AS l%zu", i);
    }
    if (order == NULL) {
        text_append(&sql, ", p.slice, p.f");
        text_append(&columns, ", ");
        if (is_ranged(pair))
            text_append(&columns, "0");
        else
            fingerprint_slice(&columns, shape, &pair->table->chunking, pair_values(pair, STANDIN), "t");
        text_append(&columns, " AS slice, ");
        fingerprint_row(&columns, shape, pair_values(pair, STANDIN), "t");
        text_append(&columns, " AS f");
    }
    free(order);
    keys_join(&sql, batch->comparison, pair, STANDIN, columns.data);
    return text_take(&sql);
}

void same_key_queue(struct batch *batch)
{
    const struct pair *pair = batch->pair;
    size_t limit = pair->indexed[STANDIN] ? ROWS_PER_SEARCH : batch->change_count, inserts = 0, number = 0;

    if (batch->comparison->options->delete_rows || pair->listed[STANDIN] == NULL || !has_loose_key(&pair->table->shape))
        return;
    for (size_t i = 0; i < batch->change_count; i++)
        inserts += batch->changes[i].kind == ROWS_INSERT;
    if (inserts == 0)
        return;
    batch->search_count = (inserts + limit - 1) / limit;
    batch->searches = allocate(batch->search_count, sizeof *batch->searches);
    for (size_t i = 0; i < batch->change_count; i++) {
        struct search *search = &batch->searches[number];

        if (batch->changes[i].kind != ROWS_INSERT)
            continue;
        if (search->changes == NULL)
            search->changes = allocate(limit, sizeof *search->changes);
        search->changes[search->count++] = &batch->changes[i];
        number += search->count == limit;
    }
    for (size_t i = 0; i < batch->search_count; i++) {
        struct search *search = &batch->searches[i];

        search->batch = batch;
        search->sql = make_statement(batch);
        search->parameters = keys_parameters(batch, (const struct change *const *)search->changes, search->count,
                                             &search->parameter_count);
        const struct task_spec spec = {
            .sql = search->sql,
            .parameter_count = search->parameter_count,
            .parameters = (const char *const *)search->parameters,
            .single_rows = true,
            .row = keep_found,
            .context = search,
            .schema = batch->pair->table->shape.schema,
            .table = batch->pair->table->shape.name,
        };
        pool_add(batch->comparison->pool, STANDIN, &spec, i);
    }
}
