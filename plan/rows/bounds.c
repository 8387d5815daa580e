/*
 * How the rows of a pair are divided into slices.
 *
 * Bounds are keys that are there: of a small table every 128th in the order of the index, of a larger one those of a
 * sample that reads single rows of evenly spread blocks, on the side that has more of them. Where the sample shows
 * whole numbers that are spread evenly, they are multiples of a power of two; a few rows show that of a table that lies
 * in the order of such a key. What is chosen follows from the snapshot
 * and the number of blocks, not from statistics, so a plan is the same with any number of workers, before and after
 * ANALYZE. Slices need not be even; a key whose leading column cannot divide the rows (a tenant's number) or does not
 * sort alike everywhere (text) is hashed instead.
 */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/quote.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * Blocks per slice: with changes scattered over a table, a slice is what each change makes read again. Slices per
 * table: what the sums of one scan may take, here (16 bytes) and in the server (some 200).
 */
enum { BLOCKS_PER_SLICE = 2, MAXIMUM_SLICES = 65536, MAXIMUM_HASH_BITS = 16 };

/* So many neighbours of a hundred lie in the order of the key, where a table follows it: a range of blocks has few
 * slices. */
enum { IN_ORDER_PERCENT = 90 };

/* Blocks up to which all keys are read in their order; rows from one bound to the next. */
enum { SMALL_TABLE_BLOCKS = 64, SMALL_TABLE_SLICE_ROWS = 128 };

/* So many pairs of blocks say whether whole numbers are spread evenly, and in order: a small part of a table's. */
enum { PROBES = 512, PROBED_TABLE_BLOCKS = 4096 };

struct sampled_key {
    char *key;
    uint64_t block; /* not where all keys are read */
};

enum sample { ALL_KEYS, PROBE, PLACES, WHOLE_BLOCKS };

struct choice {
    struct comparison *comparison;
    struct pair *pair;
    size_t side; /* whose keys */
    char *sql, *parameters[2];
    enum sample sample;
    struct sampled_key *keys; /* ascending, as they come */
    size_t count, capacity, wanted;
    size_t in_order; /* keys that lie in a later block than the key before them */
};

size_t pair_wanted_slices(const struct pair *pair)
{
    uint64_t blocks = 0;

    /* All rows come with the plan: none is looked for, here or by apply. */
    if (!pair->table->fdw && (pair->listed[STANDIN] == NULL || pair->listed[STANDIN]->blocks == 0))
        return 1;
    for (size_t side = 0; side < SIDES; side++)
        if (pair->listed[side] != NULL && pair->listed[side]->blocks > blocks)
            blocks = pair->listed[side]->blocks;
    blocks = (blocks + BLOCKS_PER_SLICE - 1) / BLOCKS_PER_SLICE;
    return blocks > MAXIMUM_SLICES ? MAXIMUM_SLICES : blocks < 1 ? 1 : (size_t)blocks;
}

static void choose_hash(struct pair *pair)
{
    struct chunking *chunking = &pair->table->chunking;
    size_t wanted = pair_wanted_slices(pair);
    unsigned bits = 0;

    while (bits < MAXIMUM_HASH_BITS && (size_t)1 << bits < wanted)
        bits++;
    chunking->way = CHUNK_BY_HASH;
    chunking->hash_bits = bits;
    chunking->slice_count = (size_t)1 << bits;
}

static void forget_answer(struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++)
        free(choice->keys[i].key);
    for (size_t i = 0; i < array_length(choice->parameters); i++)
        free(take(choice->parameters[i]));
    free(take(choice->sql));
    choice->count = 0;
    choice->in_order = 0;
}

void bounds_release(struct pair *pair)
{
    struct choice *choice = take(pair->choice);

    if (choice == NULL)
        return;
    forget_answer(choice);
    free(choice->keys);
    free(choice);
}

static int64_t number_of(const struct choice *choice, size_t key)
{
    return strtoll(choice->keys[key].key, NULL, 10);
}

static uint64_t distance(const struct choice *choice, size_t from, size_t to)
{
    return (uint64_t)number_of(choice, to) - (uint64_t)number_of(choice, from);
}

/*
 * Has a row, in its slice, not many more neighbours than it would have if all slices were alike? A probe knows how many
 * numbers some blocks take, where the next block has the next of them: of blocks that take half as many as all do in
 * the mean, a slice has twice as many.
 */
static bool is_even(const struct choice *choice, unsigned bits, size_t slices)
{
    size_t neighbours = 0, pairs = 0;
    double crowd = 0;

    if (choice->sample == PROBE) {
        double mean =
            (double)distance(choice, 0, choice->count - 1) / (double)choice->pair->listed[choice->side]->blocks;
        for (size_t i = 0; i + 1 < choice->count; i++)
            if (choice->keys[i + 1].block == choice->keys[i].block + 1) {
                crowd += mean / (double)distance(choice, i, i + 1);
                pairs++;
            }
        return pairs >= PROBES / 2 && crowd <= 2 * (double)pairs;
    }
    for (size_t from = 0, to; from < choice->count; from = to) {
        int64_t slice = number_of(choice, from) >> bits;

        for (to = from + 1; to < choice->count && number_of(choice, to) >> bits == slice;)
            to++;
        neighbours += (to - from) * (to - from);
    }
    return neighbours / choice->count <= 2 * (choice->count / slices + 1);
}

/*
 * Where whole numbers are spread evenly, as those of a sequence are, multiples of a power of two serve as bounds:
 * fingerprint_scan() finds a row's slice by a shift then.
 */
static bool choose_steps(const struct choice *choice)
{
    const struct table_shape *shape = &choice->pair->table->shape;
    struct chunking *chunking = &choice->pair->table->chunking;
    bool in_order = choice->in_order * 100 > choice->count * IN_ORDER_PERCENT;
    size_t wanted = choice->wanted * (in_order ? BLOCKS_PER_SLICE : 1);
    size_t most = in_order ? (size_t)MAXIMUM_SLICES * 2 : MAXIMUM_SLICES; /* half as many come out at least */
    unsigned bits = 1;

    if (choice->sample == ALL_KEYS || choice->count < 2 || !fingerprint_column_shifts(&shape->columns[shape->key[0]]) ||
        (choice->sample == PROBE && !in_order))
        return false;
    wanted = wanted > most ? most : wanted;
    int64_t first = number_of(choice, 0), last = number_of(choice, choice->count - 1);
    while ((uint64_t)(last >> bits) - (uint64_t)(first >> bits) >= wanted)
        bits++;
    size_t count = (size_t)((last >> bits) - (first >> bits)) + 1;
    if (count * 4 < choice->wanted || !is_even(choice, bits, count))
        return false;
    *chunking = (struct chunking){.way = CHUNK_BY_RANGE, .column = shape->key[0], .slice_count = count};
    chunking->bounds = allocate(count, sizeof *chunking->bounds);
    for (size_t i = 0; i + 1 < count; i++)
        chunking->bounds[i] = format_string("%" PRId64, ((first >> bits) + 1 + (int64_t)i) * ((int64_t)1 << bits));
    return true;
}

/* Takes `wanted` bounds from the keys, at even distances, each once. */
static void choose_keys(struct choice *choice)
{
    struct pair *pair = choice->pair;
    struct chunking *chunking = &pair->table->chunking;
    size_t wanted = choice->sample == ALL_KEYS || choice->count < choice->wanted ? choice->count : choice->wanted;
    size_t bound_count = 0;

    chunking->way = CHUNK_BY_RANGE;
    chunking->column = pair->table->shape.key[0];
    chunking->bounds = allocate(wanted, sizeof *chunking->bounds);
    for (size_t i = 0; i < wanted; i++) {
        char **key = &choice->keys[(size_t)((double)i * (double)choice->count / (double)wanted)].key;
        if (*key != NULL && (bound_count == 0 || strcmp(*key, chunking->bounds[bound_count - 1]) != 0))
            chunking->bounds[bound_count++] = take(*key);
    }
    chunking->slice_count = bound_count + 1;
    if (bound_count * 2 < choice->wanted) {
        chunking_free(chunking);
        choose_hash(pair);
    }
}

static bool keep_key(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct choice *choice = task->spec.context;

    (void)err;
    array_reserve((void **)&choice->keys, &choice->capacity, choice->count + 1, sizeof *choice->keys);
    struct sampled_key *key = &choice->keys[choice->count++];
    *key = (struct sampled_key){.key = copy_string(PQgetvalue(result, row, 0))};
    if (choice->sample != ALL_KEYS) {
        key->block = strtoull(PQgetvalue(result, row, 1) + strlen("("), NULL, 10);
        choice->in_order += key->block > (choice->count > 1 ? key[-1].block : 0);
    }
    return true;
}

static bool have_keys(struct task *task, struct error *err);

static void ask(struct choice *choice, size_t parameter_count)
{
    const struct task_spec spec = {
        .sql = choice->sql,
        .parameter_count = parameter_count,
        .parameters = (const char *const *)choice->parameters,
        .single_rows = true,
        .row = keep_key,
        .done = have_keys,
        .context = choice,
        .schema = choice->pair->table->shape.schema,
        .table = choice->pair->table->shape.name,
    };

    pool_add(choice->comparison->pool, choice->side, &spec, 0);
}

/* Of an extension's table all rows: any key that is there makes a bound. */
static void append_heap(struct text *sql, const struct choice *choice)
{
    struct table_shape whole = choice->pair->table->shape;

    whole.condition = NULL;
    text_append(sql, " FROM ");
    fingerprint_source(sql, &whole, pair_source(choice->pair, choice->side));
}

static void append_key(struct text *sql, const struct table_shape *shape)
{
    text_append(sql, "t.");
    quote_identifier(sql, shape->columns[shape->key[0]].name);
}

static void ask_all(struct choice *choice)
{
    const struct table_shape *shape = &choice->pair->table->shape;
    struct text sql = {0};

    text_append(&sql, "SELECT k.k FROM (SELECT ");
    append_key(&sql, shape);
    text_append(&sql, " AS k, row_number() OVER (ORDER BY ");
    append_key(&sql, shape);
    text_append(&sql, ") AS n");
    append_heap(&sql, choice);
    text_append(&sql, ") AS k WHERE k.n > 1 AND k.n % $1::int8 = 1 ORDER BY k.n");
    choice->sample = ALL_KEYS;
    choice->sql = text_take(&sql);
    choice->parameters[0] = format_string("%d", SMALL_TABLE_SLICE_ROWS);
    ask(choice, 1);
}

/* The first rows of blocks, by their places: no block is read as a whole. `blocks` is a query for their numbers. */
static void ask_places(struct choice *choice, enum sample sample, const char *blocks, uint64_t last, uint64_t distance)
{
    struct text sql = {0};

    /* OFFSET 0: else the order could be had from the index, with the places as a filter on every row. */
    text_append(&sql, "SELECT s.k, s.place FROM (SELECT ");
    append_key(&sql, &choice->pair->table->shape);
    text_append(&sql, " AS k, t.ctid AS place");
    append_heap(&sql, choice);
    text_appendf(&sql,
                 " WHERE t.ctid = ANY (ARRAY(SELECT pg_catalog.format('(%%s,1)', b.block)::tid FROM (%s) AS b (block)))"
                 " OFFSET 0) AS s ORDER BY 1",
                 blocks);
    choice->sample = sample;
    choice->sql = text_take(&sql);
    choice->parameters[0] = format_string("%" PRIu64, last);
    choice->parameters[1] = format_string("%" PRIu64, distance);
    ask(choice, 2);
}

/* Of pairs of neighbours, the last of which is the end of the table. */
static void ask_probe(struct choice *choice)
{
    uint64_t last = choice->pair->listed[choice->side]->blocks - 2;

    ask_places(choice, PROBE,
               "SELECT g.first + n.next FROM (SELECT generate_series(0::int8, $1::int8 - 1, $2::int8) UNION ALL"
               " SELECT $1::int8) AS g (first), generate_series(0, 1) AS n (next)",
               last, last / PROBES);
}

/* Of every n-th block. */
static void ask_sample(struct choice *choice)
{
    uint64_t blocks = choice->pair->listed[choice->side]->blocks, wanted = choice->wanted;

    ask_places(choice, PLACES, "SELECT generate_series(0::int8, $1::int8, $2::int8)", blocks - 1,
               blocks > wanted ? blocks / wanted : 1);
}

/* Where too many of those places were empty (dead, or moved within the block): one row in eight of whole blocks.
 * Servers before 12 have no hashtid(). */
static void ask_blocks(struct choice *choice)
{
    const struct table_shape *shape = &choice->pair->table->shape;
    double percent = 50.0 * (double)choice->wanted / (double)choice->pair->listed[choice->side]->blocks;
    struct text sql = {0};

    choice->sample = WHOLE_BLOCKS;
    text_append(&sql, "SELECT ");
    append_key(&sql, shape);
    text_append(&sql, ", t.ctid");
    append_heap(&sql, choice);
    text_append(&sql,
                " TABLESAMPLE SYSTEM ($1) REPEATABLE (1) WHERE pg_catalog.hashtext(t.ctid::text) & 7 = 0 ORDER BY 1");
    choice->sql = text_take(&sql);
    choice->parameters[0] = format_string("%.3f", percent > 100 ? 100 : percent);
    ask(choice, 1);
}

static bool have_keys(struct task *task, struct error *err)
{
    struct choice *choice = task->spec.context;

    (void)err;
    if (choice->sample == ALL_KEYS)
        choice->wanted = choice->count;
    bool few = choice->sample == PLACES && choice->count < choice->wanted / 2;
    bool chosen = !few && choose_steps(choice);
    if (few && pair_source(choice->pair, choice->side) != NULL) {
        choose_hash(choice->pair); /* nothing but a table can be sampled */
        bounds_release(choice->pair);
        return true;
    }
    if (few || (choice->sample == PROBE && !chosen)) {
        forget_answer(choice);
        if (few)
            ask_blocks(choice);
        else
            ask_sample(choice);
        return true;
    }
    if (!chosen)
        choose_keys(choice);
    choice->pair->bounds = fingerprint_bounds(&choice->pair->table->chunking);
    bounds_release(choice->pair);
    return true;
}

/* The stand-in's keys serve as well, if they are what they will be. */
static size_t side_with_keys(const struct pair *pair)
{
    if (pair->listed[MAIN] == NULL)
        return STANDIN;
    return pair->indexed[STANDIN] && pair->listed[STANDIN]->blocks > pair->listed[MAIN]->blocks * 2 ? STANDIN : MAIN;
}

void bounds_choose(struct comparison *comparison, struct pair *pair)
{
    size_t wanted = pair_wanted_slices(pair);
    size_t side = side_with_keys(pair);

    if (pair->table->shape.key_count == 0 || !pair->listed[side]->sorts_alike || wanted <= 1 ||
        pair->listed[side]->blocks == 0) {
        choose_hash(pair);
        return;
    }
    struct choice *choice = pair->choice = allocate(1, sizeof *choice);
    choice->comparison = comparison;
    choice->pair = pair;
    choice->side = side;
    choice->wanted = wanted;
    uint64_t blocks = pair->listed[side]->blocks;
    if (blocks <= SMALL_TABLE_BLOCKS)
        ask_all(choice);
    else if (blocks >= PROBED_TABLE_BLOCKS && pair_source(pair, side) == NULL &&
             fingerprint_column_shifts(&pair->table->shape.columns[pair->table->shape.key[0]]))
        ask_probe(choice);
    else
        ask_sample(choice);
}
