/*
 * Rows as COPY's binary format writes them, from the lines of its text format: the server need not parse values then,
 * which for times is most of what a row costs it. Only for types whose binary form is the same in every version, and of
 * those only for values whose text is the plain one (no infinity, no year above 9999); all else stays text.
 */
#pragma once

#include "common/table_shape.h"
#include "common/text.h"

/* The columns of a line in their order: those of the shape that are not generated. */
struct binary_columns {
    int *kinds;
    size_t count;
};

/* False where the table has a column of another type, or none. Release with binary_columns_free() if true. */
bool binary_columns_of(const struct table_shape *shape, struct binary_columns *columns);
void binary_columns_free(struct binary_columns *columns);

void copy_binary_begin(struct text *out); /* what stands before the first row */
void copy_binary_end(struct text *out);   /* and after the last */

/* Appends the row of a line (without its newline). False, and nothing appended: it must go as text. */
bool copy_binary_row(const struct binary_columns *columns, const char *line, size_t length, struct text *out);
