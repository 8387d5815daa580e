/* Text from outside made safe for where it is shown. */
#include "common/escape.h"

#include <stdbool.h>
#include <stdint.h>

/* The length of the UTF-8 character at `bytes` and its code point; 0 where the bytes are none. */
static size_t decode(const unsigned char *bytes, uint32_t *code)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xc2 ? 0 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;

    if (length == 0 || bytes[0] > 0xf4)
        return 0;
    *code = length == 1 ? bytes[0] : bytes[0] & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (bytes[i] & 0x3f);
    }
    return *code >= lowest[length] && *code <= 0x10ffff && !(*code >= 0xd800 && *code <= 0xdfff) ? length : 0;
}

/* Controls, and what Unicode has to reorder, join, separate or hide text. */
static bool is_deceptive(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) ||
           (code >= 0xe0000 && code <= 0xe007f);
}

void escape_terminal(struct text *text, const char *string)
{
    for (const unsigned char *at = (const unsigned char *)string; *at != '\0';) {
        uint32_t code = 0;
        size_t length = decode(at, &code);

        if (length == 0 || (length == 1 && is_deceptive(code)))
            text_appendf(text, "\\x%02X", *at);
        else if (is_deceptive(code))
            text_appendf(text, "\\u{%04X}", code);
        else
            text_append_bytes(text, at, length);
        at += length > 0 ? length : 1;
    }
}

void escape_json(struct text *text, const char *string)
{
    text_append_char(text, '"');
    for (const unsigned char *at = (const unsigned char *)string; *at != '\0';) {
        uint32_t code = 0;
        size_t length = decode(at, &code);

        if (length == 0)
            text_append(text, "\\ufffd");
        else if (code == '"' || code == '\\')
            text_appendf(text, "\\%c", (char)code);
        else if (code == '\n')
            text_append(text, "\\n");
        else if (code < 0x20 || code == 0x7f)
            text_appendf(text, "\\u%04x", code);
        else
            text_append_bytes(text, at, length);
        at += length > 0 ? length : 1;
    }
    text_append_char(text, '"');
}
