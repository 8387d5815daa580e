/* A text that grows. */
#include "common/text.h"

#include "common/memory.h"

void text_reserve(struct text *text, size_t more)
{
    if (text->length + more + 1 > text->capacity)
        array_reserve((void **)&text->data, &text->capacity, text->length + more + 1, 1);
}

void text_append_bytes(struct text *text, const void *bytes, size_t length)
{
    text_reserve(text, length);
    if (length > 0)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
    text_append_bytes(text, string, strlen(string));
}

void text_append_char(struct text *text, char character)
{
    text_reserve(text, 1);
    text->data[text->length++] = character;
    text->data[text->length] = '\0';
}

void text_appendv(struct text *text, const char *format, va_list arguments)
{
    va_list again;

    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length <= 0)
        return;
    text_reserve(text, (size_t)length);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    text->length += (size_t)length;
}

void text_appendf(struct text *text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_appendv(text, format, arguments);
    va_end(arguments);
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->data != NULL)
        text->data[0] = '\0';
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

char *text_take(struct text *text)
{
    char *data = text->data != NULL ? text->data : copy_string("");

    *text = (struct text){0};
    return data;
}
