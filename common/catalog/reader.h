/*
 * Reads the catalog of a live database: one set-based query per class (sql/), then the edges (pg_depend).
 *
 * Schemas are chosen by psql-style patterns (common/pattern.h). With `whole_database` (the pattern '*') objects that
 * live in no schema are read too; else only an extension whose schema is chosen.
 */
#pragma once

#include "common/catalog/queries.h"
#include "common/connection.h"

struct catalog_options {
    const char *const *schema_patterns; /* at least one */
    size_t schema_pattern_count;
    bool owners, privileges, comments; /* false leaves them out of the model */
};

bool catalog_read(struct connection *connection, const struct catalog_options *options, struct catalog **catalog,
                  struct error *err) must_check;
