/*
 * SQL for fingerprints: the expressions that both databases, at plan and at apply time, compute alike.
 *
 * A row's fingerprint is a hash over its columns' hashes (PostgreSQL 14 and newer). Each is the seed of the next, or,
 * where columns may be NULL, they combine linearly and are the seed of a step that does not, so that two rows that swap
 * a column's values are seen, and all its 64 bits count. A chunk's fingerprint is the row count and the sum. See
 * docs/fingerprints.md.
 *
 * Where a server is older, it is a hash of the text of an array of the columns' texts, which shows NULL, empty values
 * and separators alike in every version: hashtextextended() from 11 on, else the first half of MD5.
 *
 * FINGERPRINT_COPY has no SQL: see streamed_row.h.
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

/*
 * Appends the expression of the slice number (int4 for ranges: width_bucket over $1; int8 for hashes). Where there is
 * no key it is a part of the row's fingerprint, which is then computed twice: fingerprint_scan() does not.
 */
void fingerprint_slice(struct text *sql, const struct table_shape *shape, const struct chunking *chunking,
                       const char *const *values, const char *alias);

/* Appends the hash that CHUNK_BY_HASH takes its slices from: of the key's columns, or of the row where there is none.
 */
void fingerprint_key(struct text *sql, const struct table_shape *shape, const char *const *values, const char *alias);

/* Appends the slice of a row whose hash (CHUNK_BY_HASH) is known: for no key, its fingerprint. `hash` is SQL. */
void fingerprint_slice_of(struct text *sql, const struct chunking *chunking, const char *hash);

/*
 * Appends SELECT slice, count(*), sum(fingerprint)::text … GROUP BY 1 over the table (FROM ONLY), in no order. `source`
 * stands for ONLY and the table, its alias t included; NULL: it does itself. `where` is a condition over the alias t,
 * or NULL. $1 are the bounds where fingerprint_scan_takes_bounds(), else there is no parameter. The sum is the exact
 * one, of signed 64-bit numbers: fingerprint_sum() reduces it.
 */
void fingerprint_scan(struct text *sql, const struct table_shape *shape, const struct chunking *chunking,
                      const char *const *values, const char *source, const char *where);

/*
 * Whether fingerprint_scan() looks for the rows' slices in the bounds. They are not sent where a shift will do: tens of
 * thousands of them, which the server reads for each statement.
 */
bool fingerprint_scan_takes_bounds(const struct table_shape *shape, const struct chunking *chunking);

/*
 * Appends what FROM reads: `source`, which has its own alias t, or where it is NULL `ONLY schema.name AS t`, of which
 * with shape->condition the rows that meet it, with their ctid.
 */
void fingerprint_source(struct text *sql, const struct table_shape *shape, const char *source);

/* Decimal text, as sum() over int8 prints it, modulo 2^64. */
uint64_t fingerprint_sum(const char *decimal);

/* Does the binary form stand for floats, alone or within another type? Their text depends on the server's version. */
bool fingerprint_is_of_floats(const struct column_shape *column);

/*
 * Appends the bytes of such a column (bytea), for servers that print different texts of them. All NaNs are one text,
 * whatever their bits; and an array may say of itself that it has NULLs (four bytes from the fifth on) when it has none
 * any more.
 */
void fingerprint_float_bytes(struct text *sql, const struct column_shape *column, const char *value);

/* A whole number, of which fingerprint_scan() takes the slice by a shift where the bounds are multiples of a power of
 * two. */
bool fingerprint_column_shifts(const struct column_shape *column);

/* The column, or the expression that stands for it, in its type; free() it. */
char *fingerprint_value(const struct table_shape *shape, size_t column, const char *const *values, const char *alias);

/* The bounds as a PostgreSQL array literal, for $1; free() it. NULL where there are none: no parameter then. */
char *fingerprint_bounds(const struct chunking *chunking);

/* The quickest algorithm that a server of this version has in SQL. Of two servers, the older one decides. */
enum fingerprint_algorithm fingerprint_algorithm_of(int server_version);

/* The name of an algorithm, recorded in digests and plans, and back: false where there is no such one. */
const char *fingerprint_algorithm_name(enum fingerprint_algorithm algorithm);
bool fingerprint_algorithm_from_name(const char *name, enum fingerprint_algorithm *algorithm);
