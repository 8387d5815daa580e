/* From a database's object addresses, as pg_depend has them, to objects of the model. For the reader only. */
#pragma once

#include "common/catalog/catalog.h"

struct address {
    uint32_t class; /* oid of the system catalog */
    uint32_t object;
    int32_t sub; /* column number; 0 for the whole object */
};

/* An oid or a column's number as the server prints it. There are hundreds of thousands; strtoul() asks for the locale
 * for each. */
uint32_t oid_from_text(const char *text);

struct address_entry {
    struct address address, owner;
    struct object *object; /* NULL: part of `owner` */
    bool member;
};

struct addresses { /* `struct addresses addresses = {0}` is an empty one */
    struct address_entry *entries;
    size_t count, capacity;
    uint32_t *slots; /* of the hash table: the entry's number from 1, 0 where the slot is free */
    size_t slot_count;
};

void addresses_add(struct addresses *addresses, struct address address, struct object *object);

/*
 * Says that what is at `address` belongs to what is at `owner`: a table's row type, a constraint's index; with `member`
 * a part of an extension. An address that is an object of its own, or has an owner already, stays what it is.
 */
void addresses_add_part(struct addresses *addresses, struct address address, struct address owner, bool member);

struct object *addresses_find(const struct addresses *addresses, struct address address); /* an object of its own */

/* The object that the address is, or is a part of; NULL where the model has none. *member is set to whether the way
 * went through an extension's membership. */
struct object *addresses_resolve(const struct addresses *addresses, struct address address, bool *member);

/* The object at the address as above, or else, in *end, the address that the way through the parts led to. */
struct object *addresses_resolve_end(const struct addresses *addresses, struct address address, bool *member,
                                     struct address *end);

void addresses_free(struct addresses *addresses); /* also for the cleanup attribute */
