/*
 * What the rows half knows of a table: its columns, how each is fingerprinted, its key, and how its rows are divided
 * into chunks. The plan's manifest carries it, so that apply builds the very same expressions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What of a column goes into the row's fingerprint: what its text tells apart, this must (docs/fingerprints.md). */
enum column_form {
    FORM_VALUE,  /* the column itself: its hash is as exact as its text */
    FORM_SEND,   /* the type's binary form: bigint, numeric, floats, times, jsonb, … */
    FORM_TEXT,   /* ::text, for strings and for every type whose cast to text is its output function */
    FORM_OUTPUT, /* what the output function prints, where ::text is a cast of another meaning */
    FORM_NONE,   /* nothing: a generated column that the DDL makes, whose value follows from the others */
};

struct column_shape {
    char *name;
    char *type; /* format_type(), fully qualified */
    char *send; /* for FORM_SEND: the function, `numeric_send` */
    enum column_form form;
    bool not_null;        /* main says that it holds no NULL: how it is best hashed, and nothing more */
    bool generated;       /* GENERATED ALWAYS AS (…) STORED: compared, never written */
    bool identity_always; /* may be written by INSERT … OVERRIDING SYSTEM VALUE, not by UPDATE */
    bool unique; /* other unique or exclusion indexes of the table, on either side, depend on it (expressions and
                    predicates included): a row in which it changes is deleted and inserted, so that values can move
                    between rows */
    char *equality_schema; /* of a key column: where the = of its index lives (citext, ltree, …); NULL: pg_catalog */
    char *
        key_collation; /* of a key column, where it is not that of its domain: quoted and qualified; not in manifests */
};

enum chunk_way {
    CHUNK_BY_RANGE, /* by bounds on the leading key column, a type that every server sorts alike */
    CHUNK_BY_HASH,  /* by the top bits of a hash of the key, or of the row where there is no key */
};

/*
 * How rows are divided. The smallest unit is the slice; a chunk is `slices_per_chunk` consecutive ones. Slice numbers
 * go from 0 to slice_count - 1. BY_RANGE: bounds[i] is the lowest key of slice i + 1; slice 0 has no lower and the last
 * slice no upper bound. BY_HASH: slice = top hash_bits bits of the hash, so slice_count = 1 << hash_bits.
 */
struct chunking {
    enum chunk_way way;
    size_t column; /* BY_RANGE: index into columns */
    char **bounds; /* BY_RANGE: slice_count - 1 texts, ascending */
    unsigned hash_bits;
    size_t slice_count, slices_per_chunk;
};

/* How the fingerprint is computed: both sides, and apply, do it alike (fingerprint.h). */
enum fingerprint_algorithm {
    FINGERPRINT_HASHES, /* the columns' own hashes, combined: PostgreSQL 14 and newer */
    FINGERPRINT_TEXT,   /* a hash of the row's text: PostgreSQL 11 and newer */
    FINGERPRINT_MD5,    /* MD5 of the row's text: every version */
    FINGERPRINT_COPY,   /* XXH3-128 of the row's COPY text, computed here: every version (streamed_row.h) */
};

struct table_shape {
    char *schema, *name;
    /*
     * Of an extension's configuration table: which rows are the user's, `WHERE …` as pg_extension.extcondition has it,
     * over the table by its name. No other row is looked at or changed. NULL: all.
     */
    char *condition;
    bool partitioned; /* the stand-in's is: it is read and written as a whole, by its partitions */
    enum fingerprint_algorithm algorithm;
    struct column_shape *columns;
    size_t column_count;
    size_t *key; /* indexes into columns; none where rows have no key (a multiset) */
    size_t key_count;
};

/* Row count and the sum of the rows' 64-bit fingerprints modulo 2^64. */
struct fingerprint {
    uint64_t rows, sum;
};

/* NULL: it has no such column. */
const struct column_shape *table_shape_column(const struct table_shape *shape, const char *name);

void table_shape_free(struct table_shape *shape);
void chunking_free(struct chunking *chunking);
