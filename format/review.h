/*
 * The entries that let a plan be reviewed with stock tools alone, as part of it: review/summary.txt, and
 * review/plan.sql.zst, which holds all statements and says where each table's rows are. To be called once the manifest
 * is complete but for what plan_writer_finish() fills in.
 */
#pragma once

#include "format/plan_writer.h"

/* sql: the text of each statement of the manifest, in its order. */
bool review_write(const struct manifest *manifest, const char *const *sql, struct plan_writer *writer,
                  struct error *err) must_check;
