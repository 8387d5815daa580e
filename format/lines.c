/* Cuts what comes in pieces into lines. */
#include "format/lines.h"

#include <string.h>

bool lines_put(void *context, const char *bytes, size_t length, struct error *err)
{
    struct lines *lines = context;

    while (length > 0) {
        const char *newline = memchr(bytes, '\n', length);
        size_t piece = newline != NULL ? (size_t)(newline - bytes) : length;
        if (piece > lines->limit - lines->partial.length)
            return error_set(err, ERROR_ARCHIVE, "a line is longer than %zu bytes", lines->limit);
        text_append_bytes(&lines->partial, bytes, piece);
        if (newline == NULL)
            return true;
        if (!lines->sink(lines->context, lines->partial.data, lines->partial.length, err))
            return false;
        text_clear(&lines->partial);
        bytes += piece + 1;
        length -= piece + 1;
    }
    return true;
}

bool lines_finish(const struct lines *lines, struct error *err)
{
    return lines->partial.length == 0 || error_set(err, ERROR_ARCHIVE, "the last line does not end");
}

void lines_free(struct lines *lines)
{
    text_free(&lines->partial);
}
