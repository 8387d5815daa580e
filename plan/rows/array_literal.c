/* One-dimensional array literals, for parameters. */
#include "plan/rows/array_literal.h"

#include <stdint.h>

void array_literal_add(struct text *array, const char *value)
{
    text_append(array, array->length == 0 ? "{\"" : ",\"");
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            text_append_char(array, '\\');
        text_append_char(array, *at);
    }
    text_append_char(array, '"');
}

void array_literal_end(struct text *array)
{
    text_append(array, array->length == 0 ? "{}" : "}");
}
