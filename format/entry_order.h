/*
 * The order of a plan file's entries, which follows from the manifest alone: review, schema, statements, each table's
 * rows (delete, update, insert, before; parts from 1), then each table's digest. Writer and reader both walk it.
 */
#pragma once

#include "format/manifest.h"

/* Where in the order an entry stands. */
struct entry_place {
    const char *name;
    size_t table; /* of a row entry: the table's number, from 1; else 0 */
    enum rows_kind kind;
};

/* Asked for each place that may come next; true means that there is such an entry. */
typedef bool (*entry_present)(void *context, const struct entry_place *place);

/* Fails with `code` where an entry that the manifest's statements and tables refer to is not there. */
bool entry_order_walk(const struct manifest *manifest, entry_present present, void *context, enum error_code code,
                      struct error *err) must_check;
