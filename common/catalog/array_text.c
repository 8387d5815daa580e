/* PostgreSQL's text form of a one-dimensional array, read and written. */
#include "common/catalog/array_text.h"

#include <string.h>
#include <strings.h>

/* Reads one element into buffer (large enough for the whole text); returns what follows it, NULL if it is malformed. */
static const char *read_item(const char *at, char *buffer, bool *null)
{
    bool quoted = *at == '"';
    char *out = buffer;

    at += quoted;
    for (; quoted ? *at != '"' : *at != ',' && *at != '}'; at++) {
        if (*at == '\\')
            at++;
        if (*at == '\0' || (!quoted && (*at == '{' || *at == '"')))
            return NULL;
        *out++ = *at;
    }
    *out = '\0';
    at += quoted;
    *null = !quoted && strcasecmp(buffer, "NULL") == 0;
    return *at == ',' || *at == '}' ? at : NULL;
}

bool array_text_parse(struct arena *arena, const char *value, const char ***items, size_t *count)
{
    size_t length = value != NULL ? strlen(value) : 0, commas = 0;

    *count = 0;
    *items = NULL;
    if (value == NULL || strcmp(value, "{}") == 0)
        return true;
    if (value[0] != '{' || length < 2)
        return false;
    for (size_t i = 0; i < length; i++)
        commas += value[i] == ',';
    *items = arena_allocate(arena, commas + 1, sizeof **items);

    char *buffer = arena_allocate(arena, length + 1, 1);
    for (const char *at = value;;) {
        bool null;
        at = read_item(at + 1, buffer, &null);
        if (at == NULL)
            return false;
        (*items)[(*count)++] = null ? NULL : arena_string(arena, buffer);
        if (*at == '}')
            return at[1] == '\0';
    }
}

void array_text_append(struct text *text, const char *const *items, size_t count)
{
    text_append_char(text, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_append_char(text, ',');
        if (items[i] == NULL) {
            text_append(text, "NULL");
            continue;
        }
        bool quote =
            items[i][0] == '\0' || strcasecmp(items[i], "NULL") == 0 || strpbrk(items[i], "{},\"\\ \t\n\v\f\r");
        if (quote)
            text_append_char(text, '"');
        for (const char *at = items[i]; *at != '\0'; at++) {
            if (*at == '"' || *at == '\\')
                text_append_char(text, '\\');
            text_append_char(text, *at);
        }
        if (quote)
            text_append_char(text, '"');
    }
    text_append_char(text, '}');
}
