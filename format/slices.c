/* What the proof of a table reads of it, and what that must add up to. */
#include "format/slices.h"

#include "common/memory.h"
#include "common/quote.h"
#include "common/text.h"

#include <inttypes.h>

/* Up to so many ranges of keys are looked up by index where they are a small part of the table; else it is scanned. */
enum { RANGES_BY_INDEX = 64, SMALL_PART = 8 };

const char *verify_scope_name(enum verify_scope scope)
{
    static const char *const names[] = {[VERIFY_TOUCHED] = "touched", [VERIFY_FULL] = "full", [VERIFY_NONE] = "none"};

    return names[scope];
}

const struct chunking slices_one = {.way = CHUNK_BY_HASH, .slice_count = 1, .slices_per_chunk = 1};

/* bounds[i] is the lowest key of slice i + 1, and element i + 1 of the array. */
char *slices_condition(const struct plan_table *table, const struct digest *digest)
{
    /* COPY takes no parameter. */
    const char *array =
        table->shape.algorithm == FINGERPRINT_COPY ? "(SELECT b.bounds FROM pgsyncer_bounds AS b)" : "$1";
    const struct chunking *chunking = &table->chunking;
    const struct column_shape *column = &table->shape.columns[chunking->column];
    cleanup(text_free) struct text where = {0}, name = {0};
    size_t ranges = 0;

    if (chunking->way != CHUNK_BY_RANGE || chunking->slice_count <= 1 ||
        digest->touched_count > chunking->slice_count / SMALL_PART)
        return NULL;
    text_append(&name, "t.");
    quote_identifier(&name, column->name);
    for (size_t i = 0; i < digest->touched_count; ranges++) {
        uint64_t first = digest->touched[i].number, last = first;

        while (++i < digest->touched_count && digest->touched[i].number == last + 1)
            last++;
        text_append(&where, ranges > 0 ? " OR (" : "(");
        if (first > 0)
            text_appendf(&where, "%s >= (%s::%s[])[%" PRIu64 "]", name.data, array, column->type, first);
        if (first > 0 && last + 1 < chunking->slice_count)
            text_append(&where, " AND ");
        if (last + 1 < chunking->slice_count)
            text_appendf(&where, "%s < (%s::%s[])[%" PRIu64 "]", name.data, array, column->type, last + 1);
        text_append(&where, ")");
    }
    return ranges > 0 && ranges <= RANGES_BY_INDEX ? text_take(&where) : NULL;
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
