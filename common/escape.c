/* Text from outside made safe for where it is shown. */
#include "common/escape.h"

#include "common/memory.h"

#include <stdbool.h>
#include <stdint.h>

/* Decodes one character of UTF-8; returns its length, or 0 where the bytes are none. */
static size_t decode(const unsigned char *at, uint32_t *character)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

    for (size_t i = 0; i < array_length(forms); i++) {
        if ((at[0] & forms[i].mask) != forms[i].lead)
            continue;
        *character = (uint32_t)(at[0] & ~forms[i].mask);
        for (size_t j = 1; j <= i; j++) { /* a NUL ends it: it is no continuation */
            if ((at[j] & 0xc0) != 0x80)
                return 0;
            *character = *character << 6 | (uint32_t)(at[j] & 0x3f);
        }
        bool surrogate = *character >= 0xd800 && *character <= 0xdfff;
        return *character >= forms[i].least && *character <= 0x10ffff && !surrogate ? i + 1 : 0;
    }
    return 0;
}

size_t utf8_length(const unsigned char *at)
{
    uint32_t character;

    return decode(at, &character);
}

/* What changes how other characters are read, or is not seen at all. */
static bool is_deceptive(uint32_t character)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},        /* C0, DEL, C1 */
        {0xad, 0xad},                          /* soft hyphen */
        {0x61c, 0x61c},   {0x200e, 0x200f},    /* bidi marks */
        {0x202a, 0x202e}, {0x2066, 0x2069},    /* bidi embeddings, overrides, isolates */
        {0x200b, 0x200d}, {0x2060, 0x2064},    /* zero width */
        {0x2028, 0x2029},                      /* line and paragraph separators */
        {0x206a, 0x206f}, {0xfeff, 0xfeff},    /* deprecated format characters, byte order mark */
        {0xfff9, 0xfffb}, {0xe0000, 0xe007f},  /* annotations, tags */
        {0xe000, 0xf8ff}, {0xf0000, 0x10ffff}, /* private use: whatever the font says */
    };

    for (size_t i = 0; i < array_length(ranges); i++)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    return false;
}

/* Appends one character, or one byte that is none; returns how many bytes it took. */
static size_t append_character(struct text *text, const unsigned char *at)
{
    uint32_t character;
    size_t length = decode(at, &character);

    if (length == 0) {
        text_appendf(text, "\\x%02X", at[0]);
        return 1;
    }
    if (!is_deceptive(character))
        text_append_bytes(text, at, length);
    else if (character < 0x80)
        text_appendf(text, "\\x%02X", (unsigned)character);
    else
        text_appendf(text, "\\u{%X}", (unsigned)character);
    return length;
}

void escape_line(struct text *text, const char *string)
{
    const unsigned char *at = (const unsigned char *)string;

    while (*at != '\0') {
        if (*at == '\n' || *at == '\t') {
            text_append(text, *at == '\n' ? "\\n" : "\\t");
            at++;
        } else {
            at += append_character(text, at);
        }
    }
}

void escape_block(struct text *text, const char *string, size_t indent)
{
    const unsigned char *at = (const unsigned char *)string;
    bool line_start = true;

    while (*at != '\0') {
        if (line_start && *at != '\n')
            text_appendf(text, "%*s", (int)indent, "");
        line_start = *at == '\n';
        if (*at == '\n' || *at == '\t')
            text_append_char(text, (char)*at++);
        else
            at += append_character(text, at);
    }
    if (!line_start)
        text_append_char(text, '\n');
}

void print_escaped(FILE *out, const char *string)
{
    cleanup(text_free) struct text text = {0};

    escape_line(&text, string);
    if (text.length > 0)
        fwrite(text.data, 1, text.length, out);
}

/* A character may come in two writes: whole lines are escaped, and at the end what is left. */
struct escaping {
    FILE *out;
    struct text line;
};

static void put_line(struct escaping *escaping)
{
    cleanup(text_free) struct text escaped = {0};

    if (escaping->line.length == 0)
        return;
    escape_block(&escaped, escaping->line.data, 0);
    fwrite(escaped.data, 1, escaped.length, escaping->out);
    text_clear(&escaping->line);
}

static ssize_t write_escaped(void *context, const char *bytes, size_t length)
{
    struct escaping *escaping = context;

    for (size_t i = 0; i < length; i++) {
        text_append_char(&escaping->line, bytes[i]);
        if (bytes[i] == '\n')
            put_line(escaping);
    }
    return (ssize_t)length;
}

static int close_escaped(void *context)
{
    struct escaping *escaping = context;

    put_line(escaping);
    text_free(&escaping->line);
    free(escaping);
    return 0;
}

FILE *escape_open(FILE *out)
{
    const cookie_io_functions_t functions = {.write = write_escaped, .close = close_escaped};
    struct escaping *escaping = allocate(1, sizeof *escaping);

    escaping->out = out;
    FILE *stream = fopencookie(escaping, "w", functions);
    if (stream == NULL)
        free(escaping);
    return stream;
}

void escape_json(struct text *text, const char *string)
{
    text_append_char(text, '"');
    for (const unsigned char *at = (const unsigned char *)string; *at != '\0';) {
        uint32_t character;
        size_t length = decode(at, &character);

        if (length == 0)
            text_append(text, "\\ufffd");
        else if (character == '"' || character == '\\')
            text_appendf(text, "\\%c", (int)character);
        else if (character == '\n')
            text_append(text, "\\n");
        else if (character < 0x20 || character == 0x7f)
            text_appendf(text, "\\u%04x", (unsigned)character);
        else
            text_append_bytes(text, at, length);
        at += length > 0 ? length : 1;
    }
    text_append_char(text, '"');
}
