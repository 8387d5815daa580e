/* PostgreSQL's text form of a one-dimensional array, `{a,"b c",NULL}`: the form of every field that is a list. */
#pragma once

#include "common/arena.h"
#include "common/text.h"

#include <stdbool.h>

/* The elements, in the arena; NULL for NULL. False when value is no such text. A value of NULL is an empty array. */
bool array_text_parse(struct arena *arena, const char *value, const char ***items, size_t *count);

/* Appends the array of the items. */
void array_text_append(struct text *text, const char *const *items, size_t count);
