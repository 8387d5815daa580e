/* A file without a name that holds a plan's compressed entries until all is known: pieces go in as they come. */
#pragma once

#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

struct stage {
    int descriptor;
    _Atomic uint64_t size;
};

struct extent {
    uint64_t offset, length;
};

/* In the folder of `output`, or in TMPDIR for "-": where there must be room for the plan. */
bool stage_open(struct stage *stage, const char *output, struct error *err) must_check;
void stage_close(struct stage *stage); /* also one that was never opened (descriptor -1) */

/* Several threads may append at a time. */
bool stage_append(struct stage *stage, const void *bytes, size_t length, struct extent *extent,
                  struct error *err) must_check;
bool stage_read(const struct stage *stage, uint64_t offset, void *bytes, size_t length, struct error *err) must_check;
