/* A hash map from strings to pointers, by open addressing over XXH3. Keys and values are borrowed: they must outlive
 * the map. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct map_entry {
    const char *key;
    void *value;
};

struct map { /* `struct map map = {0}` is an empty one */
    struct map_entry *entries;
    size_t count, capacity;
};

void *map_get(const struct map *map, const char *key); /* NULL where there is none */

/* Adds the pair; a key that is there already keeps its value, and false is returned. value may not be NULL. */
bool map_add(struct map *map, const char *key, void *value);
void map_free(struct map *map); /* also for the cleanup attribute */
