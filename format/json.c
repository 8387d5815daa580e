/* JSON as the plan file uses it. */
#include "format/json.h"

#include "common/memory.h"
#include "common/text.h"
#include "format/limits.h"

#include <sodium.h>

/* Before the parser, which recurses, sees it. */
static size_t nesting(const char *bytes, size_t length)
{
    size_t depth = 0, deepest = 0;
    bool in_string = false;

    for (size_t i = 0; i < length; i++) {
        if (in_string) {
            if (bytes[i] == '\\')
                i++;
            else if (bytes[i] == '"')
                in_string = false;
        } else if (bytes[i] == '"') {
            in_string = true;
        } else if (bytes[i] == '{' || bytes[i] == '[') {
            if (++depth > deepest)
                deepest = depth;
        } else if ((bytes[i] == '}' || bytes[i] == ']') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}

bool json_parse(const char *bytes, size_t length, const char *document, json_t **value, struct error *err)
{
    json_error_t where;
    size_t canonical_length;

    if (nesting(bytes, length) > LIMIT_JSON_DEPTH)
        return error_set(err, ERROR_ARCHIVE, "%s: JSON is nested deeper than %d levels", document, LIMIT_JSON_DEPTH);
    json_t *parsed = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &where);
    if (parsed == NULL)
        return error_set(err, ERROR_ARCHIVE, "%s: not valid JSON at byte %d", document, where.position);
    if (!json_is_object(parsed)) {
        json_decref(parsed);
        return error_set(err, ERROR_ARCHIVE, "%s: not a JSON object", document);
    }
    cleanup(free_string) char *canonical = json_print(parsed, &canonical_length);
    if (canonical_length != length || memcmp(canonical, bytes, length) != 0) {
        json_decref(parsed);
        return error_set(err, ERROR_ARCHIVE, "%s: not canonical JSON", document);
    }
    *value = parsed;
    return true;
}

char *json_print(const json_t *value, size_t *length)
{
    char *printed = json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT);

    if (printed == NULL) /* only for want of memory: strings are UTF-8 since they became values */
        printed = copy_string("");
    *length = strlen(printed);
    return printed;
}

void json_release(json_t **value)
{
    json_decref(*value);
    *value = NULL;
}

static void append_place(struct text *text, const struct json_place *place)
{
    if (place->outer != NULL)
        append_place(text, place->outer);
    if (place->name == NULL)
        text_appendf(text, "[%zu]", place->index);
    else
        text_appendf(text, "%s%s", place->outer == NULL ? "" : place->outer->outer == NULL ? ": " : ".", place->name);
}

bool json_refuse(const struct json_place *place, const char *name, const char *format, ...)
{
    cleanup(text_free) struct text text = {0};
    const struct json_place member = {.outer = place, .name = name};
    va_list arguments;

    append_place(&text, name != NULL ? &member : place);
    text_append(&text, ": ");
    va_start(arguments, format);
    text_appendv(&text, format, arguments);
    va_end(arguments);
    return error_set(place->err, ERROR_ARCHIVE, "%s", text.data);
}

static bool string_value(const struct json_place *place, const char *name, const json_t *value, size_t limit,
                         char **string)
{
    if (!json_is_string(value))
        return json_refuse(place, name, "expected a string");
    if (json_string_length(value) > limit)
        return json_refuse(place, name, "longer than %zu bytes", limit);
    free(*string);
    *string = copy_string(json_string_value(value));
    return true;
}

bool json_take_string(const struct json_place *place, const char *name, size_t limit, char **string)
{
    return string_value(place, name, json_object_get(place->value, name), limit, string);
}

bool json_take_optional_string(const struct json_place *place, const char *name, size_t limit, char **string)
{
    const json_t *value = json_object_get(place->value, name);

    return value == NULL || string_value(place, name, value, limit, string);
}

bool json_take_count(const struct json_place *place, const char *name, uint64_t limit, uint64_t *count)
{
    const json_t *value = json_object_get(place->value, name);

    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return json_refuse(place, name, "expected a whole number that is not negative");
    if ((uint64_t)json_integer_value(value) > limit)
        return json_refuse(place, name, "larger than %llu", (unsigned long long)limit);
    *count = (uint64_t)json_integer_value(value);
    return true;
}

bool json_take_flag(const struct json_place *place, const char *name, bool *flag)
{
    const json_t *value = json_object_get(place->value, name);

    if (!json_is_boolean(value))
        return json_refuse(place, name, "expected true or false");
    *flag = json_is_true(value);
    return true;
}

bool json_take_optional_flag(const struct json_place *place, const char *name, bool *flag)
{
    if (json_object_get(place->value, name) == NULL)
        return *flag = false, true;
    return json_take_flag(place, name, flag);
}

bool json_take_hex(const struct json_place *place, const char *name, unsigned char *bytes, size_t size)
{
    const json_t *value = json_object_get(place->value, name);
    size_t length = 0;

    if (!json_is_string(value) || json_string_length(value) != 2 * size)
        return json_refuse(place, name, "expected %zu lower-case hex digits", 2 * size);
    const char *digits = json_string_value(value);
    if (strspn(digits, "0123456789abcdef") != 2 * size ||
        sodium_hex2bin(bytes, size, digits, 2 * size, NULL, &length, NULL) != 0 || length != size)
        return json_refuse(place, name, "expected %zu lower-case hex digits", 2 * size);
    return true;
}

static bool enter(const struct json_place *place, const char *name, size_t index, const json_t *value, json_type type,
                  struct json_place *inner)
{
    *inner = (struct json_place){.outer = place, .name = name, .index = index, .value = value, .err = place->err};
    if (value == NULL || json_typeof(value) != type)
        return json_refuse(inner, NULL, "expected %s",
                           type == JSON_OBJECT  ? "an object"
                           : type == JSON_ARRAY ? "an array"
                                                : "a string");
    return true;
}

bool json_take_object(const struct json_place *place, const char *name, struct json_place *object)
{
    return enter(place, name, 0, json_object_get(place->value, name), JSON_OBJECT, object);
}

bool json_take_array(const struct json_place *place, const char *name, uint64_t limit, struct json_place *array)
{
    if (!enter(place, name, 0, json_object_get(place->value, name), JSON_ARRAY, array))
        return false;
    if (json_array_size(array->value) > limit)
        return json_refuse(array, NULL, "more than %llu items", (unsigned long long)limit);
    return true;
}

bool json_item(const struct json_place *array, size_t index, json_type type, struct json_place *item)
{
    return enter(array, NULL, index, json_array_get(array->value, index), type, item);
}
