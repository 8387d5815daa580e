/* The catalogs of both databases go into the plan while other things are read and compared: it needs no server. */
#pragma once

#include "common/catalog/catalog.h"
#include "format/plan_writer.h"
#include "plan/both.h"

struct catalog_entries { /* `struct catalog_entries entries = {0}` is an idle one. Must stay where it is. */
    struct both both;
    struct catalog_entry {
        const struct catalog *catalog;
        struct plan_part *part;
    } main, base;
    bool same; /* main's is the base's: it is not written again */
};

bool catalog_entries_open(struct catalog_entries *entries, struct plan_writer *writer, struct error *err) must_check;

/* Starts with the catalog of what the stand-in is now. It must not change until the end. */
void catalog_entries_write_base(struct catalog_entries *entries, const struct catalog *base);

/* Starts with main's, under the same condition; `same` where catalog_equal() says so. */
void catalog_entries_write_main(struct catalog_entries *entries, const struct catalog *main, bool same);

/* Waits for the end. */
bool catalog_entries_finish(struct catalog_entries *entries, struct error *err) must_check;

void catalog_entries_release(struct catalog_entries *entries); /* waits, too */
