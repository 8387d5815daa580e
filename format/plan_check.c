/* Opens a plan file and checks its structure and every hash, block by block, before anything is unpacked. */
#include "format/plan_check.h"

#include "common/interrupt.h"
#include "common/memory.h"
#include "format/container.h"
#include "format/entry_name.h"
#include "format/limits.h"
#include "format/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, HASH_LINE_SIZE = 2 * SHA256_SIZE + 2 + sizeof ENTRY_MANIFEST };

static bool read_at(const struct plan *plan, uint64_t offset, void *bytes, size_t length, struct error *err)
{
    char *at = bytes;

    while (length > 0) {
        ssize_t got = pread(plan->descriptor, at, length, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(err, ERROR_ARCHIVE, "cannot read the plan: %s", strerror(errno));
        if (got == 0)
            return error_set(err, ERROR_ARCHIVE, "the file ends at byte %" PRIu64 ", too early", offset);
        at += got;
        offset += (uint64_t)got;
        length -= (size_t)got;
    }
    return true;
}

bool plan_is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool open_file(struct plan *plan, const char *path, struct error *err)
{
    struct stat status;
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (opened < 0)
        return error_set(err, ERROR_USAGE, "cannot open \"%s\": %s", path, strerror(errno));
    plan->descriptor = fcntl(opened, F_DUPFD_CLOEXEC, 3); /* never 0: that says "closed" */
    close(opened);
    if (plan->descriptor < 0 || fstat(plan->descriptor, &status) != 0)
        return error_set(err, ERROR_INTERNAL, "cannot open \"%s\": %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(err, ERROR_USAGE, "\"%s\" is not a regular file", path);
    plan->size = (uint64_t)status.st_size;
    return true;
}

/* Zero bytes at most up to the next block, so that every byte of the file has one right value. */
static bool check_zeros(const struct plan *plan, uint64_t offset, size_t length, const char *what, struct error *err)
{
    unsigned char bytes[CONTAINER_TRAILER];

    if (!read_at(plan, offset, bytes, length, err))
        return false;
    return sodium_is_zero(bytes, length) ||
           error_set(err, ERROR_ARCHIVE, "%s at byte %" PRIu64 " is not zero", what, offset);
}

static bool check_header(const struct plan *plan, const char *name, uint64_t size, uint64_t offset, struct error *err)
{
    unsigned char found[CONTAINER_BLOCK], expected[CONTAINER_BLOCK];

    if (!read_at(plan, offset, found, sizeof found, err))
        return false;
    container_header(name, size, plan->time, expected);
    return memcmp(found, expected, sizeof found) == 0 ||
           error_set(err, ERROR_ARCHIVE, "the tar header at byte %" PRIu64 ", where %s must begin, is wrong: %s",
                     offset, name, container_fault(found, expected));
}

/* Of a plan that comes on standard input (`spool`, else NULL), the first `size` bytes must have come. */
static bool need_bytes(struct plan *plan, struct spool *spool, uint64_t size, struct error *err)
{
    if (spool == NULL)
        return true;
    bool there = spool_until(spool, size, err);
    plan->size = spool->size;
    return there;
}

/* Header, bytes and padding of the manifest, which nothing else vouches for but the next entry. */
static bool load_manifest(struct plan *plan, struct spool *spool, char **json, size_t *length, uint64_t *end,
                          struct error *err)
{
    unsigned char block[CONTAINER_BLOCK];
    uint64_t size;

    if (!need_bytes(plan, spool, CONTAINER_BLOCK, err))
        return false;
    if (plan->size < CONTAINER_BLOCK)
        return error_set(err, ERROR_ARCHIVE, "not a plan: too small");
    if (!read_at(plan, 0, block, sizeof block, err))
        return false;
    if (!container_read_header(block, ENTRY_MANIFEST, &size, &plan->time))
        return error_set(err, ERROR_ARCHIVE, "not a plan: it does not begin with the tar header of %s", ENTRY_MANIFEST);
    if (size == 0 || size > LIMIT_MANIFEST_SIZE)
        return error_set(err, ERROR_ARCHIVE, "%s has %" PRIu64 " bytes, at most %d MiB are allowed", ENTRY_MANIFEST,
                         size, (int)(LIMIT_MANIFEST_SIZE / LIMIT_MIB));
    *end = CONTAINER_BLOCK + size + container_padding(size);
    if (!need_bytes(plan, spool, *end + CONTAINER_BLOCK + HASH_LINE_SIZE + container_padding(HASH_LINE_SIZE), err))
        return false;
    if (size > plan->size)
        return error_set(err, ERROR_ARCHIVE, "the file ends inside of %s", ENTRY_MANIFEST);
    *json = allocate((size_t)size + 1, 1);
    *length = (size_t)size;
    return read_at(plan, CONTAINER_BLOCK, *json, *length, err) &&
           check_zeros(plan, CONTAINER_BLOCK + size, (size_t)container_padding(size), "padding", err);
}

/* The second entry is what sha256sum would print of the first. */
static bool check_manifest_hash(struct plan *plan, const char *json, size_t length, uint64_t *end, struct error *err)
{
    char digits[2 * SHA256_SIZE + 1], found[HASH_LINE_SIZE];

    sha256_of(json, length, plan->manifest_hash);
    sodium_bin2hex(digits, sizeof digits, plan->manifest_hash, SHA256_SIZE);
    cleanup(free_string) char *line = format_string("%s  %s\n", digits, ENTRY_MANIFEST);
    if (!check_header(plan, ENTRY_MANIFEST_HASH, sizeof found, *end, err) ||
        !read_at(plan, *end + CONTAINER_BLOCK, found, sizeof found, err))
        return false;
    if (memcmp(found, line, sizeof found) != 0)
        return error_set(err, ERROR_ARCHIVE, "%s does not have the hash that %s names", ENTRY_MANIFEST,
                         ENTRY_MANIFEST_HASH);
    *end += CONTAINER_BLOCK + sizeof found + container_padding(sizeof found);
    return check_zeros(plan, *end - container_padding(sizeof found), (size_t)container_padding(sizeof found), "padding",
                       err);
}

/* Sizes are below 8 GiB and entries below 100,000, so the sums are far from overflow. */
static void compute_offsets(struct plan *plan, uint64_t end)
{
    struct manifest *manifest = plan->manifest;

    plan->offsets = allocate(manifest->entry_count + 1, sizeof *plan->offsets);
    for (size_t i = 0; i < manifest->entry_count; i++) {
        uint64_t size = manifest->entries[i].stored_size;
        plan->offsets[i] = end + CONTAINER_BLOCK;
        end += CONTAINER_BLOCK + size + container_padding(size);
        map_add(&plan->by_name, manifest->entries[i].name, &manifest->entries[i]);
    }
    plan->offsets[manifest->entry_count] = end; /* of the trailer */
}

static uint64_t expected_size(const struct plan *plan)
{
    return plan->offsets[plan->manifest->entry_count] + CONTAINER_TRAILER;
}

static bool open_and_read_manifest(struct plan *plan, struct spool *spool, struct error *err)
{
    cleanup(free_string) char *json = NULL;
    size_t length = 0;
    uint64_t end = 0;

    if (!load_manifest(plan, spool, &json, &length, &end, err) || !check_manifest_hash(plan, json, length, &end, err) ||
        !manifest_read(json, length, &plan->manifest, err))
        return false;
    compute_offsets(plan, end);
    return true;
}

static bool open_standard_input(struct plan *plan, struct error *err)
{
    struct spool spool;

    if (!spool_open(&spool, err))
        return false;
    plan->descriptor = spool.descriptor;
    plan->size = spool.size;
    if (!open_and_read_manifest(plan, &spool, err) || !need_bytes(plan, &spool, expected_size(plan), err) ||
        !spool_past_end(&spool, err))
        return false;
    plan->size = spool.size;
    return true;
}

bool plan_open_unchecked(struct plan *plan, const char *path, struct error *err)
{
    *plan = (struct plan){0};
    if (plan_is_standard_input(path))
        return open_standard_input(plan, err);
    return open_file(plan, path, err) && open_and_read_manifest(plan, NULL, err);
}

bool plan_check_size(const struct plan *plan, struct error *err)
{
    uint64_t expected = expected_size(plan);

    return plan->size == expected ||
           error_set(err, ERROR_ARCHIVE, "the file has %" PRIu64 " bytes, the manifest accounts for %" PRIu64,
                     plan->size, expected);
}

static bool check_stored_hash(const struct plan *plan, size_t index, struct error *err)
{
    const struct plan_entry *entry = &plan->manifest->entries[index];
    cleanup(free_string) char *buffer = allocate(READ_SIZE, 1);
    cleanup(sha256_cleanup) struct sha256 *hashing = sha256_new();
    unsigned char hash[SHA256_SIZE];

    for (uint64_t done = 0; done < entry->stored_size;) {
        uint64_t left = entry->stored_size - done;
        size_t piece = left < READ_SIZE ? (size_t)left : READ_SIZE;
        if (!interrupt_check(err) || !read_at(plan, plan->offsets[index] + done, buffer, piece, err))
            return false;
        sha256_add(hashing, buffer, piece);
        done += piece;
    }
    sha256_finish(hashing, hash);
    return memcmp(hash, entry->sha256, sizeof hash) == 0 ||
           error_set(err, ERROR_ARCHIVE,
                     "%s (bytes %" PRIu64 " to %" PRIu64 ") does not have the hash that the manifest names",
                     entry->name, plan->offsets[index], plan->offsets[index] + entry->stored_size);
}

bool plan_check_entry(const struct plan *plan, size_t index, struct error *err)
{
    const struct plan_entry *entry = &plan->manifest->entries[index];

    return check_header(plan, entry->name, entry->stored_size, plan->offsets[index] - CONTAINER_BLOCK, err) &&
           check_stored_hash(plan, index, err) &&
           check_zeros(plan, plan->offsets[index] + entry->stored_size, (size_t)container_padding(entry->stored_size),
                       "padding", err);
}

bool plan_check_trailer(const struct plan *plan, struct error *err)
{
    return check_zeros(plan, plan->offsets[plan->manifest->entry_count], CONTAINER_TRAILER, "the end of the tar", err);
}
