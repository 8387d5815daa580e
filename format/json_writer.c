/* Canonical JSON written straight into a text. */
#include "format/json_writer.h"

#include "common/escape.h"

#include <string.h>

/* What jansson's json_dumps() does not print as it is. */
static bool is_plain(unsigned char character)
{
    return character >= 0x20 && character < 0x80 && character != '"' && character != '\\';
}

static void append_escaped(struct text *text, unsigned char character)
{
    static const char escapes[][2] = {{'"', '"'},  {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'},
                                      {'\n', 'n'}, {'\r', 'r'},  {'\t', 't'}};

    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (escapes[i][0] == (char)character) {
            text_append_bytes(text, (const char[]){'\\', escapes[i][1]}, 2);
            return;
        }
    text_appendf(text, "\\u%04X", character);
}

/* Returns false where the string is not UTF-8. */
static bool append_string(struct text *text, const char *string)
{
    const unsigned char *at = (const unsigned char *)string;

    text_append_char(text, '"');
    for (;;) {
        const unsigned char *start = at;
        size_t length;

        while (is_plain(*at))
            at++;
        text_append_bytes(text, start, (size_t)(at - start));
        if (*at == '\0')
            break;
        if (*at < 0x80) {
            append_escaped(text, *at++);
        } else if ((length = utf8_length(at)) > 0) {
            text_append_bytes(text, at, length);
            at += length;
        } else {
            return false;
        }
    }
    text_append_char(text, '"');
    return true;
}

/* What stands before a value. */
static void begin_value(struct json_writer *writer, const char *name)
{
    if (writer->follows)
        text_append_char(&writer->text, ',');
    writer->follows = true;
    if (name == NULL)
        return;
    text_append_char(&writer->text, '"');
    text_append(&writer->text, name);
    text_append_bytes(&writer->text, "\":", 2);
}

void json_begin(struct json_writer *writer, const char *name, char bracket)
{
    begin_value(writer, name);
    text_append_char(&writer->text, bracket);
    writer->follows = false;
}

void json_end(struct json_writer *writer, char bracket)
{
    text_append_char(&writer->text, bracket);
    writer->follows = true;
}

void json_put_string(struct json_writer *writer, const char *name, const char *value)
{
    if (value == NULL) {
        if (name == NULL) {
            text_append(&writer->text, writer->follows ? ",null" : "null");
            writer->follows = true;
        }
        return;
    }
    begin_value(writer, name);
    if (!append_string(&writer->text, value) && writer->failed == NULL)
        writer->failed = name != NULL ? name : "an item of a list";
}

void json_put_count(struct json_writer *writer, const char *name, uint64_t value)
{
    char digits[20];
    size_t first = sizeof digits;

    begin_value(writer, name);
    do
        digits[--first] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    text_append_bytes(&writer->text, digits + first, sizeof digits - first);
}

void json_put_flag(struct json_writer *writer, const char *name, bool value)
{
    begin_value(writer, name);
    text_append(&writer->text, value ? "true" : "false");
}

void json_put_hex(struct json_writer *writer, const char *name, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    begin_value(writer, name);
    text_append_char(&writer->text, '"');
    for (size_t i = 0; i < size; i++)
        text_append_bytes(&writer->text, (const char[]){digits[bytes[i] >> 4], digits[bytes[i] & 15]}, 2);
    text_append_char(&writer->text, '"');
}
