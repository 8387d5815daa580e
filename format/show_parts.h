/* What the ways of showing a plan share. */
#pragma once

#include "format/plan_reader.h"

#include <stdio.h>

/* Where the text of a statement (an index into manifest->statements) comes from: the plan file, or what will become it.
 */
struct statement_source {
    bool (*load)(const void *context, size_t statement, char **sql, struct error *err); /* free() what it gives */
    const void *context;
    bool sizes; /* show those of the tables that statements touch: they differ from run to run */
};

/* context: the const struct plan *. */
bool load_statement_of_plan(const void *context, size_t statement, char **sql, struct error *err) must_check;

/* The summary without what differs from run to run, so that it can be part of the plan. */
bool summary_print(const struct manifest *manifest, const struct statement_source *source, FILE *out,
                   struct error *err) must_check;

bool statement_is_destructive(const struct plan_statement *statement);
bool finish_output(FILE *out, struct error *err) must_check; /* flushes; ERROR_INTERNAL where writing failed */
