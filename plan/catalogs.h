/* The catalogs of both databases, as their snapshots show them, and their tables. */
#pragma once

#include "common/catalog/catalog.h"
#include "common/catalog/reader.h"
#include "common/database.h"
#include "common/table_list.h"
#include "format/manifest.h"
#include "plan/catalog_entries.h"

struct catalogs {
    struct catalog *main, *standin;
    struct catalog *main_dump, *standin_dump; /* the same as pg_dump has them; NULL where it is not asked */
    struct table_list main_tables, standin_tables;
};

/* Every pattern for tables must match something on one side; else ERROR_REFUSED, all that do not named. */
bool selection_check(struct database *main, struct database *standin, const struct selection *selection,
                     struct error *err) must_check;

/* A chosen table's partitions are tables of their own: a warning for each that has some which are not chosen. */
void warn_of_partitions(const struct catalog *main, struct string_list *warnings);

/*
 * Reads both at once: the work is the servers' and, of large schemas, just as much this program's. `pgdump` is the
 * program to ask as well, NULL for none. Tables are listed where `list_tables`; the backend that has read the catalog
 * knows them already, and any other would have to look each one up to say how large it is. The stand-in's catalog goes
 * into the plan as soon as it is there.
 */
bool catalogs_read(struct database *main, struct database *standin, const struct catalog_options *options,
                   const char *pgdump, bool list_tables, struct catalog_entries *entries, struct catalogs *catalogs,
                   struct error *err) must_check;
void catalogs_free(struct catalogs *catalogs); /* also for the cleanup attribute */
