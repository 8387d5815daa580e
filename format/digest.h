/*
 * digest/NNNN-SCHEMA.TABLE.zst: main's fingerprints of a table, and the stand-in's of what the plan touches. Lines of
 * text:
 *
 *     bound TEXT                            of the chunking, in COPY's text escapes; slice_count - 1 of them, ascending
 *     chunk NUMBER ROWS SUM                 every chunk that holds rows of main
 *     slice NUMBER ROWS SUM ROWS SUM        touched slices: main's, then the stand-in's as the plan found (and
 * projected) it
 *
 * Bounds first, then chunks, then slices, each by number; SUM is 16 hex digits.
 */
#pragma once

#include "common/error.h"
#include "common/table_shape.h"

struct digest_slice {
    uint64_t number;
    struct fingerprint main, base;
};

struct digest_chunk {
    uint64_t number;
    struct fingerprint main;
};

struct digest {
    struct digest_chunk *chunks;
    size_t chunk_count;
    struct digest_slice *touched;
    size_t touched_count;
    char **bounds; /* of the chunking, slice_count - 1 of them, for CHUNK_BY_RANGE; else none */
    size_t bound_count;
};

char *digest_write(const struct digest *digest, size_t *length); /* free() it */
bool digest_read(const char *bytes, size_t length, struct digest *digest, struct error *err) must_check;
void digest_free(struct digest *digest);
