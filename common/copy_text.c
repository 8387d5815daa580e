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

void copy_text_unescape(struct text *value, const char *field, size_t length)
{
    static const char letters[] = "bfnrtv", bytes[] = "\b\f\n\r\t\v";
    const char *at = field, *end = field + length;

    for (const char *escape; (escape = memchr(at, '\\', (size_t)(end - at))) != NULL && escape + 1 < end;
         at = escape + 2) {
        const char *letter = memchr(letters, escape[1], sizeof letters - 1);

        text_append_bytes(value, at, (size_t)(escape - at));
        char byte = escape[1];
        if (letter != NULL)
            byte = bytes[letter - letters];
        text_append_char(value, byte);
    }
    text_append_bytes(value, at, (size_t)(end - at));
}
