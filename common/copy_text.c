/* Rows as COPY's text format writes them. */
#include "common/copy_text.h"

#include <stdint.h>
#include <string.h>

/* What stands after the backslash, for the bytes that must have one. */
static char escape_of(char byte)
{
    switch (byte) {
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '\v':
        return 'v';
    case '\\':
        return '\\';
    default:
        return '\0';
    }
}

void copy_text_field(struct text *line, const char *value, size_t length)
{
    if (value == NULL) {
        text_append_bytes(line, "\\N", 2);
        return;
    }
    const char *plain = value, *end = value + length;
    for (const char *at = value; at < end; at++) {
        char escape = escape_of(*at);
        if (escape == '\0')
            continue;
        text_append_bytes(line, plain, (size_t)(at - plain));
        text_append_bytes(line, (const char[]){'\\', escape}, 2);
        plain = at + 1;
    }
    text_append_bytes(line, plain, (size_t)(end - plain));
}
