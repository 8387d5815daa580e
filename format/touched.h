/* The tables whose rows a plan changes, as the queries of format/sql are told of them. */
#pragma once

#include "common/catalog/catalog.h"
#include "format/manifest.h"

bool table_is_touched(const struct plan_table *table); /* its rows change */

enum touched_as {
    TOUCHED_AFTER,    /* by the names that the pre-data statements leave */
    TOUCHED_BEFORE,   /* by those that they find */
    TOUCHED_COMPARED, /* as TOUCHED_AFTER, and every other table that the plan compared */
};

/*
 * [{"schema":…,"name":…,"key":[…],"created":false,"deletes":true,"inserts":true,"updates":true,"moves":true}, …] in the
 * manifest's order, of a configuration table with its "extension" and maybe "condition", where rows come and the
 * stand-in has columns of its own with these ("kept"); free() it. Before the statements the key of a table with renamed
 * columns is not known by its names, and is left out: any update may be of the key.
 */
char *touched_describe(const struct manifest *manifest, enum touched_as as);

/*
 * Main's foreign keys and checks of tables that are not valid, and that main's rows may break:
 * [{"schema":…,"table":…,"name":…}, …]. free() it. The queries find it in the setting pgsyncer.unchecked.
 */
char *unchecked_describe(const struct catalog *main);
