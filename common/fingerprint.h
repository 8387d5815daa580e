/*
 * SQL for fingerprints: the expressions that both databases, at plan and at apply time, compute alike.
 *
 * A row's fingerprint is hashint8extended(hash_record_extended(ROW(e1, e2, …), 0), 0) (PostgreSQL 14 and newer); the
 * outer hash makes the combination non-linear, so that two rows that swap a column's values are seen. A chunk's
 * fingerprint is the row count and the sum. See docs/fingerprints.md.
 */
#pragma once

#include "common/table_shape.h"
#include "common/text.h"

/*
 * Appends the row fingerprint of `shape` (an int8 expression). values[i], where values and it are not NULL, stands in
 * place of column i: the expression of what the column will hold once the DDL has run. `alias` qualifies the columns
 * (`t.` …); may be NULL.
 */
void fingerprint_row(struct text *sql, const struct table_shape *shape, const char *const *values, const char *alias);

/* Appends the expression of the slice number (int4 for ranges: width_bucket over $1; int8 for hashes). */
void fingerprint_slice(struct text *sql, const struct table_shape *shape, const struct chunking *chunking,
                       const char *const *values, const char *alias);

/* The bounds as a PostgreSQL array literal, for $1; free() it. NULL for BY_HASH, whose statements have no parameter. */
char *fingerprint_bounds(const struct chunking *chunking);

/* The name of the algorithm, recorded in digests and plans. */
#define FINGERPRINT_ALGORITHM "record-hash-1"
