/*
 * A plan that comes on standard input. What is signed stands first and hangs on what follows, so nothing of a plan may
 * be used before all of it is there: it is kept, as it comes, in a file without a name in TMPDIR that nobody else can
 * open.
 */
#pragma once

#include "common/error.h"

#include <stdint.h>

struct spool {
    int descriptor; /* the file, to read from anywhere; whoever took it closes it */
    uint64_t size;  /* of what has come */
    bool ended;     /* nothing more will come */
};

/* Takes standard input itself where it is a regular file that is read from its start; then all is there already. */
bool spool_open(struct spool *spool, struct error *err) must_check;

/* Reads on until there are `size` bytes. An input that ends before is ERROR_ARCHIVE. */
bool spool_until(struct spool *spool, uint64_t size, struct error *err) must_check;

/* Reads one byte more, where there is one: an input that goes on after its end is no plan. */
bool spool_past_end(struct spool *spool, struct error *err) must_check;
