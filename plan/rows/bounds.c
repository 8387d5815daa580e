/*
 * How the rows of a pair are divided into slices and chunks.
 *
 * Bounds are keys that are there: of a small table every 128th in the order of the index, of a larger one those of a
 * sample that reads a few rows of evenly spread blocks. Which ones is a function of the snapshot, so a plan is the same
 * with any number of workers. Slices need not be even; a key whose leading column cannot divide the rows (a tenant's
 * number) or does not sort alike everywhere (text) is hashed instead.
 */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/quote.h"

/*
 * Rows per slice: with changes scattered over a table, a slice is what each change makes read again. Slices per table:
 * what the sums of one scan may take, here (16 bytes) and in the server (some 200).
 */
enum { SLICE_ROWS = 128, MAXIMUM_SLICES = 65536, MAXIMUM_HASH_BITS = 16 };

/* Blocks up to which all keys are read in their order; rows per block where there are no statistics. */
enum { SMALL_TABLE_BLOCKS = 64, ASSUMED_DENSITY = 60 };

struct choice {
    struct comparison *comparison;
    struct pair *pair;
    char *sql, *parameters[4];
    char **keys; /* ascending, as they come */
    size_t count, capacity, wanted;
    bool exact, block_sample;
};

static double estimate_rows(const struct listed_table *listed)
{
    if (listed == NULL)
        return 0;
    return (double)listed->blocks * (listed->density >= 0 ? listed->density : ASSUMED_DENSITY);
}

double pair_estimate_rows(const struct pair *pair, size_t side)
{
    return estimate_rows(pair->listed[side]);
}

static void set_slices(const struct comparison *comparison, struct pair *pair, size_t slice_count, double rows)
{
    struct chunking *chunking = &pair->table->chunking;
    double per_slice = rows / (double)slice_count;
    double per_chunk = (double)comparison->options->chunk_size / (per_slice > 1 ? per_slice : 1);

    chunking->slice_count = slice_count;
    chunking->slices_per_chunk = per_chunk < 1 ? 1 : per_chunk > (double)slice_count ? slice_count : (size_t)per_chunk;
}

static void choose_hash(const struct comparison *comparison, struct pair *pair)
{
    struct chunking *chunking = &pair->table->chunking;
    double main = pair_estimate_rows(pair, MAIN), standin = pair_estimate_rows(pair, STANDIN);
    double rows = main > standin ? main : standin;
    unsigned bits = 0;

    while (bits < MAXIMUM_HASH_BITS && rows / (double)(UINT64_C(1) << bits) > SLICE_ROWS)
        bits++;
    chunking->way = CHUNK_BY_HASH;
    chunking->hash_bits = bits;
    set_slices(comparison, pair, (size_t)1 << bits, rows);
}

void bounds_release(struct pair *pair)
{
    struct choice *choice = take(pair->choice);

    if (choice == NULL)
        return;
    for (size_t i = 0; i < choice->count; i++)
        free(choice->keys[i]);
    free(choice->keys);
    free(choice->sql);
    for (size_t i = 0; i < array_length(choice->parameters); i++)
        free(choice->parameters[i]);
    free(choice);
}

/* Takes `wanted` bounds from the keys, at even distances, each once. */
static void choose_range(struct choice *choice)
{
    struct pair *pair = choice->pair;
    struct chunking *chunking = &pair->table->chunking;
    size_t wanted = choice->exact || choice->count < choice->wanted ? choice->count : choice->wanted;
    size_t bound_count = 0;

    chunking->way = CHUNK_BY_RANGE;
    chunking->column = pair->table->shape.key[0];
    chunking->bounds = allocate(wanted, sizeof *chunking->bounds);
    for (size_t i = 0; i < wanted; i++) {
        char **key = &choice->keys[(size_t)((double)i * (double)choice->count / (double)wanted)];
        if (*key != NULL && (bound_count == 0 || strcmp(*key, chunking->bounds[bound_count - 1]) != 0))
            chunking->bounds[bound_count++] = take(*key);
    }
    set_slices(choice->comparison, pair, bound_count + 1, pair_estimate_rows(pair, MAIN));
    if (bound_count * 2 < choice->wanted) {
        chunking_free(chunking);
        choose_hash(choice->comparison, pair);
    }
    pair->bounds = fingerprint_bounds(chunking);
}

static bool keep_key(struct task *task, const PGresult *result, int row, struct error *err)
{
    struct choice *choice = task->spec.context;

    (void)err;
    array_reserve((void **)&choice->keys, &choice->capacity, choice->count + 1, sizeof *choice->keys);
    choice->keys[choice->count++] = copy_string(PQgetvalue(result, row, 0));
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
    };

    pool_add(choice->comparison->pool, MAIN, &spec, 0);
}

static void append_source(struct text *sql, const struct table_shape *shape)
{
    text_append(sql, " FROM ONLY ");
    quote_qualified(sql, shape->schema, shape->name);
    text_append(sql, " AS t");
}

static void append_key(struct text *sql, const struct table_shape *shape)
{
    text_append(sql, "t.");
    quote_identifier(sql, shape->columns[shape->key[0]].name);
}

/* Every 128th key of all. */
static void ask_all(struct choice *choice)
{
    const struct table_shape *shape = &choice->pair->table->shape;
    struct text sql = {0};

    text_append(&sql, "SELECT k.k FROM (SELECT ");
    append_key(&sql, shape);
    text_append(&sql, " AS k, row_number() OVER (ORDER BY ");
    append_key(&sql, shape);
    text_append(&sql, ") AS n");
    append_source(&sql, shape);
    text_append(&sql, ") AS k WHERE k.n > 1 AND k.n % $1::int8 = 1 ORDER BY k.n");
    choice->exact = true;
    choice->sql = text_take(&sql);
    choice->parameters[0] = format_string("%d", SLICE_ROWS);
    ask(choice, 1);
}

/*
 * A few rows of every n-th block, by their places: no block is read as a whole. Places without a row (dead, or moved
 * within the block) are why there are more than are wanted.
 */
static void ask_places(struct choice *choice)
{
    const struct listed_table *main = choice->pair->listed[MAIN];
    const struct table_shape *shape = &choice->pair->table->shape;
    double density = main->density >= 1 ? main->density : ASSUMED_DENSITY;
    size_t places = choice->wanted + choice->wanted / 2;
    size_t step = main->blocks > places ? main->blocks / places : 1;
    size_t per_block = places * step / main->blocks + 1;
    size_t place_step = density > (double)per_block ? (size_t)(density / (double)per_block) : 1;
    struct text sql = {0};

    /* OFFSET 0: else the order could be had from the index, with the places as a filter on every row. */
    text_append(&sql, "SELECT s.k FROM (SELECT ");
    append_key(&sql, shape);
    text_append(&sql, " AS k");
    append_source(&sql, shape);
    text_append(&sql, " WHERE t.ctid = ANY (ARRAY(SELECT pg_catalog.format('(%s,%s)', block, place)::tid"
                      " FROM generate_series(0::int8, $1::int8, $2::int8) AS block,"
                      " generate_series(1::int8, $3::int8, $4::int8) AS place)) OFFSET 0) AS s ORDER BY 1");
    choice->sql = text_take(&sql);
    choice->parameters[0] = format_string("%zu", (size_t)main->blocks - 1);
    choice->parameters[1] = format_string("%zu", step);
    choice->parameters[2] = format_string("%zu", per_block * place_step);
    choice->parameters[3] = format_string("%zu", place_step);
    ask(choice, 4);
}

/* Where those places were empty: whole blocks. */
static void ask_blocks(struct choice *choice)
{
    const struct table_shape *shape = &choice->pair->table->shape;
    double rows = pair_estimate_rows(choice->pair, MAIN);
    double percent = 400.0 * (double)choice->wanted / (rows > 1 ? rows : 1);
    struct text sql = {0};

    for (size_t i = 0; i < choice->count; i++)
        free(choice->keys[i]);
    for (size_t i = 0; i < array_length(choice->parameters); i++)
        free(take(choice->parameters[i]));
    free(take(choice->sql));
    choice->count = 0;
    choice->block_sample = true;
    text_append(&sql, "SELECT ");
    append_key(&sql, shape);
    append_source(&sql, shape);
    text_append(&sql, " TABLESAMPLE SYSTEM ($1) REPEATABLE (1) ORDER BY 1");
    choice->sql = text_take(&sql);
    choice->parameters[0] = format_string("%.3f", percent > 100 ? 100 : percent < 0.01 ? 0.01 : percent);
    ask(choice, 1);
}

static bool have_keys(struct task *task, struct error *err)
{
    struct choice *choice = task->spec.context;

    (void)err;
    if (!choice->exact && !choice->block_sample && choice->count < choice->wanted / 2) {
        ask_blocks(choice);
        return true;
    }
    if (choice->exact)
        choice->wanted = choice->count;
    choose_range(choice);
    bounds_release(choice->pair);
    return true;
}

void bounds_choose(struct comparison *comparison, struct pair *pair)
{
    double rows = pair_estimate_rows(pair, MAIN);
    double slices = rows / SLICE_ROWS;

    if (pair->table->shape.key_count == 0 || !pair->listed[MAIN]->sorts_alike || slices <= 2) {
        choose_hash(comparison, pair);
        return;
    }
    struct choice *choice = pair->choice = allocate(1, sizeof *choice);
    choice->comparison = comparison;
    choice->pair = pair;
    choice->wanted = slices > MAXIMUM_SLICES ? MAXIMUM_SLICES - 1 : (size_t)slices;
    if (pair->listed[MAIN]->blocks <= SMALL_TABLE_BLOCKS)
        ask_all(choice);
    else
        ask_places(choice);
}
