/*
 * Whole rows of what differs: main's for inserts and updates, the stand-in's for before images (and for deletes where
 * there is no key).
 *
 * Fetches run in parallel and answer in any order; the plan has their rows in the order of the changes. The first fetch
 * that is not written to its end (the head, one per side) writes straight through, those behind it gather their rows,
 * and pause when they have gathered enough. Fetches start in their order, so the head is never kept waiting by them.
 */
#include "plan/rows/batch.h"

#include "common/copy_text.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/rows/array_literal.h"

#include <inttypes.h>

/* Rows per statement through an index; bytes that a fetch may hold back; bytes of a value that are encoded at a time.
 */
enum { ROWS_PER_FETCH = 500, GATHERED_SIZE = 1024 * 1024, PIECE_SIZE = 256 * 1024 };

struct fetch {
    struct batch *batch;
    struct fetches *all;
    size_t side, number; /* its place among the fetches of its side */
    const struct change **changes;
    size_t count, next;                       /* the next expected */
    bool large;                               /* one of the rows is */
    const struct listed_partition *partition; /* that has rows without key; NULL: the table has them */
    uint64_t blocks_before;                   /* in the partitions before it */
    char *sql;
    char **parameters; /* an array per key column, and their length; without key, of the places */
    size_t parameter_count;
    struct text gathered[ROWS_KINDS];
    uint64_t gathered_rows[ROWS_KINDS];
    struct task *task; /* while it runs */
    bool done;
};

struct fetches {
    struct fetch **items[SIDES];
    size_t count[SIDES], capacity[SIDES], head[SIDES];
};

struct fetches *fetches_new(void)
{
    return allocate(1, sizeof(struct fetches));
}

static void fetch_free(struct fetch *fetch)
{
    for (size_t kind = 0; kind < ROWS_KINDS; kind++)
        text_free(&fetch->gathered[kind]);
    for (size_t i = 0; i < fetch->parameter_count; i++)
        free(fetch->parameters[i]);
    free(fetch->parameters);
    free(fetch->changes);
    free(fetch->sql);
    free(fetch);
}

void fetches_free(struct fetches *fetches)
{
    if (fetches == NULL)
        return;
    for (size_t side = 0; side < SIDES; side++) {
        for (size_t i = 0; i < fetches->count[side]; i++)
            if (fetches->items[side][i] != NULL)
                fetch_free(fetches->items[side][i]);
        free(fetches->items[side]);
    }
    free(fetches);
}

/* Into which entry the row goes that was fetched for the change. */
static enum rows_kind kind_of(const struct fetch *fetch, const struct change *change)
{
    if (fetch->side == MAIN)
        return change->kind;
    return fetch->batch->pair->table->shape.key_count > 0 ? ROWS_BEFORE : ROWS_DELETE;
}

static bool is_head(const struct fetch *fetch)
{
    return fetch->all->head[fetch->side] == fetch->number;
}

/* Writes what was gathered. */
static bool write_out(struct fetch *fetch, struct error *err)
{
    for (size_t kind = 0; kind < ROWS_KINDS; kind++) {
        struct text *gathered = &fetch->gathered[kind];

        if (gathered->length == 0)
            continue;
        if (!row_output_write(&fetch->batch->pair->outputs[kind], gathered->data, gathered->length,
                              fetch->gathered_rows[kind], err))
            return false;
        text_clear(gathered);
        fetch->gathered_rows[kind] = 0;
    }
    return true;
}

static bool wrong_answer(const struct fetch *fetch, struct error *err)
{
    const struct table_shape *shape = &fetch->batch->pair->table->shape;

    return error_set(err, ERROR_INTERNAL, "%s: rows of table %s.%s cannot be found by their keys",
                     fetch->side == MAIN ? "main" : "stand-in", shape->schema, shape->name);
}

/* The head need not hold anything back, not even the rest of a row. */
static bool write_much(struct fetch *fetch, const struct text *gathered, struct error *err)
{
    return gathered->length < GATHERED_SIZE || !is_head(fetch) || write_out(fetch, err);
}

/* Appends the field in pieces, so that a large value is not here a second time. */
static bool encode_field(struct fetch *fetch, struct text *gathered, const char *value, size_t length,
                         struct error *err)
{
    for (size_t at = 0; at < length; at += PIECE_SIZE) {
        copy_text_field(gathered, value + at, length - at < PIECE_SIZE ? length - at : PIECE_SIZE);
        if (!write_much(fetch, gathered, err))
            return false;
    }
    return true;
}

static bool encode_row(struct fetch *fetch, enum rows_kind kind, const PGresult *result, int row, struct error *err)
{
    struct text *gathered = &fetch->gathered[kind];

    for (int i = 1; i < PQnfields(result); i++) {
        if (i > 1)
            text_append_char(gathered, '\t');
        if (PQgetisnull(result, row, i))
            copy_text_field(gathered, NULL, 0);
        else if (!encode_field(fetch, gathered, PQgetvalue(result, row, i), (size_t)PQgetlength(result, row, i), err))
            return false;
    }
    text_append_char(gathered, '\n');
    fetch->gathered_rows[kind]++;
    return write_much(fetch, gathered, err);
}

static bool keep_row(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct fetch *fetch = task->spec.context;
    size_t gathered = 0;

    fetch->task = task;
    if (fetch->next >= fetch->count || strtoull(PQgetvalue(result, row, 0), NULL, 10) != fetch->next + 1)
        return wrong_answer(fetch, err);
    const struct change *change = fetch->changes[fetch->next++];
    enum rows_kind kind = kind_of(fetch, change);

    for (uint64_t copy = 0; copy < change->copies; copy++)
        if (!encode_row(fetch, kind, result, row, err))
            return false;
    for (size_t i = 0; i < ROWS_KINDS; i++)
        gathered += fetch->gathered[i].length;
    if (gathered < GATHERED_SIZE)
        return true;
    if (is_head(fetch))
        return write_out(fetch, err);
    task->paused = true;
    return true;
}

/* Moves the head over what is done; the new one need not hold its rows back any longer. */
static bool advance_head(struct fetches *all, size_t side, struct error *err)
{
    size_t *head = &all->head[side];

    while (*head < all->count[side]) {
        struct fetch *fetch = all->items[side][*head];

        if (!write_out(fetch, err))
            return false;
        if (!fetch->done) {
            if (fetch->task != NULL)
                fetch->task->paused = false;
            return true;
        }
        fetch_free(take(all->items[side][*head]));
        ++*head;
    }
    return true;
}

static bool fetch_done(struct task *task, struct error *err)
{
    struct fetch *fetch = task->spec.context;

    fetch->done = true;
    fetch->task = NULL;
    if (fetch->next != fetch->count)
        return wrong_answer(fetch, err);
    return !is_head(fetch) || advance_head(fetch->all, fetch->side, err);
}

/* `p.c0, p.c2`: the written columns. */
static void append_written(struct text *sql, const struct table_shape *shape, const char *alias)
{
    for (size_t i = 0; i < shape->column_count; i++)
        if (!shape->columns[i].generated)
            text_appendf(sql, ", %s.c%zu", alias, i);
}

/* The written columns as the side has them, as c0, c2, … */
static void append_columns(struct text *sql, const struct pair *pair, size_t side, const char *separator)
{
    const struct table_shape *shape = &pair->table->shape;

    for (size_t i = 0; i < shape->column_count; i++) {
        if (shape->columns[i].generated)
            continue;
        text_append(sql, separator);
        pair_column(sql, pair, side, i);
        text_appendf(sql, " AS c%zu", i);
        separator = ", ";
    }
}

/* A projection of a key column has no index. */
static bool is_compared_as_text(const struct pair *pair, size_t side, size_t column)
{
    return pair->table->shape.columns[column].form == FORM_TEXT && side == STANDIN && pair->values != NULL &&
           pair->values[column] != NULL;
}

/*
 * Is the parameter an array of the column's type? Then its input function reads the keys, which cannot fail: it reads
 * what the output function wrote. A cast from text may do something else (regclass does not take numbers). Arrays are
 * no elements of arrays, and domains are only since 11.
 */
static bool is_read_in_array(const struct comparison *comparison, const struct pair *pair, size_t side, size_t column)
{
    const char *type = pair_type(pair, side, column);
    size_t length = strlen(type);

    return !is_compared_as_text(pair, side, column) && (length < 2 || strcmp(type + length - 2, "[]") != 0) &&
           comparison->databases[side]->identity.server_version_number >= 110000;
}

/*
 * A partitioned table itself, which knows in which partition a key is. Should it have other partitions by now, rows are
 * not found, or found twice, and there is no plan.
 */
static void append_searched(struct text *sql, const struct pair *pair, size_t side)
{
    if (!pair->listed[side]->partitioned) {
        pair_table(sql, pair, side);
        return;
    }
    text_append(sql, " FROM ");
    quote_qualified(sql, pair->table->shape.schema, pair->table->shape.name);
    text_append(sql, " AS t");
}

void keys_join(struct text *sql, const struct comparison *comparison, const struct pair *pair, size_t side,
               const char *columns)
{
    const struct table_shape *shape = &pair->table->shape;

    /* Not in FROM, where a composite type would become its columns. */
    text_append(sql, " FROM (SELECT ");
    for (size_t i = 0; i < shape->key_count; i++)
        text_appendf(
            sql, "unnest($%zu::%s[]) AS k%zu, ", i + 1,
            is_read_in_array(comparison, pair, side, shape->key[i]) ? pair_type(pair, side, shape->key[i]) : "text", i);
    text_appendf(sql, "generate_series(1, $%zu::int8) AS n) AS k JOIN (SELECT %s", shape->key_count + 1, columns);
    append_searched(sql, pair, side);
    text_append(sql, ") AS p ON ");
    for (size_t i = 0; i < shape->key_count; i++) {
        const struct column_shape *column = &shape->columns[shape->key[i]];

        text_appendf(sql, "%sp.c%zu", i > 0 ? " AND " : "", shape->key[i]);
        if (is_compared_as_text(pair, side, shape->key[i])) {
            text_appendf(sql, "::pg_catalog.text COLLATE pg_catalog.\"C\" = k.k%zu", i);
            continue;
        }
        if (column->equality_schema != NULL) {
            text_append(sql, " OPERATOR(");
            quote_identifier(sql, column->equality_schema);
            text_append(sql, ".=)");
        } else {
            text_append(sql, " =");
        }
        text_appendf(sql, " k.k%zu", i);
        if (!is_read_in_array(comparison, pair, side, shape->key[i]))
            text_appendf(sql, "::%s", pair_type(pair, side, shape->key[i]));
        const char *collation = pair_key_collation(pair, side, shape->key[i]);
        if (collation != NULL)
            text_appendf(sql, " COLLATE %s", collation);
    }
    text_append(sql, " ORDER BY k.n");
}

/* SELECT k.n, row … FROM the keys JOIN the table. */
static char *keyed_statement(const struct comparison *comparison, const struct pair *pair, size_t side)
{
    cleanup(text_free) struct text columns = {0};
    struct text sql = {0};

    text_append(&sql, "SELECT k.n");
    append_written(&sql, &pair->table->shape, "p");
    append_columns(&columns, pair, side, "");
    keys_join(&sql, comparison, pair, side, columns.data);
    return text_take(&sql);
}

/* The rows at the places that a scan of the same snapshot found: any one of several that are the same. */
static char *places_statement(const struct pair *pair, size_t side, const struct listed_partition *partition)
{
    const struct table_shape *shape = &pair->table->shape;
    struct text sql = {0};

    text_append(&sql, "SELECT k.n");
    append_written(&sql, shape, "d");
    text_append(&sql, " FROM unnest($1::tid[]) WITH ORDINALITY AS k (place, n) JOIN (SELECT t.ctid AS place");
    append_columns(&sql, pair, side, ", ");
    partition_table(&sql, pair, side, partition);
    text_append(&sql, " WHERE t.ctid = ANY ($1::tid[]) OFFSET 0) AS d ON d.place = k.place ORDER BY k.n");
    return text_take(&sql);
}

static char *fetch_statement(const struct fetch *fetch)
{
    const struct pair *pair = fetch->batch->pair;

    return pair->table->shape.key_count > 0 ? keyed_statement(fetch->batch->comparison, pair, fetch->side)
                                            : places_statement(pair, fetch->side, fetch->partition);
}

char **keys_parameters(const struct batch *batch, const struct change *const *changes, size_t count,
                       size_t *parameter_count)
{
    size_t key_count = batch->pair->table->shape.key_count;
    struct text *arrays = allocate(key_count, sizeof *arrays);
    char **parameters = allocate(key_count + 1, sizeof *parameters);

    for (size_t i = 0; i < count; i++) {
        const char *key = batch->keys.data + changes[i]->offset;

        for (size_t column = 0; column < key_count; column++, key += strlen(key) + 1)
            array_literal_add(&arrays[column], key);
    }
    for (size_t i = 0; i < key_count; i++) {
        array_literal_end(&arrays[i]);
        parameters[i] = text_take(&arrays[i]);
    }
    parameters[key_count] = format_string("%zu", count);
    *parameter_count = key_count + 1;
    free(arrays);
    return parameters;
}

/* Without key: of the places. */
static void make_array(struct fetch *fetch)
{
    struct text array = {0};

    for (size_t i = 0; i < fetch->count; i++)
        text_appendf(&array, "%s\"(%" PRIu64 ",%u)\"", i == 0 ? "{" : ",",
                     fetch->changes[i]->block - fetch->blocks_before, fetch->changes[i]->tuple);
    array_literal_end(&array);
    fetch->parameters = allocate(1, sizeof *fetch->parameters);
    fetch->parameters[fetch->parameter_count++] = text_take(&array);
}

static void queue(struct fetches *all, struct fetch *fetch)
{
    const struct pair *pair = fetch->batch->pair;
    size_t side = fetch->side;

    fetch->all = all;
    fetch->number = all->count[side];
    fetch->sql = fetch_statement(fetch);
    if (pair->table->shape.key_count > 0)
        fetch->parameters = keys_parameters(fetch->batch, fetch->changes, fetch->count, &fetch->parameter_count);
    else
        make_array(fetch);
    array_reserve((void **)&all->items[side], &all->capacity[side], all->count[side] + 1, sizeof *all->items[side]);
    all->items[side][all->count[side]++] = fetch;
    const struct task_spec spec = {
        .sql = fetch->sql,
        .parameter_count = fetch->parameter_count,
        .parameters = (const char *const *)fetch->parameters,
        .single_rows = true,
        .alone = fetch->large,
        .row = keep_row,
        .done = fetch_done,
        .context = fetch,
        .schema = pair->table->shape.schema,
        .table = pair->table->shape.name,
    };
    pool_add(fetch->batch->comparison->pool, side, &spec, fetch->number);
}

bool fetch_is_wanted(const struct batch *batch, size_t side, const struct change *change)
{
    bool before_images = batch->comparison->options->before_images;

    if (side == MAIN)
        return change->kind != ROWS_DELETE && rows_form(batch->pair->table, change->kind, before_images) == ROWS_WHOLE;
    if (batch->pair->table->shape.key_count == 0)
        return change->kind == ROWS_DELETE && rows_form(batch->pair->table, change->kind, before_images) == ROWS_WHOLE;
    return before_images && change->kind != ROWS_INSERT;
}

/* In which of several heaps, one behind the other, the row lies. */
static void find_partition(struct fetch *fetch, const struct change *change)
{
    const struct listed_table *listed = fetch->batch->pair->listed[fetch->side];

    for (size_t i = 0; i < listed->partition_count; i++) {
        fetch->partition = &listed->partitions[i];
        if (change->block < fetch->blocks_before + fetch->partition->blocks)
            return;
        fetch->blocks_before += fetch->partition->blocks;
    }
}

static bool is_of_partition(const struct fetch *fetch, const struct change *change)
{
    return fetch->partition == NULL ||
           (change->block >= fetch->blocks_before && change->block < fetch->blocks_before + fetch->partition->blocks);
}

/* Rows per statement. To plan one over a partitioned table, or to read all of its partitions, takes as much for few
 * keys. */
static size_t fetch_limit(const struct batch *batch, size_t side)
{
    const struct listed_table *listed = batch->pair->listed[side];
    bool by_place = batch->pair->table->shape.key_count == 0;
    size_t limit = ROWS_PER_FETCH;

    if (!batch->pair->indexed[side] && !by_place)
        return batch->change_count;
    if (listed != NULL && listed->partitioned && !by_place)
        limit *= listed->partition_count + 1;
    return limit < batch->change_count ? limit : batch->change_count;
}

void fetch_queue(struct fetches *fetches, struct batch *batch)
{
    for (size_t side = 0; side < SIDES; side++) {
        bool by_place = batch->pair->table->shape.key_count == 0;
        size_t limit = fetch_limit(batch, side);
        struct fetch *fetch = NULL;

        for (size_t i = 0; i < batch->change_count; i++) {
            if (!fetch_is_wanted(batch, side, &batch->changes[i]))
                continue;
            if (fetch != NULL && !is_of_partition(fetch, &batch->changes[i]))
                queue(fetches, take(fetch));
            if (fetch == NULL) {
                fetch = allocate(1, sizeof *fetch);
                fetch->batch = batch;
                fetch->side = side;
                fetch->changes = allocate(limit, sizeof(struct change *));
                if (by_place)
                    find_partition(fetch, &batch->changes[i]);
            }
            fetch->changes[fetch->count++] = &batch->changes[i];
            fetch->large = fetch->large || batch->changes[i].large[side];
            if (fetch->count == limit)
                queue(fetches, take(fetch));
        }
        if (fetch != NULL)
            queue(fetches, fetch);
    }
}
