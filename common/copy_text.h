/* Rows as COPY's text format writes them: fields apart by a tab, lines ended by a newline, \N for SQL NULL. */
#pragma once

#include "common/text.h"

/* Appends one field; NULL is SQL NULL. `value` needs no NUL at its end. */
void copy_text_field(struct text *line, const char *value, size_t length);
