/*
 * Rows that are fingerprinted here instead of in the server (FINGERPRINT_COPY): they come as COPY text, and the
 * fingerprint of a row is the lower half of XXH3-128 over its line, without the newline. Works with every server and
 * every type, since what is hashed is what is compared, sent and judged: the text. Only columns of floats go by their
 * bytes where the two servers print different texts of them (pairs.c leaves FORM_SEND with those alone).
 *
 * A line holds the key's columns, in the key's order, then all others in the table's; those of FORM_NONE are left out.
 */
#pragma once

#include "common/error.h"
#include "common/table_shape.h"
#include "common/text.h"

/* The columns of a line in their order: indexes into shape->columns; free() it. */
size_t *streamed_order(const struct table_shape *shape, size_t *count);

/* Appends what stands in a line for the column; `values` and `alias` as in fingerprint.h. */
void streamed_column(struct text *sql, const struct table_shape *shape, size_t column, const char *const *values,
                     const char *alias);

/*
 * Appends COPY (SELECT … FROM ONLY table AS t) TO STDOUT. `source` stands for ONLY and the table, its alias t included;
 * `with` is a clause before SELECT and `where` a condition; each may be NULL. With `place` each line begins with one
 * column more: where the row is (ctid).
 */
void streamed_copy(struct text *sql, const struct table_shape *shape, const char *const *values, const char *source,
                   const char *with, const char *where, bool place);

/* Reads lines and puts them in slices. Borrows the shape and the chunking. */
struct row_reader;

/* With `place`, lines begin with it. A chunking that does not fit the shape is ERROR_ARCHIVE. free() by
 * row_reader_free().
 */
bool row_reader_new(const struct table_shape *shape, const struct chunking *chunking, bool place,
                    struct row_reader **reader, struct error *err) must_check;
void row_reader_free(struct row_reader *reader); /* NULL is fine */
void row_reader_cleanup(struct row_reader **reader);

struct streamed_row {
    uint64_t fingerprint;
    uint64_t key_hash; /* what CHUNK_BY_HASH takes the slice from: of the key's columns, or the fingerprint */
    uint64_t slice;
    uint64_t block; /* with `place` */
    unsigned tuple;
    const char *key; /* the key's columns as in the line: escaped, apart by tabs; without key: nothing */
    size_t key_length;
};

/* One line, with or without its newline. What is no line of such a table is ERROR_INTERNAL. */
bool row_reader_take(const struct row_reader *reader, const char *line, size_t length, struct streamed_row *row,
                     struct error *err) must_check;
