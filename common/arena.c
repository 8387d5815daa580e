/* Many small allocations that are released together. */
#include "common/arena.h"

#include "common/memory.h"

#include <stdalign.h>
#include <stdarg.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* the one in use first */
};

struct arena *arena_new(void)
{
    return allocate(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

static struct block *add_block(struct arena *arena, size_t size)
{
    struct block *block = allocate(1, sizeof *block + size);

    block->size = size;
    /* A block made for one large item goes behind the one in use, whose rest is still good. */
    if (size > BLOCK_SIZE && arena->blocks != NULL) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

/* `alignment` is a power of two. */
static void *take_bytes(struct arena *arena, size_t bytes, size_t alignment)
{
    struct block *block = arena->blocks;
    size_t start = block != NULL ? (block->used + alignment - 1) & ~(alignment - 1) : 0;

    if (block == NULL || start > block->size || block->size - start < bytes) {
        block = add_block(arena, bytes > BLOCK_SIZE ? bytes : BLOCK_SIZE);
        start = block->used;
    }
    block->used = start + bytes;
    return block->bytes + start;
}

void *arena_allocate(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2) {
        fputs("error: out of memory\n", stderr);
        exit(1);
    }
    return take_bytes(arena, bytes, alignof(max_align_t));
}

char *arena_string(struct arena *arena, const char *string)
{
    return string != NULL ? arena_bytes(arena, string, strlen(string)) : NULL;
}

char *arena_bytes(struct arena *arena, const void *bytes, size_t length)
{
    char *copy = take_bytes(arena, length + 1, 1);

    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *string = take_bytes(arena, (size_t)(length > 0 ? length : 0) + 1, 1);
    vsnprintf(string, (size_t)(length > 0 ? length : 0) + 1, format, again);
    va_end(again);
    return string;
}
