/* Many small allocations that are released together: the catalog graph lives in one. */
#pragma once

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is fine */
void arena_cleanup(struct arena **arena);

/* Zeroed, aligned for any type, owned by the arena. */
void *arena_allocate(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
char *arena_string(struct arena *arena, const char *string);              /* NULL stays NULL */
char *arena_bytes(struct arena *arena, const void *bytes, size_t length); /* with a NUL after the bytes */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
