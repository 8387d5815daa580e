/* One entry on its way into the stage: hashed, compressed, hashed again, in pieces. */
#include "format/plan_writer_parts.h"

#include "common/memory.h"
#include "format/limits.h"

#include <zstd.h>

/* Level 3 makes rows smaller by a twentieth at most, and takes half as long again: more than all else of a copied row.
 */
enum { BUFFER_SIZE = 128 * 1024, COMPRESSION_LEVEL = 2 };

struct plan_part {
    struct plan_writer *writer;
    struct staged_entry *entry;
    ZSTD_CCtx *compressor; /* NULL for an entry that is stored as it is */
    unsigned char *buffer; /* stored bytes that are not in the stage yet */
    size_t used;
    struct sha256 *raw_hash, *stored_hash;
};

static bool is_compressed(const char *name)
{
    size_t length = strlen(name);

    return length > 4 && strcmp(name + length - 4, ".zst") == 0;
}

/* Contexts are used again: making one costs more than compressing a small entry. */
static ZSTD_CCtx *take_compressor(struct plan_writer *writer)
{
    if (writer->spare_count > 0)
        return writer->spares[--writer->spare_count];
    return ZSTD_createCCtx();
}

static void give_back_compressor(struct plan_writer *writer, ZSTD_CCtx *compressor)
{
    if (writer->spare_count < array_length(writer->spares) && compressor != NULL)
        writer->spares[writer->spare_count++] = compressor;
    else
        ZSTD_freeCCtx(compressor);
}

static struct staged_entry *add_entry(struct plan_writer *writer, const char *name, struct error *err)
{
    if (strlen(name) > LIMIT_ENTRY_NAME)
        return error_set(err, ERROR_INTERNAL, "entry name %s is too long", name), NULL;
    if (writer->entry_count >= LIMIT_ENTRIES)
        return error_set(err, ERROR_REFUSED, "the plan would have more than %d entries", (int)LIMIT_ENTRIES), NULL;
    struct staged_entry *entry = allocate(1, sizeof *entry);
    entry->name = copy_string(name);
    if (!map_add(&writer->by_name, entry->name, entry)) {
        error_set(err, ERROR_INTERNAL, "entry %s is added twice", name);
        staged_entry_free(entry);
        return NULL;
    }
    array_reserve((void **)&writer->entries, &writer->entry_capacity, writer->entry_count + 1, sizeof *writer->entries);
    writer->entries[writer->entry_count++] = entry;
    return entry;
}

static void part_free(struct plan_part *part)
{
    give_back_compressor(part->writer, part->compressor);
    sha256_free(part->raw_hash);
    sha256_free(part->stored_hash);
    free(part->buffer);
    free(part);
}

/* raw_size is what will come, or ZSTD_CONTENTSIZE_UNKNOWN. */
static bool open_part(struct plan_writer *writer, const char *name, unsigned long long raw_size,
                      struct plan_part **opened, struct error *err)
{
    struct staged_entry *entry = add_entry(writer, name, err);

    if (entry == NULL)
        return false;
    struct plan_part *part = allocate(1, sizeof *part);
    part->writer = writer;
    part->entry = entry;
    part->buffer = allocate(BUFFER_SIZE, 1);
    part->raw_hash = sha256_new();
    part->stored_hash = sha256_new();
    writer->open_parts++;
    *opened = part;
    if (!is_compressed(name))
        return true;
    part->compressor = take_compressor(writer);
    if (part->compressor != NULL &&
        !ZSTD_isError(ZSTD_CCtx_reset(part->compressor, ZSTD_reset_session_and_parameters)) &&
        !ZSTD_isError(ZSTD_CCtx_setParameter(part->compressor, ZSTD_c_compressionLevel, COMPRESSION_LEVEL)) &&
        !ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(part->compressor, raw_size)))
        return true;
    writer->open_parts--;
    part_free(part);
    return error_set(err, ERROR_INTERNAL, "cannot start compression of %s", name);
}

bool plan_part_open(struct plan_writer *writer, const char *name, struct plan_part **part, struct error *err)
{
    return open_part(writer, name, ZSTD_CONTENTSIZE_UNKNOWN, part, err);
}

static void add_extent(struct staged_entry *entry, const struct extent *extent)
{
    struct extent *last = entry->extent_count > 0 ? &entry->extents[entry->extent_count - 1] : NULL;

    if (last != NULL && last->offset + last->length == extent->offset) {
        last->length += extent->length;
        return;
    }
    array_reserve((void **)&entry->extents, &entry->extent_capacity, entry->extent_count + 1, sizeof *entry->extents);
    entry->extents[entry->extent_count++] = *extent;
}

static bool flush(struct plan_part *part, struct error *err)
{
    struct staged_entry *entry = part->entry;
    struct extent extent;

    if (part->used == 0)
        return true;
    sha256_add(part->stored_hash, part->buffer, part->used);
    if (!stage_append(&part->writer->stage, part->buffer, part->used, &extent, err))
        return false;
    add_extent(entry, &extent);
    entry->stored_size += part->used;
    part->used = 0;
    return true;
}

static bool put_plain(struct plan_part *part, const char *bytes, size_t size, struct error *err)
{
    while (size > 0) {
        size_t piece = size < BUFFER_SIZE - part->used ? size : BUFFER_SIZE - part->used;
        memcpy(part->buffer + part->used, bytes, piece);
        part->used += piece;
        bytes += piece;
        size -= piece;
        if (part->used == BUFFER_SIZE && !flush(part, err))
            return false;
    }
    return true;
}

static bool put_compressed(struct plan_part *part, const void *bytes, size_t size, ZSTD_EndDirective directive,
                           struct error *err)
{
    ZSTD_inBuffer input = {.src = bytes, .size = size};

    for (;;) {
        ZSTD_outBuffer output = {.dst = part->buffer, .size = BUFFER_SIZE, .pos = part->used};
        size_t left = ZSTD_compressStream2(part->compressor, &output, &input, directive);
        if (ZSTD_isError(left))
            return error_set(err, ERROR_INTERNAL, "cannot compress %s: %s", part->entry->name, ZSTD_getErrorName(left));
        part->used = output.pos;
        if (part->used == BUFFER_SIZE && !flush(part, err))
            return false;
        if (directive == ZSTD_e_continue ? input.pos == input.size : left == 0)
            return true;
    }
}

bool plan_part_write(struct plan_part *part, const void *raw, size_t size, struct error *err)
{
    if (size > LIMIT_RAW_SIZE - part->entry->raw_size)
        return error_set(err, ERROR_REFUSED, "entry %s would be larger than %d GiB", part->entry->name,
                         (int)((LIMIT_RAW_SIZE + 1) / LIMIT_GIB));
    part->entry->raw_size += size;
    sha256_add(part->raw_hash, raw, size);
    return part->compressor != NULL ? put_compressed(part, raw, size, ZSTD_e_continue, err)
                                    : put_plain(part, raw, size, err);
}

bool plan_part_close(struct plan_part *part, uint64_t rows, struct error *err)
{
    struct staged_entry *entry = part->entry;
    bool closed = (part->compressor == NULL || put_compressed(part, NULL, 0, ZSTD_e_end, err)) && flush(part, err);

    sha256_finish(part->raw_hash, entry->raw_sha256);
    sha256_finish(part->stored_hash, entry->sha256);
    entry->rows = rows;
    if (closed && entry->stored_size > LIMIT_STORED_SIZE)
        closed = error_set(err, ERROR_REFUSED, "entry %s is larger than %d GiB", entry->name,
                           (int)((LIMIT_STORED_SIZE + 1) / LIMIT_GIB));
    part->writer->open_parts--;
    part_free(part);
    return closed;
}

/* The stage holds the bytes once. */
bool plan_part_close_like(struct plan_part *part, const char *name, struct error *err)
{
    struct staged_entry *entry = part->entry;
    const struct staged_entry *other = map_get(&part->writer->by_name, name);

    part->writer->open_parts--;
    part_free(part);
    if (other == NULL)
        return error_set(err, ERROR_INTERNAL, "there is no entry %s for %s to be like", name, entry->name);
    for (size_t i = 0; i < other->extent_count; i++)
        add_extent(entry, &other->extents[i]);
    entry->stored_size = other->stored_size;
    entry->raw_size = other->raw_size;
    entry->rows = other->rows;
    memcpy(entry->sha256, other->sha256, SHA256_SIZE);
    memcpy(entry->raw_sha256, other->raw_sha256, SHA256_SIZE);
    return true;
}

void plan_part_abandon(struct plan_part *part)
{
    if (part != NULL)
        part_free(part); /* stays counted as open */
}

bool plan_writer_add(struct plan_writer *writer, const char *name, const void *raw, size_t size, uint64_t rows,
                     struct error *err)
{
    struct plan_part *part;

    if (!open_part(writer, name, size, &part, err))
        return false;
    if (plan_part_write(part, raw, size, err))
        return plan_part_close(part, rows, err);
    plan_part_abandon(part);
    return false;
}
