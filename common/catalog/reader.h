/*
 * Reads the catalog of a live database: one set-based query per class (sql/), then the edges (pg_depend).
 *
 * Schemas and tables are chosen by psql-style patterns (common/selection.h). With the pattern '*' for schemas objects
 * that live in no schema are read too; else only an extension whose schema is chosen. Where tables are chosen, just
 * they and what belongs to them are read.
 */
#pragma once

#include "common/catalog/queries.h"
#include "common/selection.h"

struct connection;

struct catalog_options {
    struct selection selection;
    bool owners, privileges, comments; /* false leaves them out of the model */
    bool large_objects;                /* they are compared elsewhere: no warning that the model has none */
};

bool catalog_read(struct connection *connection, const struct catalog_options *options, struct catalog **catalog,
                  struct error *err) must_check;
