/*
 * Allocation that does not fail, and release by scope.
 *
 * A tool that runs out of memory can only stop: these functions print a message and exit with 1 then, so callers never
 * see NULL. Sizes that come from outside must be checked against a limit before they come here.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Zeroed memory for count items; count * size may not overflow. Release with free(). */
void *allocate(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* realloc() under the same promise. */
void *reallocate(void *memory, size_t count, size_t size) __attribute__((returns_nonnull));

char *copy_string(const char *string) __attribute__((returns_nonnull, nonnull));
char *copy_bytes(const void *bytes, size_t length) __attribute__((returns_nonnull)); /* with a NUL after the bytes */

/* A new string from a printf format. */
char *format_string(const char *format, ...) __attribute__((format(printf, 1, 2), returns_nonnull));

/*
 * Makes room for `need` items in *items, growing by doubling; *capacity counts items.
 *     array_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items);
 */
void array_reserve(void **items, size_t *capacity, size_t need, size_t item_size);

/* Declares a local that is released when its scope ends: `cleanup(free_string) char *name = …;` */
#define cleanup(function) __attribute__((cleanup(function)))
void free_string(char **string);

/* Hands ownership out of a scope that would release it. */
#define take(pointer)                                                                                                  \
    __extension__({                                                                                                    \
        __typeof__(pointer) taken_ = (pointer);                                                                        \
        (pointer) = NULL;                                                                                              \
        taken_;                                                                                                        \
    })

#define array_length(array) (sizeof(array) / sizeof((array)[0]))
