/* Rows as COPY's text format writes them: fields apart by a tab, lines ended by a newline, \N for SQL NULL. */
#pragma once

#include "common/text.h"

/* Appends one field; NULL is SQL NULL. `value` needs no NUL at its end. */
void copy_text_field(struct text *line, const char *value, size_t length);

/* Appends the value of a field that is not \N, without its escapes. */
void copy_text_unescape(struct text *value, const char *field, size_t length);
