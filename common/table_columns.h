/* What the rows half must know of the columns of tables: how they are fingerprinted, and which are the key. */
#pragma once

#include "common/catalog/catalog.h"
#include "common/connection.h"
#include "common/table_list.h"

/*
 * Fills in the columns and keys of the list's tables, whose oids are parallel to them. Names, types and what else is
 * part of a definition are in the catalog, which is of the same snapshot and choice (common/selection.h); the server is
 * asked for indexes, and how each type is fingerprinted.
 */
bool table_columns_read(struct connection *connection, const struct catalog *catalog, struct table_list *list,
                        const char *const *oids, struct error *err) must_check;
