/* Writes a plan file: entries are staged as they come, and put in the order of the format at the end. */
#include "common/interrupt.h"
#include "common/memory.h"
#include "format/container.h"
#include "format/content_root.h"
#include "format/entry_name.h"
#include "format/entry_order.h"
#include "format/limits.h"
#include "format/output.h"
#include "format/plan_writer_parts.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <sodium.h>

enum { COPY_SIZE = 256 * 1024 };

bool plan_writer_open(struct plan_writer **writer, const char *path, bool force, struct error *err)
{
    struct stage stage = {.descriptor = -1};

    if (!output_check(path, force, err) || !stage_open(&stage, path, err))
        return false;
    struct plan_writer *opened = allocate(1, sizeof *opened);
    opened->path = copy_string(path);
    opened->force = force;
    opened->stage = stage;
    *writer = opened;
    return true;
}

void staged_entry_free(struct staged_entry *entry)
{
    free(entry->name);
    free(entry->extents);
    free(entry);
}

void plan_writer_free(struct plan_writer *writer)
{
    if (writer == NULL)
        return;
    for (size_t i = 0; i < writer->entry_count; i++)
        staged_entry_free(writer->entries[i]);
    free(writer->entries);
    for (size_t i = 0; i < writer->spare_count; i++)
        ZSTD_freeCCtx(writer->spares[i]);
    map_free(&writer->by_name);
    stage_close(&writer->stage);
    free(writer->path);
    free(writer);
}

/* Gives each staged entry its place in the manifest. */
struct placing {
    struct plan_writer *writer;
    struct manifest *manifest;
};

static bool place_entry(void *context, const struct entry_place *place)
{
    struct placing *placing = context;
    struct staged_entry *staged = map_get(&placing->writer->by_name, place->name);

    if (staged == NULL)
        return false;
    struct plan_entry *entry = &placing->manifest->entries[placing->manifest->entry_count++];
    staged->placed = true;
    entry->name = copy_string(staged->name);
    entry->stored_size = staged->stored_size;
    entry->raw_size = staged->raw_size;
    entry->rows = staged->rows;
    memcpy(entry->sha256, staged->sha256, SHA256_SIZE);
    memcpy(entry->raw_sha256, staged->raw_sha256, SHA256_SIZE);
    return true;
}

static bool place_entries(struct plan_writer *writer, struct manifest *manifest, struct error *err)
{
    struct placing placing = {.writer = writer, .manifest = manifest};

    if (writer->open_parts > 0)
        return error_set(err, ERROR_INTERNAL, "%zu parts of the plan are still open", writer->open_parts);
    manifest->entries = allocate(writer->entry_count, sizeof *manifest->entries);
    manifest->entry_count = 0;
    if (!entry_order_walk(manifest, place_entry, &placing, ERROR_INTERNAL, err))
        return false;
    for (size_t i = 0; i < writer->entry_count; i++)
        if (!writer->entries[i]->placed)
            return error_set(err, ERROR_INTERNAL, "entry %s is not one that the manifest has a place for",
                             writer->entries[i]->name);
    return true;
}

static void note_hashes(struct manifest *manifest)
{
    const struct plan_entry *main = manifest_find_entry(manifest, ENTRY_MAIN_SCHEMA);
    const struct plan_entry *base = manifest_find_entry(manifest, ENTRY_BASE_SCHEMA);

    content_root(manifest, manifest->content_root);
    if (main != NULL)
        memcpy(manifest->main_schema, main->raw_sha256, SHA256_SIZE);
    if (base != NULL)
        memcpy(manifest->base_schema, base->raw_sha256, SHA256_SIZE);
}

/* What is written must be what a reader takes: a plan that cannot be applied shall fail where it is made. */
static bool make_manifest(const struct manifest *manifest, char **json, size_t *length, struct error *err)
{
    struct error fault = {0};

    if (!manifest_write(manifest, json, length, err))
        return false;
    if (*length > LIMIT_MANIFEST_SIZE)
        return error_set(err, ERROR_REFUSED, "the plan's manifest would be larger than %d MiB",
                         (int)(LIMIT_MANIFEST_SIZE / LIMIT_MIB)),
               error_hint(err, "Make several plans: choose fewer schemas or tables for each.");
    if (manifest_check(manifest, &fault))
        return true;
    error_set(err, ERROR_INTERNAL, "the plan would not be readable: %s", fault.message);
    error_clear(&fault);
    return false;
}

/* reproducible-builds.org: one time for all that is written. */
static bool file_time(uint64_t *time, struct error *err)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;

    *time = 0;
    if (fixed == NULL || *fixed == '\0')
        return true;
    errno = 0;
    *time = strtoull(fixed, &end, 10);
    if (errno != 0 || *end != '\0' || *fixed < '0' || *fixed > '9' || *time > LIMIT_STORED_SIZE)
        return error_set(err, ERROR_USAGE, "SOURCE_DATE_EPOCH is not a number of seconds since 1970");
    return true;
}

/* The tar that libarchive writes, on its way to the output. */
struct tar {
    struct archive *archive;
    struct output *output;
    uint64_t time;
    struct error *err;
};

static la_ssize_t tar_write(struct archive *archive, void *context, const void *bytes, size_t length)
{
    struct tar *tar = context;

    if (output_write(tar->output, bytes, length, tar->err))
        return (la_ssize_t)length;
    archive_set_error(archive, EIO, "output failed");
    return -1;
}

/* The first error stays: the output's own, where that is why libarchive failed. */
static bool tar_failed(struct tar *tar)
{
    const char *why = archive_error_string(tar->archive);

    return error_set(tar->err, ERROR_INTERNAL, "cannot write the plan: %s", why != NULL ? why : "unknown reason");
}

static bool tar_open(struct tar *tar)
{
    tar->archive = archive_write_new();
    return (tar->archive != NULL && archive_write_set_format_ustar(tar->archive) == ARCHIVE_OK &&
            archive_write_set_bytes_per_block(tar->archive, COPY_SIZE) == ARCHIVE_OK &&
            archive_write_set_bytes_in_last_block(tar->archive, 1) == ARCHIVE_OK &&
            archive_write_open(tar->archive, tar, NULL, tar_write, NULL) == ARCHIVE_OK) ||
           tar_failed(tar);
}

static bool tar_begin(struct tar *tar, const char *name, uint64_t size)
{
    struct archive_entry *entry = archive_entry_new();
    bool begun = false;

    if (entry != NULL) {
        archive_entry_set_pathname(entry, name);
        archive_entry_set_size(entry, (la_int64_t)size);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, (time_t)tar->time, 0);
        begun = archive_write_header(tar->archive, entry) == ARCHIVE_OK;
    }
    archive_entry_free(entry);
    return begun || tar_failed(tar);
}

static bool tar_data(struct tar *tar, const void *bytes, size_t length)
{
    return archive_write_data(tar->archive, bytes, length) == (la_ssize_t)length || tar_failed(tar);
}

static bool tar_whole(struct tar *tar, const char *name, const char *bytes, size_t length)
{
    return tar_begin(tar, name, length) && tar_data(tar, bytes, length);
}

static bool tar_staged(struct tar *tar, const struct plan_writer *writer, const char *name, unsigned char *buffer)
{
    const struct staged_entry *entry = map_get(&writer->by_name, name);

    if (!tar_begin(tar, name, entry->stored_size))
        return false;
    for (size_t i = 0; i < entry->extent_count; i++) {
        struct extent extent = entry->extents[i];
        while (extent.length > 0) {
            size_t piece = extent.length < COPY_SIZE ? (size_t)extent.length : COPY_SIZE;
            if (!interrupt_check(tar->err) || !stage_read(&writer->stage, extent.offset, buffer, piece, tar->err) ||
                !tar_data(tar, buffer, piece))
                return false;
            extent.offset += piece;
            extent.length -= piece;
        }
    }
    return true;
}

static bool write_entries(struct tar *tar, const struct plan_writer *writer, const struct manifest *manifest,
                          const char *json, size_t length)
{
    unsigned char hash[SHA256_SIZE];
    char digits[2 * SHA256_SIZE + 1];
    cleanup(free_string) char *buffer = allocate(COPY_SIZE, 1);

    sha256_of(json, length, hash);
    sodium_bin2hex(digits, sizeof digits, hash, sizeof hash);
    cleanup(free_string) char *line = format_string("%s  %s\n", digits, ENTRY_MANIFEST);
    if (!tar_whole(tar, ENTRY_MANIFEST, json, length) || !tar_whole(tar, ENTRY_MANIFEST_HASH, line, strlen(line)))
        return false;
    for (size_t i = 0; i < manifest->entry_count; i++)
        if (!tar_staged(tar, writer, manifest->entries[i].name, (unsigned char *)buffer))
            return false;
    return archive_write_close(tar->archive) == ARCHIVE_OK || tar_failed(tar);
}

bool plan_writer_finish(struct plan_writer *writer, struct manifest *manifest, uint64_t *size, struct error *err)
{
    cleanup(free_string) char *json = NULL;
    cleanup(output_close) struct output output = {.descriptor = -1};
    struct tar tar = {.output = &output, .err = err};
    size_t length;

    if (!file_time(&tar.time, err) || !place_entries(writer, manifest, err))
        return false;
    note_hashes(manifest);
    if (!make_manifest(manifest, &json, &length, err) || !output_open(&output, writer->path, writer->force, err))
        return false;
    bool written = tar_open(&tar) && write_entries(&tar, writer, manifest, json, length);
    if (!written && tar.archive != NULL)
        archive_write_fail(tar.archive); /* so that releasing it writes no end of the file */
    archive_write_free(tar.archive);
    *size = output.size;
    return written && output_finish(&output, err);
}
