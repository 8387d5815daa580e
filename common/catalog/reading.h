/*
 * One reading of a database's catalog, in steps: for the live reader, and for the reader of pg_dump's archives, which
 * takes a few classes and the edges from the server. `struct reading` may be released with reading_end() at any time.
 */
#pragma once

#include "common/catalog/addresses.h"
#include "common/catalog/definitions.h"
#include "common/catalog/reader.h"

/* A field that names other objects: its value becomes their identities once all are read. */
struct reference {
    struct field *field;
    bool list;
};

struct reading {
    struct connection *connection;
    const struct catalog_options *options;
    struct catalog *catalog; /* being filled */
    char *kinds;             /* of relations that there are in the chosen schemas, as pg_class.relkind has them */
    bool granted_columns, generated_columns; /* whether any were read */
    struct addresses addresses;
    struct definitions definitions;
    struct reference *references;
    size_t reference_count, reference_capacity;
};

/* Chooses schemas and tables: from here on the session has the settings of common/selection.h. */
bool reading_begin(struct reading *reading, struct connection *connection, const struct catalog_options *options,
                   struct error *err) must_check;

/* Adds the objects of one class, by its query. What they belong to must have been added, with its address. */
bool reading_class(struct reading *reading, enum object_class class, struct error *err) must_check;

/* The same with another query, whose columns are as docs/catalog.md has them. */
bool reading_query(struct reading *reading, enum object_class class, const char *sql, struct error *err) must_check;

/* Adds the edges and the warnings of what no class covers; hands the catalog over. */
bool reading_finish(struct reading *reading, struct catalog **catalog, struct error *err) must_check;

void reading_end(struct reading *reading); /* also for the cleanup attribute */

bool catalog_field_wanted(const struct catalog_options *options, const char *name);
bool catalog_class_wanted(const struct catalog_options *options, enum object_class class);
