/* Text from outside (names, messages, values) made safe for where it is shown. Input need not be valid UTF-8. */
#pragma once

#include "common/text.h"

/*
 * Appends string for a terminal: printable UTF-8 as it is; control characters (line feeds too), invalid bytes and the
 * invisible characters that reorder or hide text as \xNN or \u{NNNN}, so that no name can forge a line or a colour.
 */
void escape_terminal(struct text *text, const char *string);

/* Appends string as a JSON string with its quotes; invalid bytes become U+FFFD. */
void escape_json(struct text *text, const char *string);
