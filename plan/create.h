/* `pgsyncer-plan create`: compares the two databases and writes the plan file. */
#pragma once

#include "common/error.h"
#include "common/options.h"
#include "common/progress.h"

#include <stdint.h>

/* Where the definitions that are compared come from. What the plan says of the two states is the catalogs' in any case.
 */
enum schema_source { SCHEMA_SOURCE_CATALOG, SCHEMA_SOURCE_PGDUMP };

/* Who computes the rows' fingerprints. */
enum hash_mode { HASH_AUTO, HASH_SERVER, HASH_CLIENT };

struct create_options {
    const char *main_dsn, *standin_dsn;
    const char *output; /* NULL: DB-UTCTIME.pgplan in the working directory; "-": standard output */
    bool force;
    bool sync_schema, sync_data, clean_extra, delete_rows, before_images, fdw_mode;
    bool owners, privileges, comments;
    bool large_objects;
    int schema_source;                          /* enum schema_source */
    const char *pgdump;                         /* the program, for SCHEMA_SOURCE_PGDUMP */
    struct option_list schemas;                 /* patterns, at least one */
    struct option_list tables, excluded_tables; /* patterns */
    struct option_list renames;                 /* OLD=NEW */
    int hash;                                   /* enum hash_mode */
    uint64_t chunk_size, workers;
    bool use_updated_at, full_fingerprints;
    const char *updated_at_column, *last_sync_time; /* no time: all rows count as newer */
};

/* *changes says whether there is anything to apply. Prints the plan's last line on standard output. */
bool plan_create(const struct create_options *options, struct progress *progress, bool *changes,
                 struct error *err) must_check;
