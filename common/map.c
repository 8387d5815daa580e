/* A hash map from strings to pointers. */
#include "common/map.h"

#include "common/memory.h"

#include <xxhash.h>

/* The slot that holds key, or the free one where it would go. capacity is a power of two. */
static struct map_entry *slot(struct map_entry *entries, size_t capacity, const char *key)
{
    size_t at = (size_t)XXH3_64bits(key, strlen(key)) & (capacity - 1);

    while (entries[at].key != NULL && strcmp(entries[at].key, key) != 0)
        at = (at + 1) & (capacity - 1);
    return &entries[at];
}

void *map_get(const struct map *map, const char *key)
{
    return map->count > 0 ? slot(map->entries, map->capacity, key)->value : NULL;
}

static void grow(struct map *map)
{
    size_t capacity = map->capacity > 0 ? map->capacity * 2 : 64;
    struct map_entry *entries = allocate(capacity, sizeof *entries);

    for (size_t i = 0; i < map->capacity; i++)
        if (map->entries[i].key != NULL)
            *slot(entries, capacity, map->entries[i].key) = map->entries[i];
    free(map->entries);
    map->entries = entries;
    map->capacity = capacity;
}

bool map_add(struct map *map, const char *key, void *value)
{
    if ((map->count + 1) * 2 > map->capacity)
        grow(map);
    struct map_entry *entry = slot(map->entries, map->capacity, key);
    if (entry->key != NULL)
        return false;
    *entry = (struct map_entry){key, value};
    map->count++;
    return true;
}

void map_free(struct map *map)
{
    free(map->entries);
    *map = (struct map){0};
}
