/*
 * Reads a plan file and trusts nothing in it. Opening checks the whole structure and every hash through one file
 * descriptor; the limits are those of format/limits.h. What fails is ERROR_ARCHIVE, with the entry and the offset
 * named.
 */
#pragma once

#include "common/map.h"
#include "format/digest.h"
#include "format/manifest.h"

struct plan { /* `struct plan plan = {0}` is a closed one */
    struct manifest *manifest;
    unsigned char manifest_hash[SHA256_SIZE]; /* of the bytes of manifest.json */
    bool verified;                            /* every entry's stored bytes have the hash that the manifest names */
    int descriptor;
    uint64_t *offsets; /* of each entry's stored bytes, parallel to manifest->entries */
    uint64_t size;     /* of the file */
    uint64_t time;     /* in every header: seconds since 1970, mostly 0 */
    struct map by_name;
};

/* The path "-" is standard input (format/spool.h). */
bool plan_open(struct plan *plan, const char *path, struct error *err) must_check;
bool plan_is_standard_input(const char *path);
void plan_close(struct plan *plan); /* also for the cleanup attribute */

/* The entry's raw bytes in pieces; hashes are checked again on the way, so a file that changed under us fails. */
typedef bool (*entry_sink)(void *context, const char *bytes, size_t length, struct error *err);
bool plan_read_entry(const struct plan *plan, const struct plan_entry *entry, entry_sink sink, void *context,
                     struct error *err) must_check;

/* A small entry as a whole, NUL-terminated; free() it. */
bool plan_load_entry(const struct plan *plan, const char *name, char **bytes, size_t *length,
                     struct error *err) must_check;

const struct plan_entry *plan_find_entry(const struct plan *plan, const char *name); /* NULL where there is none */

/*
 * The digest of a table (an index into manifest->tables), checked against its chunking, whose bounds are filled in for
 * CHUNK_BY_RANGE. A table without a digest entry gives an empty one. Release with digest_free().
 */
bool plan_load_digest(const struct plan *plan, size_t table, struct digest *digest, struct error *err) must_check;

/* Calls visit for each part of a table's rows of one kind, in order. */
typedef bool (*entry_visit)(void *context, const struct plan_entry *entry, struct error *err);
bool plan_visit_rows(const struct plan *plan, size_t table, enum rows_kind kind, entry_visit visit, void *context,
                     struct error *err) must_check;
