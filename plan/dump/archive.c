/* Reads the table of contents of pg_dump's custom format. */
#include "plan/dump/archive.h"

#include "common/memory.h"

#include <stdbool.h>
#include <string.h>

#define VERSION(major, minor) ((major)*256 + (minor))

enum {
    OLDEST = VERSION(1, 12), /* pg_dump 10 */
    HAS_ACCESS_METHOD = VERSION(1, 14),
    HAS_COMPRESSION_BYTE = VERSION(1, 15),
    HAS_RELATION_KIND = VERSION(1, 16),
    NEWEST = VERSION(1, 16), /* pg_dump 17 and 18 */
    FORMAT_CUSTOM = 1,
    ENTRY_SIZE_LEAST = 60 /* bytes; no entry can be smaller, so that a count can be judged before it is believed */
};

struct bytes {
    struct arena *arena;
    const unsigned char *at, *end;
    size_t integer_size, offset_size;
    int version;
    bool damaged; /* once set, everything reads as 0 */
};

static unsigned int read_byte(struct bytes *bytes)
{
    if (bytes->at == bytes->end) {
        bytes->damaged = true;
        return 0;
    }
    return *bytes->at++;
}

/* A sign, then the bytes with the lowest first. */
static int64_t read_integer(struct bytes *bytes)
{
    unsigned int negative = read_byte(bytes);
    uint64_t value = 0;

    for (size_t i = 0; i < bytes->integer_size; i++)
        value |= (uint64_t)read_byte(bytes) << (8 * i);
    if (value > INT32_MAX || negative > 1)
        bytes->damaged = true;
    if (bytes->damaged)
        return 0;
    return negative == 1 ? -(int64_t)value : (int64_t)value;
}

/* NULL for the length -1, and where the archive is damaged. */
static const char *read_string(struct bytes *bytes)
{
    int64_t length = read_integer(bytes);

    if (bytes->damaged || length == -1)
        return NULL;
    if (length < 0 || length > bytes->end - bytes->at || memchr(bytes->at, '\0', (size_t)length) != NULL) {
        bytes->damaged = true;
        return NULL;
    }
    const char *string = arena_bytes(bytes->arena, bytes->at, (size_t)length);
    bytes->at += length;
    return string;
}

static const char *null_if_empty(const char *string)
{
    return string != NULL && *string != '\0' ? string : NULL;
}

static const char *empty_if_null(const char *string)
{
    return string != NULL ? string : "";
}

static uint32_t read_number_string(struct bytes *bytes)
{
    const char *string = read_string(bytes);
    uint64_t value = 0;

    if (string == NULL || strlen(string) > 10 || string[strspn(string, "0123456789")] != '\0') {
        bytes->damaged = true;
        return 0;
    }
    value = strtoull(string, NULL, 10);
    if (value > UINT32_MAX)
        bytes->damaged = true;
    return (uint32_t)value;
}

static void read_depends(struct bytes *bytes, struct archive_entry *entry)
{
    uint32_t *depends = NULL;
    size_t count = 0, capacity = 0;

    while (!bytes->damaged) {
        const unsigned char *before = bytes->at;
        if (read_integer(bytes) == -1)
            break;
        bytes->at = before;
        array_reserve((void **)&depends, &capacity, count + 1, sizeof *depends);
        depends[count++] = read_number_string(bytes);
    }
    if (!bytes->damaged && count > 0) {
        uint32_t *kept = arena_allocate(bytes->arena, count, sizeof *kept);
        for (size_t i = 0; i < count; i++)
            kept[i] = depends[i];
        entry->depends = kept;
        entry->depend_count = count;
    }
    free(depends);
}

static void read_entry(struct bytes *bytes, struct archive_entry *entry)
{
    entry->dump_id = (uint32_t)read_integer(bytes);
    read_integer(bytes); /* whether there is data */
    entry->class = read_number_string(bytes);
    entry->object = read_number_string(bytes);
    entry->tag = empty_if_null(read_string(bytes));
    entry->description = empty_if_null(read_string(bytes));
    read_integer(bytes); /* section */
    entry->definition = empty_if_null(read_string(bytes));
    entry->drop = empty_if_null(read_string(bytes));
    read_string(bytes); /* COPY */
    entry->schema = null_if_empty(read_string(bytes));
    entry->tablespace = null_if_empty(read_string(bytes));
    if (bytes->version >= HAS_ACCESS_METHOD)
        entry->access_method = null_if_empty(read_string(bytes));
    if (bytes->version >= HAS_RELATION_KIND)
        read_integer(bytes);
    entry->owner = null_if_empty(read_string(bytes));
    read_string(bytes); /* WITH OIDS */
    read_depends(bytes, entry);
    for (size_t i = 0; i < 1 + bytes->offset_size; i++)
        read_byte(bytes); /* where the data is */
}

static bool damaged(struct error *err)
{
    error_set(err, ERROR_ARCHIVE, "what pg_dump wrote is damaged or not complete");
    return error_hint(err, "Try pg_dump by hand, or leave out --schema-source=pgdump.");
}

static bool read_head(struct bytes *bytes, struct archive *archive, struct error *err)
{
    static const char magic[] = "PGDMP";
    unsigned int major, minor;

    for (size_t i = 0; i < strlen(magic); i++)
        if (read_byte(bytes) != (unsigned char)magic[i])
            return error_set(err, ERROR_ARCHIVE, "what pg_dump wrote is no archive of its custom format");
    major = read_byte(bytes);
    minor = read_byte(bytes);
    read_byte(bytes); /* revision */
    bytes->version = (int)VERSION(major, minor);
    bytes->integer_size = read_byte(bytes);
    bytes->offset_size = read_byte(bytes);
    if (bytes->damaged)
        return damaged(err);
    if (bytes->version < OLDEST || bytes->version > NEWEST) {
        error_set(err, ERROR_ARCHIVE, "pg_dump wrote version %u.%u of its archive format", major, minor);
        return error_hint(err, "This program reads versions 1.12 to 1.16, those of pg_dump 10 to 18.");
    }
    if (bytes->integer_size < 4 || bytes->integer_size > 8 || bytes->offset_size < 4 || bytes->offset_size > 16 ||
        read_byte(bytes) != FORMAT_CUSTOM)
        return damaged(err);
    if (bytes->version >= HAS_COMPRESSION_BYTE)
        read_byte(bytes);
    else
        read_integer(bytes);
    for (int i = 0; i < 7; i++)
        read_integer(bytes); /* the time: second, minute, … */
    read_string(bytes);      /* database */
    archive->server_version = arena_string(bytes->arena, empty_if_null(read_string(bytes)));
    archive->dump_version = arena_string(bytes->arena, empty_if_null(read_string(bytes)));
    return true;
}

bool archive_read(struct arena *arena, const void *bytes, size_t length, struct archive *archive, struct error *err)
{
    struct bytes reading = {.arena = arena, .at = bytes, .end = (const unsigned char *)bytes + length};

    *archive = (struct archive){0};
    if (!read_head(&reading, archive, err))
        return false;
    int64_t count = read_integer(&reading);
    if (reading.damaged || count < 0 || count > (reading.end - reading.at) / ENTRY_SIZE_LEAST)
        return damaged(err);
    archive->entries = arena_allocate(arena, (size_t)count + 1, sizeof *archive->entries);
    for (int64_t i = 0; i < count; i++) {
        read_entry(&reading, &archive->entries[archive->entry_count++]);
        if (reading.damaged)
            return damaged(err);
    }
    return true;
}
