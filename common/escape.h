/*
 * Text from a plan or a database on its way to a terminal: whatever could move the cursor, change colours, reorder what
 * is read, or be invisible is written as \xNN (bytes) or \u{N} (characters), the rest as it is.
 */
#pragma once

#include "common/text.h"

#include <stdio.h>

/* For a name or anything else that must stay on its line: newlines and tabs are written as \n and \t. */
void escape_line(struct text *text, const char *string);

/* For SQL: newlines and tabs stay, and `indent` spaces go in front of each line. */
void escape_block(struct text *text, const char *string, size_t indent);

void print_escaped(FILE *out, const char *string); /* as escape_line() */

/* A stream that writes to `out` what is written to it, escaped line by line as escape_block() does; fclose() it. */
FILE *escape_open(FILE *out);

/* As a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void escape_json(struct text *text, const char *string);

/* The length of the character of UTF-8 that begins there, in bytes; 0 where none does. A NUL ends the text. */
size_t utf8_length(const unsigned char *at);
