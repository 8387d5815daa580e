/* One-dimensional array literals, for parameters. */
#pragma once

#include "common/text.h"

void array_literal_add(struct text *array, const char *value); /* in double quotes */
void array_literal_end(struct text *array);                    /* {} where nothing was added */
