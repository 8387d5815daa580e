/* What plan_writer.c and plan_part.c share, and nobody else: the entries that are in the stage. */
#pragma once

#include "common/map.h"
#include "format/plan_writer.h"
#include "format/stage.h"

#include <zstd.h>

struct staged_entry {
    char *name;
    struct extent *extents; /* of the stored bytes in the stage, in order; parts that were open together interleave */
    size_t extent_count, extent_capacity;
    uint64_t stored_size, raw_size, rows;
    unsigned char sha256[SHA256_SIZE], raw_sha256[SHA256_SIZE];
    bool placed; /* has its place in the manifest */
};

struct plan_writer {
    char *path;
    bool force;
    struct stage stage;
    struct staged_entry **entries; /* in the order in which they came */
    size_t entry_count, entry_capacity;
    struct map by_name;
    size_t open_parts;
    ZSTD_CCtx *spares[4];
    size_t spare_count;
};

void staged_entry_free(struct staged_entry *entry);
