/* A text that grows. `struct text text = {0}` is an empty one; data is always NUL-terminated once something was added.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct text {
    char *data;
    size_t length, capacity;
};

void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const void *bytes, size_t length);
void text_append_char(struct text *text, char character);
void text_appendf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_appendv(struct text *text, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
void text_reserve(struct text *text, size_t more); /* room for `more` bytes beyond length */
void text_clear(struct text *text);                /* keeps the memory */
void text_free(struct text *text);                 /* releases it; also for the cleanup attribute */

/* The text as a string of its own (free() it); the text is empty afterwards. Never NULL. */
char *text_take(struct text *text);
