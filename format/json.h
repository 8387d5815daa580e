/*
 * JSON as the plan file uses it: canonical (UTF-8, keys sorted by bytes, no white space, no duplicate keys), shallow,
 * and taken apart with checks whose failures name the place: "manifest.json: tables[3].columns[0].name: …".
 */
#pragma once

#include "common/error.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Parses one canonical value, an object; anything else is ERROR_ARCHIVE. `document` is for messages. */
bool json_parse(const char *bytes, size_t length, const char *document, json_t **value, struct error *err) must_check;

char *json_print(const json_t *value, size_t *length); /* canonical; free() it */
void json_release(json_t **value);                     /* for the cleanup attribute */

/* A value and where it stands. The outermost one has the document's name. */
struct json_place {
    const struct json_place *outer;
    const char *name; /* NULL for an item of an array */
    size_t index;
    const json_t *value;
    struct error *err;
};

/* Each takes a member of the object at `place`; all but the optional ones insist on it. Strings are to be free()d. */
bool json_take_string(const struct json_place *place, const char *name, size_t limit, char **string) must_check;
bool json_take_optional_string(const struct json_place *place, const char *name, size_t limit,
                               char **string) must_check; /* NULL where there is none */
bool json_take_count(const struct json_place *place, const char *name, uint64_t limit, uint64_t *count) must_check;
bool json_take_flag(const struct json_place *place, const char *name, bool *flag) must_check;
bool json_take_optional_flag(const struct json_place *place, const char *name, bool *flag) must_check;
bool json_take_hex(const struct json_place *place, const char *name, unsigned char *bytes, size_t size) must_check;
bool json_take_object(const struct json_place *place, const char *name, struct json_place *object) must_check;
bool json_take_array(const struct json_place *place, const char *name, uint64_t limit,
                     struct json_place *array) must_check;

/* An item of the array at `array`, which must be of the type. */
bool json_item(const struct json_place *array, size_t index, json_type type, struct json_place *item) must_check;

/* Fails at the place: ERROR_ARCHIVE. Returns false. */
bool json_refuse(const struct json_place *place, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
