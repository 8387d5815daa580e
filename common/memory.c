/* Allocation that does not fail, and release by scope. */
#include "common/memory.h"

#include <stdarg.h>

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("error: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

void *allocate(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1));
}

void *reallocate(void *memory, size_t count, size_t size)
{
    return checked(reallocarray(memory, count ? count : 1, size ? size : 1));
}

char *copy_string(const char *string)
{
    return checked(strdup(string));
}

char *copy_bytes(const void *bytes, size_t length)
{
    char *copy = allocate(length + 1, 1);

    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *format_string(const char *format, ...)
{
    char *string = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&string, format, arguments);
    va_end(arguments);
    return checked(length < 0 ? NULL : string);
}

void array_reserve(void **items, size_t *capacity, size_t need, size_t item_size)
{
    if (need <= *capacity)
        return;
    size_t grown = *capacity > 0 ? *capacity * 2 : 8;
    if (grown < need)
        grown = need;
    *items = reallocate(*items, grown, item_size);
    *capacity = grown;
}

void free_string(char **string)
{
    free(*string);
    *string = NULL;
}
