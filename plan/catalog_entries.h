/* The catalogs of both databases go into the plan while schemas and rows are compared: it needs no server. */
#pragma once

#include "common/catalog/catalog.h"
#include "format/plan_writer.h"
#include "plan/both.h"

struct catalog_entries { /* `struct catalog_entries entries = {0}` is an idle one. Must stay where it is. */
    struct both both;
    struct catalog_entry {
        const struct catalog *catalog, *written; /* `written` by the other side; NULL where that is nothing */
        struct plan_part *part;
        bool same; /* the catalog is the written one: it has not been written again */
    } sides[2];
};

/* `main` and `base` are the catalogs of what the databases are now. They must not change until the end. */
bool catalog_entries_start(struct catalog_entries *entries, const struct catalog *main, const struct catalog *base,
                           struct plan_writer *writer, struct error *err) must_check;

/* Waits for the end. */
bool catalog_entries_finish(struct catalog_entries *entries, struct error *err) must_check;

void catalog_entries_release(struct catalog_entries *entries); /* waits, too */
