/* From a database's object addresses to objects of the model: a hash table with open addressing. */
#include "common/catalog/addresses.h"

#include "common/memory.h"

uint32_t oid_from_text(const char *text)
{
    bool negative = *text == '-'; /* a system column's number */
    uint32_t value = 0;

    for (const char *at = text + negative; *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (uint32_t)(*at - '0');
    return negative ? 0 - value : value;
}

static bool same_address(struct address a, struct address b)
{
    return a.class == b.class && a.object == b.object && a.sub == b.sub;
}

/* The slot that holds the address, or the free one where it would go. */
static uint32_t *slot(const struct addresses *addresses, struct address address)
{
    uint64_t hash = (uint64_t)address.object << 32 ^ (uint64_t)address.class << 16 ^ (uint32_t)address.sub;

    hash *= 0x9E3779B97F4A7C15u; /* 2^64 / golden ratio: consecutive oids spread over the upper half, and only there */
    size_t mask = addresses->slot_count - 1, at = (size_t)(hash >> 32) & mask;
    while (addresses->slots[at] != 0 && !same_address(addresses->entries[addresses->slots[at] - 1].address, address))
        at = (at + 1) & mask;
    return &addresses->slots[at];
}

/* The number of slots is a power of two. */
static void grow(struct addresses *addresses)
{
    free(addresses->slots);
    addresses->slot_count = addresses->slot_count > 0 ? addresses->slot_count * 2 : 1024;
    addresses->slots = allocate(addresses->slot_count, sizeof *addresses->slots);
    for (size_t i = 0; i < addresses->count; i++)
        *slot(addresses, addresses->entries[i].address) = (uint32_t)i + 1;
}

static void add(struct addresses *addresses, struct address_entry entry)
{
    if ((addresses->count + 1) * 2 > addresses->slot_count)
        grow(addresses);
    uint32_t *at = slot(addresses, entry.address);
    if (*at != 0)
        return;
    array_reserve((void **)&addresses->entries, &addresses->capacity, addresses->count + 1, sizeof entry);
    addresses->entries[addresses->count++] = entry;
    *at = (uint32_t)addresses->count;
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
    uint32_t number = *slot(addresses, address);
    return number != 0 ? &addresses->entries[number - 1] : NULL;
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
    free(addresses->slots);
    *addresses = (struct addresses){0};
}
