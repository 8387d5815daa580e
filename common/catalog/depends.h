/* The edges between the objects of a catalog, from pg_depend. For the reader only. */
#pragma once

#include "common/catalog/outside.h"

/*
 * Gives every object of the catalog what it depends on. What the model does not have as an object of its own belongs to
 * the object that the server made it for: a row type to its table, an array type to its element type, an index to its
 * constraint, a rule _RETURN to its view, a member to its extension. Edges of which only one end is an object go to
 * `outside`.
 */
bool depends_read(struct connection *connection, struct addresses *addresses, struct catalog *catalog,
                  struct outside_edges *outside, struct error *err) must_check;
