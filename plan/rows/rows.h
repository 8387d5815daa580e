/*
 * A pair of tables in, deltas out: which rows the stand-in must lose, change and gain to hold what main holds.
 *
 * Fingerprints of slices come from both databases in one parallel pass (data.md: by block ranges, so in heap order);
 * where slices differ, (key, fingerprint) of their rows are compared here and only rows that differ are fetched whole.
 * A new or empty table is streamed. Rows go straight into the plan; memory does not grow with the tables.
 */
#pragma once

#include "common/database.h"
#include "common/progress.h"
#include "common/table_list.h"
#include "format/plan_writer.h"
#include "plan/renames/renames.h"
#include "plan/schema/schema_diff.h"
#include "plan/since.h"

struct rows_options {
    uint64_t chunk_size;
    bool delete_rows, before_images, large_objects;
    bool fdw_mode;             /* main's rows are named, and not in the plan */
    const struct since *since; /* only rows that are newer, where the tables allow it; NULL: all */
    bool full_fingerprints;    /* with `since`, of main's tables all the same */
};

/*
 * Compares the rows of the tables that the lists have, main's and the stand-in's, which become what the DDL makes of
 * them. Fills manifest->tables and ->sequences and writes the rows/ and digest/ entries. `diff` and `renames` say what
 * the DDL does to the stand-in's tables first. A table that cannot be compared is ERROR_REFUSED, all such tables named
 * at once.
 */
bool rows_compare(struct database *main, struct database *standin, struct table_list *lists[2],
                  const struct schema_diff *diff, const struct renames *renames, const struct rows_options *options,
                  struct plan_writer *writer, struct manifest *manifest, struct progress *progress,
                  struct error *err) must_check;
