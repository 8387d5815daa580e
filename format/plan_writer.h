/*
 * Writes a plan file. Entries may come in any order and are staged, compressed, in an unlinked file beside the output;
 * finish puts them in the order of the format (docs/format.md), the manifest first, and writes the tar to
 * `NAME.partial`, which is fsynced and renamed. Nothing is left behind on failure. Memory does not grow with the plan.
 */
#pragma once

#include "format/manifest.h"

struct plan_writer;

/* path "-" is standard output. An existing file is refused (ERROR_USAGE) without `force`. */
bool plan_writer_open(struct plan_writer **writer, const char *path, bool force, struct error *err) must_check;

/* Adds one whole entry from memory. A name that ends in .zst is compressed. `rows` is for row entries, else 0. */
bool plan_writer_add(struct plan_writer *writer, const char *name, const void *raw, size_t size, uint64_t rows,
                     struct error *err) must_check;

/* Adds one entry in pieces, for what is too large for memory; several may be open at a time, and written by a thread
 * each. Opening and closing is for one thread. */
struct plan_part;
bool plan_part_open(struct plan_writer *writer, const char *name, struct plan_part **part,
                    struct error *err) must_check;
bool plan_part_write(struct plan_part *part, const void *raw, size_t size, struct error *err) must_check;
bool plan_part_close(struct plan_part *part, uint64_t rows,
                     struct error *err) must_check; /* frees the part either way */
/* Closes a part that nothing was written to: its entry gets the bytes of `name`, an entry that is closed. Frees the
 * part either way. */
bool plan_part_close_like(struct plan_part *part, const char *name, struct error *err) must_check;
/* After a failure: frees the part; the writer cannot finish then. NULL is fine. */
void plan_part_abandon(struct plan_part *part);

/* Fills manifest->entries, content_root and the schema hashes, writes the file, frees nothing. *size is the file's, in
 * bytes. */
bool plan_writer_finish(struct plan_writer *writer, struct manifest *manifest, uint64_t *size,
                        struct error *err) must_check;
void plan_writer_free(struct plan_writer *writer); /* before finish: leaves nothing behind. NULL is fine */
