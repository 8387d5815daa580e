/* A pair of tables in, deltas out: the job in order. */
#include "plan/rows/rows.h"

#include "common/memory.h"
#include "format/entry_name.h"
#include "format/large_objects.h"
#include "plan/rows/pair.h"

/*
 * What the planner cannot know: how few slices there are (it would sort the rows by them), how narrow the ranges are
 * and how few places a sample has (it would read the table again for each). Work is divided here, not by the server.
 * Settings of the transaction, on every connection.
 */
static const char common_settings[] = "SELECT pg_catalog.set_config('enable_seqscan', 'off', true),"
                                      " pg_catalog.set_config('enable_material', 'off', true),"
                                      " pg_catalog.set_config('max_parallel_workers_per_gather', '0', true),"
                                      " pg_catalog.set_config('work_mem', '64MB', true)";
static const char scan_settings[] = "SELECT pg_catalog.set_config('enable_sort', 'off', true)";
static const char search_settings[] = "SELECT pg_catalog.set_config('enable_sort', 'on', true)";

/* Slices of the tables that are in hand at a time: some 100 bytes each with bounds and sums. */
enum { SLICES_PER_GROUP = 256 * 1024 };

static bool is_large(const struct pair *pair)
{
    return is_large_objects(&pair->table->shape);
}

/* How many pairs, from the first on, are in hand together. Large objects are alone: a query of theirs has no index. */
static size_t group_size(const struct comparison *comparison, size_t first)
{
    size_t slices = 0, i = first;

    if (is_large(&comparison->pairs[first]))
        return 1;
    for (; i < comparison->pair_count && (i == first || slices < SLICES_PER_GROUP); i++) {
        if (is_large(&comparison->pairs[i]))
            break;
        slices += pair_wanted_slices(&comparison->pairs[i]);
    }
    return i - first;
}

static bool allow_loops(struct comparison *comparison, bool allowed, struct error *err)
{
    return pool_run_everywhere(comparison->pool,
                               allowed ? "SELECT pg_catalog.set_config('enable_nestloop', 'on', true)"
                                       : "SELECT pg_catalog.set_config('enable_nestloop', 'off', true)",
                               err);
}

static bool write_digest(struct comparison *comparison, struct pair *pair, struct error *err)
{
    struct plan_table *table = pair->table;
    struct digest digest = {.chunks = pair->chunks,
                            .chunk_count = pair->chunk_count,
                            .bounds = table->chunking.bounds,
                            .bound_count = pair->bounds != NULL ? table->chunking.slice_count - 1 : 0,
                            .touched_count = pair->differing_count};
    size_t length;

    if (pair->chunk_count == 0 && pair->differing_count == 0)
        return true;
    digest.touched = allocate(digest.touched_count, sizeof *digest.touched);
    for (size_t i = 0; i < digest.touched_count; i++)
        digest.touched[i] = (struct digest_slice){
            .number = pair->differing[i], .main = pair->differed[MAIN][i], .base = pair->differed[STANDIN][i]};
    cleanup(free_string) char *bytes = digest_write(&digest, &length);
    free(digest.touched);
    table->digest_entry = entry_name_digest(pair->number, table->shape.schema, table->shape.name);
    return plan_writer_add(comparison->writer, table->digest_entry, bytes, length, 0, err);
}

/* The bounds are in the digest; in the manifest they would fill the memory of whoever has many tables. */
static void drop_bounds(struct chunking *chunking)
{
    if (chunking->bounds != NULL)
        for (size_t i = 0; i + 1 < chunking->slice_count; i++)
            free(chunking->bounds[i]);
    free(take(chunking->bounds));
}

static bool finish_pair(struct comparison *comparison, struct pair *pair, struct error *err)
{
    if (!pair_close_outputs(pair, err))
        return false;
    same_key_finish(pair);
    if (pair->updated != NULL)
        updated_finish(pair);
    if (!write_digest(comparison, pair, err))
        return false;
    drop_bounds(&pair->table->chunking);
    pair_release(pair);
    return true;
}

static bool compare_group(struct comparison *comparison, size_t first, size_t count, struct error *err)
{
    struct pair *pairs = &comparison->pairs[first];

    for (size_t i = 0; i < count; i++)
        bounds_choose(comparison, &pairs[i]);
    if (!pool_run(comparison->pool, err))
        return error_context(err, "choosing the bounds of chunks");
    if (!pool_run_everywhere(comparison->pool, scan_settings, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!scan_pair(comparison, &pairs[i], err))
            return false;
        if (pairs[i].updated != NULL)
            updated_scan(comparison, &pairs[i]);
    }
    if (!pool_run(comparison->pool, err))
        return error_context(err, "comparing the fingerprints of tables");
    for (size_t i = 0; i < count; i++)
        if (pairs[i].updated != NULL)
            updated_compare(comparison, &pairs[i]);
    if (!pool_run_everywhere(comparison->pool, search_settings, err))
        return false;
    if (!copies_write(comparison, pairs, count, err))
        return error_context(err, "copying the rows of tables that the stand-in has none of");
    if (!changes_write(comparison, pairs, count, err))
        return error_context(err, "finding the rows that differ");
    for (size_t i = 0; i < count; i++)
        if (!finish_pair(comparison, &pairs[i], err))
            return false;
    return true;
}

/* What of a large object is compared beside its contents. */
static bool set_attributes(struct comparison *comparison, struct error *err)
{
    const struct manifest *manifest = comparison->manifest;
    cleanup(text_free) struct text sql = {0};

    large_objects_settings(&sql, manifest->options.owners, manifest->options.privileges, manifest->options.comments);
    return pool_run_everywhere(comparison->pool, sql.data, err);
}

static bool compare(struct comparison *comparison, struct error *err)
{
    if (!pairs_make(comparison, err) || !updated_choose(comparison, err))
        return false;
    comparison->pool = pool_new(comparison->databases, SIDES);
    if (!pool_run_everywhere(comparison->pool, common_settings, err) || !set_attributes(comparison, err))
        return false;
    for (size_t first = 0, count; first < comparison->pair_count; first += count) {
        bool alone = is_large(&comparison->pairs[first]);

        count = group_size(comparison, first);
        if ((alone && !allow_loops(comparison, false, err)) || !compare_group(comparison, first, count, err) ||
            (alone && !allow_loops(comparison, true, err)))
            return false;
    }
    return sequences_compare(comparison, err);
}

bool rows_compare(struct database *main, struct database *standin, struct table_list *lists[2],
                  const struct schema_diff *diff, const struct renames *renames, const struct rows_options *options,
                  struct plan_writer *writer, struct manifest *manifest, struct progress *progress, struct error *err)
{
    struct comparison comparison = {.databases = {main, standin},
                                    .lists = {lists[MAIN], lists[STANDIN]},
                                    .diff = diff,
                                    .renames = renames,
                                    .options = options,
                                    .writer = writer,
                                    .manifest = manifest,
                                    .progress = progress};
    bool good = compare(&comparison, err);

    pool_free(comparison.pool);
    for (size_t i = 0; i < comparison.pair_count; i++)
        pair_release(&comparison.pairs[i]);
    free(comparison.pairs);
    return good;
}
