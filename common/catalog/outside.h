/* What lies outside of the chosen schemas and is tied to objects of the catalog, by name. For the reader only. */
#pragma once

#include "common/catalog/addresses.h"
#include "common/connection.h"

/* A dependency of which one end is an object of the model and the other is not. */
struct outside_edge {
    struct object *object;
    struct address address; /* of the other end, or of what that is a part of */
    bool needs;             /* the other end needs the object; else the object needs it */
};

struct outside_edges { /* `struct outside_edges edges = {0}` is an empty one */
    struct outside_edge *items;
    size_t count, capacity;
};

void outside_add(struct outside_edges *edges, struct outside_edge edge);

/* Names them all and adds them to the catalog. The edges are sorted in place. */
bool outside_read(struct connection *connection, struct outside_edges *edges, struct catalog *catalog,
                  struct error *err) must_check;
void outside_edges_free(struct outside_edges *edges); /* also for the cleanup attribute */
