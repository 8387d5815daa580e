/* What the reader of a live catalog asks, for those who ask it elsewhere: the script that psql runs. */
#pragma once

#include "common/catalog/catalog.h"

/* Fills in the classes in the order in which they are read: what objects belong to comes before them. */
void catalog_reading_order(enum object_class order[CLASS_COUNT]);

/* The query that reads a class from a server of the version (150000); NULL where such servers have no such class. Its
 * columns are as docs/catalog.md has them. */
const char *catalog_query(enum object_class class, int server_version);

/* Objects of the class are named after what they belong to, and have a name of their own only as an addition. */
bool catalog_is_satellite(enum object_class class);

/* The end of the object's identity, behind its name: the arguments of a function; else empty. */
const char *catalog_signature(const struct object *object);
