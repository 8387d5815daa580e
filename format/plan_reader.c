/* Reads a plan file and trusts nothing in it. */
#include "format/plan_reader.h"

#include "common/interrupt.h"
#include "common/memory.h"
#include "common/text.h"
#include "format/entry_name.h"
#include "format/limits.h"
#include "format/plan_check.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>
#include <zstd.h>

enum { PIECE_SIZE = 128 * 1024 };

bool plan_open(struct plan *plan, const char *path, struct error *err)
{
    if (!plan_open_unchecked(plan, path, err) || !plan_check_size(plan, err))
        return error_context(err, "reading plan \"%s\"", path);
    for (size_t i = 0; i < plan->manifest->entry_count; i++)
        if (!plan_check_entry(plan, i, err))
            return error_context(err, "reading plan \"%s\"", path);
    if (!plan_check_trailer(plan, err))
        return error_context(err, "reading plan \"%s\"", path);
    plan->verified = true;
    return true;
}

void plan_close(struct plan *plan)
{
    if (plan->descriptor > 0)
        close(plan->descriptor);
    map_free(&plan->by_name);
    manifest_free(plan->manifest);
    free(plan->offsets);
    *plan = (struct plan){0};
}

/* An entry on its way to its sink: what was read of it, and what came out. */
struct reading {
    const struct plan *plan;
    const struct plan_entry *entry;
    uint64_t taken, given; /* stored bytes read, raw bytes handed on */
    struct sha256 *raw_hash;
    entry_sink sink;
    void *context;
    struct error *err;
};

static bool read_stored(struct reading *reading, char *buffer, size_t *length)
{
    uint64_t left = reading->entry->stored_size - reading->taken;
    size_t wanted = left < PIECE_SIZE ? (size_t)left : PIECE_SIZE;
    uint64_t offset = reading->plan->offsets[reading->entry - reading->plan->manifest->entries] + reading->taken;

    *length = 0;
    if (!interrupt_check(reading->err))
        return false;
    while (*length < wanted) {
        ssize_t got = pread(reading->plan->descriptor, buffer + *length, wanted - *length, (off_t)(offset + *length));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_set(reading->err, ERROR_ARCHIVE, "cannot read %s: %s", reading->entry->name,
                             got < 0 ? strerror(errno) : "the file became shorter");
        *length += (size_t)got;
    }
    reading->taken += wanted;
    return true;
}

static bool give_raw(struct reading *reading, const char *bytes, size_t length)
{
    if (length > reading->entry->raw_size - reading->given)
        return error_set(reading->err, ERROR_ARCHIVE, "%s unpacks to more than the %" PRIu64 " bytes that it should",
                         reading->entry->name, reading->entry->raw_size);
    reading->given += length;
    sha256_add(reading->raw_hash, bytes, length);
    return length == 0 || reading->sink(reading->context, bytes, length, reading->err);
}

static bool read_plain(struct reading *reading)
{
    cleanup(free_string) char *buffer = allocate(PIECE_SIZE, 1);
    size_t length;

    while (reading->taken < reading->entry->stored_size)
        if (!read_stored(reading, buffer, &length) || !give_raw(reading, buffer, length))
            return false;
    return true;
}

static void free_decompressor(ZSTD_DCtx **decompressor)
{
    ZSTD_freeDCtx(*decompressor);
}

/* Exactly one frame, which ends where the entry ends. */
static bool read_compressed(struct reading *reading)
{
    cleanup(free_decompressor) ZSTD_DCtx *decompressor = ZSTD_createDCtx();
    cleanup(free_string) char *stored = allocate(PIECE_SIZE, 1), *raw = allocate(PIECE_SIZE, 1);
    ZSTD_inBuffer input = {.src = stored};
    size_t left = 1;

    if (decompressor == NULL ||
        ZSTD_isError(ZSTD_DCtx_setParameter(decompressor, ZSTD_d_windowLogMax, LIMIT_WINDOW_LOG)))
        return error_set(reading->err, ERROR_INTERNAL, "cannot start to unpack %s", reading->entry->name);
    while (left != 0) {
        ZSTD_outBuffer output = {.dst = raw, .size = PIECE_SIZE};
        if (input.pos == input.size && reading->taken < reading->entry->stored_size) {
            input.pos = 0;
            if (!read_stored(reading, stored, &input.size))
                return false;
        }
        size_t before = input.pos;
        left = ZSTD_decompressStream(decompressor, &output, &input);
        if (ZSTD_isError(left))
            return error_set(reading->err, ERROR_ARCHIVE, "%s is not what zstd can unpack: %s", reading->entry->name,
                             ZSTD_getErrorName(left));
        if (left != 0 && output.pos == 0 && input.pos == before && reading->taken == reading->entry->stored_size &&
            input.pos == input.size)
            return error_set(reading->err, ERROR_ARCHIVE, "%s ends inside of its zstd frame", reading->entry->name);
        if (!give_raw(reading, raw, output.pos))
            return false;
    }
    return (input.pos == input.size && reading->taken == reading->entry->stored_size) ||
           error_set(reading->err, ERROR_ARCHIVE, "%s has bytes after its zstd frame", reading->entry->name);
}

static bool is_compressed(const char *name)
{
    size_t length = strlen(name);

    return length > 4 && strcmp(name + length - 4, ".zst") == 0;
}

bool plan_read_entry(const struct plan *plan, const struct plan_entry *entry, entry_sink sink, void *context,
                     struct error *err)
{
    cleanup(sha256_cleanup) struct sha256 *raw_hash = sha256_new();
    struct reading reading = {
        .plan = plan, .entry = entry, .raw_hash = raw_hash, .sink = sink, .context = context, .err = err};
    unsigned char hash[SHA256_SIZE];

    if (!(is_compressed(entry->name) ? read_compressed(&reading) : read_plain(&reading)))
        return false;
    sha256_finish(raw_hash, hash);
    if (reading.given != entry->raw_size)
        return error_set(err, ERROR_ARCHIVE, "%s has %" PRIu64 " bytes, it should have %" PRIu64, entry->name,
                         reading.given, entry->raw_size);
    return memcmp(hash, entry->raw_sha256, sizeof hash) == 0 ||
           error_set(err, ERROR_ARCHIVE, "the contents of %s do not have the hash that the manifest names",
                     entry->name);
}

static bool collect(void *context, const char *bytes, size_t length, struct error *err)
{
    (void)err;
    text_append_bytes(context, bytes, length);
    return true;
}

bool plan_load_entry(const struct plan *plan, const char *name, char **bytes, size_t *length, struct error *err)
{
    const struct plan_entry *entry = plan_find_entry(plan, name);
    cleanup(text_free) struct text text = {0};

    if (entry == NULL)
        return error_set(err, ERROR_ARCHIVE, "the plan has no entry %s", name);
    if (entry->raw_size > LIMIT_LOADED_SIZE)
        return error_set(err, ERROR_ARCHIVE, "%s is larger than %d MiB", name, (int)(LIMIT_LOADED_SIZE / LIMIT_MIB));
    if (!plan_read_entry(plan, entry, collect, &text, err))
        return false;
    *length = text.length;
    *bytes = text_take(&text);
    return true;
}

const struct plan_entry *plan_find_entry(const struct plan *plan, const char *name)
{
    return map_get(&plan->by_name, name);
}

/* The digest must be about the chunking that the manifest describes. */
static bool fit_digest(struct plan_table *table, const struct digest *digest, struct error *err)
{
    struct chunking *chunking = &table->chunking;
    size_t bounds = chunking->way == CHUNK_BY_RANGE ? chunking->slice_count - 1 : 0;

    if (digest->bound_count != bounds)
        return error_set(err, ERROR_ARCHIVE, "%s has %zu bounds, expected %zu", table->digest_entry,
                         digest->bound_count, bounds);
    if (digest->chunk_count > 0 &&
        digest->chunks[digest->chunk_count - 1].number > (chunking->slice_count - 1) / chunking->slices_per_chunk)
        return error_set(err, ERROR_ARCHIVE, "%s has a chunk that the table has not", table->digest_entry);
    if (digest->touched_count > 0 && digest->touched[digest->touched_count - 1].number >= chunking->slice_count)
        return error_set(err, ERROR_ARCHIVE, "%s has a slice that the table has not", table->digest_entry);
    if (chunking->bounds != NULL || bounds == 0)
        return true;
    chunking->bounds = allocate(bounds, sizeof *chunking->bounds);
    for (size_t i = 0; i < bounds; i++)
        chunking->bounds[i] = copy_string(digest->bounds[i]);
    return true;
}

bool plan_load_digest(const struct plan *plan, size_t index, struct digest *digest, struct error *err)
{
    struct plan_table *table = &plan->manifest->tables[index];
    cleanup(free_string) char *bytes = NULL;
    size_t length;

    *digest = (struct digest){0};
    if (table->digest_entry == NULL)
        return true;
    if (!plan_load_entry(plan, table->digest_entry, &bytes, &length, err))
        return false;
    if (digest_read(bytes, length, digest, err) && fit_digest(table, digest, err))
        return true;
    digest_free(digest);
    return error_context(err, "%s", table->digest_entry);
}

bool plan_visit_rows(const struct plan *plan, size_t index, enum rows_kind kind, entry_visit visit, void *context,
                     struct error *err)
{
    const struct table_shape *shape = &plan->manifest->tables[index].shape;

    for (unsigned part = 1;; part++) {
        cleanup(free_string) char *name = entry_name_rows(index + 1, shape->schema, shape->name, kind, part);
        const struct plan_entry *entry = plan_find_entry(plan, name);
        if (entry == NULL)
            return true;
        if (!visit(context, entry, err))
            return false;
    }
}
