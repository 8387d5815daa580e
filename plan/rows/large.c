/*
 * Rows that must pass through memory one at a time, since libpq holds one whole, on every connection that has one.
 * Lengths are those of the values as they are stored: looking at them reads nothing. A value that is stored in less has
 * at most some 255 times as many bytes.
 */
#include "plan/rows/pair.h"

#include "common/memory.h"

/* Bytes as stored, compressed or not, from which on a value makes its row a large one. */
enum { LARGE_VALUE = 32 * 1024 };

/* Values of other types have a length that is fixed, or small. */
static bool may_be_large(const struct column_shape *column)
{
    static const char *const sends[] = {"jsonb_send", "xml_send", "path_send", "poly_send", "array_send"};

    if (column->generated)
        return false;
    if (column->form == FORM_SEND)
        for (size_t i = 0; i < array_length(sends); i++)
            if (strcmp(column->send, sends[i]) == 0)
                return true;
    return column->form == FORM_TEXT || column->form == FORM_OUTPUT || strcmp(column->type, "bytea") == 0;
}

bool pair_may_be_large(const struct pair *pair)
{
    for (size_t i = 0; i < pair->table->shape.column_count; i++)
        if (may_be_large(&pair->table->shape.columns[i]))
            return true;
    return false;
}

void pair_large(struct text *sql, const struct pair *pair, size_t side)
{
    const char *separator = "coalesce(greatest(";

    if (!pair_may_be_large(pair)) {
        text_append(sql, "false");
        return;
    }
    for (size_t i = 0; i < pair->table->shape.column_count; i++) {
        if (!may_be_large(&pair->table->shape.columns[i]))
            continue;
        text_appendf(sql, "%spg_column_size(", separator);
        pair_column(sql, pair, side, i);
        text_append(sql, ")");
        separator = ", ";
    }
    text_appendf(sql, ") >= %d, false)", LARGE_VALUE);
}
