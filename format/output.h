/*
 * Where a plan file is written to: `NAME.partial`, locked against a second writer, fsynced and renamed at the end; or
 * standard output. Closing before output_finish() leaves nothing behind.
 */
#pragma once

#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

struct output {
    int descriptor;       /* -1: none */
    char *path, *partial; /* NULL for standard output */
    bool force;
    uint64_t size; /* written so far */
};

/* Refuses early what output_finish() would refuse: an existing file without force, a terminal. */
bool output_check(const char *path, bool force, struct error *err) must_check;

bool output_open(struct output *output, const char *path, bool force, struct error *err) must_check;
bool output_write(struct output *output, const void *bytes, size_t length, struct error *err) must_check;
bool output_finish(struct output *output, struct error *err) must_check;
void output_close(struct output *output); /* also for the cleanup attribute */
