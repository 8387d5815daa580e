/* What the proof of a table reads of it, and what that must add up to: for apply, and for the script of `show --sql`.
 */
#pragma once

#include "format/digest.h"
#include "format/manifest.h"

/* What is proved equal to main before COMMIT; the schema always is, but for VERIFY_NONE. In the order of --verify's
 * choices. */
enum verify_scope {
    VERIFY_TOUCHED, /* every slice of rows that the plan touches */
    VERIFY_FULL,    /* every table that the plan compared */
    VERIFY_NONE,
};

const char *verify_scope_name(enum verify_scope scope); /* "touched" */

extern const struct chunking slices_one; /* all rows of a table as one slice */

/*
 * What stands for the table (free() it) to read the touched slices alone, by their ranges of keys, how many of which is
 * in *range_count: a subquery with the alias t, for fingerprint.h and streamed_row.h. NULL where all of the table is to
 * be read: by hash there is no other way, and a large part is read faster with the rest. The bounds are the array $1,
 * or where rows are not fingerprinted in SQL the column `bounds` of pgsyncer_bounds. sql_ranges_pay says whether the
 * stand-in has the index for it.
 */
char *slices_source(const struct plan_table *table, const struct digest *digest, size_t *range_count);

/* Settings of the transaction for a statement that reads such a source, and for those after it. */
extern const char slices_by_ranges[], slices_by_any_way[];

/*
 * What all rows must add up to: main's; but where rows that main lacks stay (--no-delete-rows), only the slices know
 * how many there are, and the rest is as the plan found it.
 */
struct fingerprint slices_whole(const struct manifest *manifest, const struct plan_table *table,
                                const struct digest *digest);
