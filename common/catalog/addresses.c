/* From a database's object addresses to objects of the model: a hash table with open addressing. */
#include "common/catalog/addresses.h"

#include "common/memory.h"

static bool same_address(struct address a, struct address b)
{
    return a.class == b.class && a.object == b.object && a.sub == b.sub;
}

/* The slot that holds address, or the free one where it would go. capacity is a power of two. */
static struct address_entry *slot(struct address_entry *entries, size_t capacity, struct address address)
{
    uint64_t hash = (uint64_t)address.object << 32 ^ (uint64_t)address.class << 16 ^ (uint32_t)address.sub;

    hash *= 0x9E3779B97F4A7C15u; /* 2^64 / golden ratio: consecutive oids spread over the upper half, and only there */
    size_t at = (size_t)(hash >> 32) & (capacity - 1);
    while (entries[at].used && !same_address(entries[at].address, address))
        at = (at + 1) & (capacity - 1);
    return &entries[at];
}

static void grow(struct addresses *addresses)
{
    size_t capacity = addresses->capacity > 0 ? addresses->capacity * 2 : 1024;
    struct address_entry *entries = allocate(capacity, sizeof *entries);

    for (size_t i = 0; i < addresses->capacity; i++)
        if (addresses->entries[i].used)
            *slot(entries, capacity, addresses->entries[i].address) = addresses->entries[i];
    free(addresses->entries);
    addresses->entries = entries;
    addresses->capacity = capacity;
}

static void add(struct addresses *addresses, struct address_entry entry)
{
    if ((addresses->count + 1) * 2 > addresses->capacity)
        grow(addresses);
    struct address_entry *at = slot(addresses->entries, addresses->capacity, entry.address);
    if (at->used)
        return;
    entry.used = true;
    *at = entry;
    addresses->count++;
}

void addresses_add(struct addresses *addresses, struct address address, struct object *object)
{
    add(addresses, (struct address_entry){.address = address, .object = object});
}

void addresses_add_part(struct addresses *addresses, struct address address, struct address owner, bool member)
{
    add(addresses, (struct address_entry){.address = address, .owner = owner, .member = member});
}

static const struct address_entry *find(const struct addresses *addresses, struct address address)
{
    if (addresses->count == 0)
        return NULL;
    const struct address_entry *entry = slot(addresses->entries, addresses->capacity, address);
    return entry->used ? entry : NULL;
}

struct object *addresses_find(const struct addresses *addresses, struct address address)
{
    const struct address_entry *entry = find(addresses, address);

    return entry != NULL ? entry->object : NULL;
}

struct object *addresses_resolve(const struct addresses *addresses, struct address address, bool *member)
{
    struct address end;

    return addresses_resolve_end(addresses, address, member, &end);
}

struct object *addresses_resolve_end(const struct addresses *addresses, struct address address, bool *member,
                                     struct address *end)
{
    enum { STEPS = 16 }; /* an array of a row type of a table of an extension takes four */

    *member = false;
    *end = address;
    for (int step = 0; step < STEPS; step++) {
        const struct address_entry *entry = find(addresses, address);
        if (entry == NULL && address.sub != 0)
            address.sub = 0;
        else if (entry == NULL)
            return NULL;
        else if (entry->object != NULL)
            return entry->object;
        else {
            *member = *member || entry->member;
            *end = address = entry->owner;
        }
    }
    return NULL;
}

void addresses_free(struct addresses *addresses)
{
    free(addresses->entries);
    *addresses = (struct addresses){0};
}
