/* Cuts what comes in pieces into lines, for entries that are read line by line in bounded memory. */
#pragma once

#include "common/error.h"
#include "common/text.h"

#include <stddef.h>

/* A line without its newline, NUL-terminated. */
typedef bool (*line_sink)(void *context, const char *line, size_t length, struct error *err);

struct lines {
    line_sink sink;
    void *context;
    size_t limit; /* of a line, in bytes: a longer one is ERROR_ARCHIVE */
    struct text partial;
};

/* An entry_sink; its context is the struct lines. */
bool lines_put(void *lines, const char *bytes, size_t length, struct error *err) must_check;

/* The last line must have ended. */
bool lines_finish(const struct lines *lines, struct error *err) must_check;
void lines_free(struct lines *lines); /* also for the cleanup attribute */
