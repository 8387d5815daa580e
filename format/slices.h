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
 * The condition that keeps a scan to the touched slices (free() it), NULL where all of the table is to be read: by hash
 * there is no other way, and many ranges are read faster together. The bounds are the array $1, or
 * where rows are not fingerprinted in SQL the column `bounds` of pgsyncer_bounds.
 */
char *slices_condition(const struct plan_table *table, const struct digest *digest);

/*
 * What all rows must add up to: main's; but where rows that main lacks stay (--no-delete-rows), only the slices know
 * how many there are, and the rest is as the plan found it.
 */
struct fingerprint slices_whole(const struct manifest *manifest, const struct plan_table *table,
                                const struct digest *digest);
