/* What the proof of a table reads of it, and what that must add up to. */
#include "format/slices.h"

#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/text.h"

#include <inttypes.h>

/* Ranges of keys are looked up where they are a small part of the table; else it is scanned. */
enum { SMALL_PART = 4 };

const char *verify_scope_name(enum verify_scope scope)
{
    static const char *const names[] = {[VERIFY_TOUCHED] = "touched", [VERIFY_FULL] = "full", [VERIFY_NONE] = "none"};

    return names[scope];
}

const struct chunking slices_one = {.way = CHUNK_BY_HASH, .slice_count = 1, .slices_per_chunk = 1};

/* What the planner cannot know: how narrow the ranges are, and how few slices there are in them. */
const char slices_by_ranges[] = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; "
                                "SET LOCAL enable_material = off; SET LOCAL max_parallel_workers_per_gather = 0; "
                                "SET LOCAL work_mem = '64MB';";
const char slices_by_any_way[] = "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_sort TO DEFAULT; "
                                 "SET LOCAL enable_material TO DEFAULT; "
                                 "SET LOCAL max_parallel_workers_per_gather TO DEFAULT; "
                                 "SET LOCAL work_mem TO DEFAULT;";

/* An open end is no range of the join: the planner would have no index for "or no bound". */
static void append_open_end(struct text *sql, const char *table, const char *condition, const char *bounds,
                            uint64_t bound)
{
    text_appendf(sql, "\nUNION ALL SELECT t.* FROM %s WHERE %s (%s)[%" PRIu64 "]", table, condition, bounds, bound);
}

/* bounds[i] is the lowest key of slice i + 1, and element i + 1 of the array. */
char *slices_source(const struct plan_table *table, const struct digest *digest, size_t *range_count)
{
    const struct chunking *chunking = &table->chunking;
    const struct column_shape *column = &table->shape.columns[chunking->column];
    bool is_streamed = table->shape.algorithm == FINGERPRINT_COPY; /* COPY takes no parameter */
    cleanup(text_free) struct text from = {0}, next = {0}, only = {0}, name = {0}, bounds = {0}, ends = {0}, sql = {0};

    *range_count = 0;
    if (chunking->way != CHUNK_BY_RANGE || chunking->slice_count <= 1 || digest->touched_count == 0 ||
        digest->touched_count > chunking->slice_count / SMALL_PART)
        return NULL;
    fingerprint_source(&only, &table->shape, NULL);
    text_append(&name, "t.");
    quote_identifier(&name, column->name);
    text_appendf(&bounds, is_streamed ? "(SELECT b.bounds FROM pgsyncer_bounds AS b)" : "$1::%s[]", column->type);
    for (size_t i = 0; i < digest->touched_count; ++*range_count) {
        uint64_t first = digest->touched[i].number, last = first;

        while (++i < digest->touched_count && digest->touched[i].number == last + 1)
            last++;
        if (first == 0 || last + 1 == chunking->slice_count) {
            cleanup(free_string) char *condition = format_string("%s %s", name.data, first == 0 ? "<" : ">=");
            append_open_end(&ends, only.data, condition, bounds.data, first == 0 ? last + 1 : first);
            continue;
        }
        text_appendf(&from, "%s%" PRIu64, from.length > 0 ? "," : "", first);
        text_appendf(&next, "%s%" PRIu64, next.length > 0 ? "," : "", last + 1);
    }
    text_appendf(&sql,
                 "(SELECT t.*\nFROM unnest('{%s}'::int4[], '{%s}'::int4[]) AS r (first, next)\n"
                 "JOIN %s ON %s >= (%s)[r.first] AND %s < (%s)[r.next]%s) AS t",
                 from.length > 0 ? from.data : "", next.length > 0 ? next.data : "", only.data, name.data, bounds.data,
                 name.data, bounds.data, ends.length > 0 ? ends.data : "");
    return text_take(&sql);
}

struct fingerprint slices_whole(const struct manifest *manifest, const struct plan_table *table,
                                const struct digest *digest)
{
    struct fingerprint whole = table->base;

    if (manifest->options.delete_rows || digest->touched_count == 0 || table->base_partly)
        return table->main;
    for (size_t i = 0; i < digest->touched_count; i++) {
        whole.rows += digest->touched[i].main.rows - digest->touched[i].base.rows;
        whole.sum += digest->touched[i].main.sum - digest->touched[i].base.sum;
    }
    return whole;
}
