/* The catalogs of both databases, as their snapshots show them. */
#pragma once

#include "common/catalog/catalog.h"
#include "common/catalog/reader.h"
#include "common/database.h"

struct catalogs {
    struct catalog *main, *standin;
    struct catalog *main_dump, *standin_dump; /* the same as pg_dump has them; NULL where it is not asked */
};

/*
 * Reads both at once: the work is the servers' and, of large schemas, just as much this program's. `pgdump` is the
 * program to ask as well, NULL for none.
 */
bool catalogs_read(struct database *main, struct database *standin, const struct catalog_options *options,
                   const char *pgdump, struct catalogs *catalogs, struct error *err) must_check;
void catalogs_free(struct catalogs *catalogs); /* also for the cleanup attribute */
