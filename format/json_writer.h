/*
 * Canonical JSON written straight into a text, without a tree of values in between: for what there is a lot of.
 *
 * The caller puts members in the order of their names, byte by byte (json.h), since nothing is sorted here; who reads
 * it refuses it otherwise. A NULL string is a member that is left out, and null in an array.
 */
#pragma once

#include "common/text.h"

#include <stdbool.h>
#include <stdint.h>

struct json_writer {
    struct text text;   /* text_free() it; may be emptied between two values */
    bool follows;       /* a value came before, in the same array or object */
    const char *failed; /* the name beside the first string that is not UTF-8; NULL where all are */
};

/* `name` is that of the member, which needs no escapes; NULL for an item of an array, and for the outermost value. */
void json_begin(struct json_writer *writer, const char *name, char bracket); /* '{' or '[' */
void json_end(struct json_writer *writer, char bracket);
void json_put_string(struct json_writer *writer, const char *name, const char *value);
void json_put_count(struct json_writer *writer, const char *name, uint64_t value);
void json_put_flag(struct json_writer *writer, const char *name, bool value);
void json_put_hex(struct json_writer *writer, const char *name, const unsigned char *bytes, size_t size);
