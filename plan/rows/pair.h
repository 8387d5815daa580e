/*
 * A pair of tables on its way through the comparison: main's, and what the stand-in will have in its place once the
 * pre-data DDL has run. Inside plan/rows only.
 */
#pragma once

#include "common/fingerprint.h"
#include "common/pool.h"
#include "common/streamed_row.h"
#include "common/table_list.h"
#include "format/digest.h"
#include "plan/rows/row_output.h"
#include "plan/rows/rows.h"

enum { MAIN, STANDIN, SIDES };

struct pair {
    /* The stand-in's is NULL where the DDL creates the table; main's where it has no such partition: all rows go. */
    const struct listed_table *listed[SIDES];
    char **values;        /* the stand-in's projection, by main's columns; NULL where it is the columns themselves */
    const char **types;   /* of these values; the diff's */
    char *sources[SIDES]; /* partitions.c; NULL: what is listed stands for itself */
    bool indexed[SIDES];  /* an index finds rows by the leading key column */
    struct plan_table *table; /* the manifest's; its shape is main's */
    size_t number;            /* in the manifest, from 1 */

    struct choice *choice;               /* while bounds are chosen: bounds.c */
    struct scan *scan;                   /* while both sides are scanned: scan.c */
    struct updated *updated;             /* where only newer rows of main are compared: updated.c; else NULL */
    char *bounds;                        /* of the chunking, as a parameter; NULL: none */
    struct row_reader *reader;           /* where rows are fingerprinted here; without key, lines have their place */
    uint64_t *differing;                 /* slices, ascending */
    struct fingerprint *differed[SIDES]; /* their fingerprints, parallel to `differing` */
    size_t differing_count;
    struct fingerprint *renamed; /* of the stand-in's rows that take another key, parallel too; NULL: none */
    struct digest_chunk *chunks;
    size_t chunk_count;

    struct row_output outputs[ROWS_KINDS];
    struct places *places;    /* of rows without key that differ, until all are known: places.c */
    struct copy_part *copies; /* while all rows are streamed: copy.c */
    size_t copy_count;
};

/* One comparison of all tables. */
struct comparison {
    struct database *databases[SIDES];
    const struct schema_diff *diff;
    const struct renames *renames;
    const struct rows_options *options;
    struct plan_writer *writer;
    struct manifest *manifest;
    struct progress *progress;
    struct pool *pool;
    struct table_list *lists[SIDES];
    struct pair *pairs;
    size_t pair_count;
};

/* pairs.c: reads both sides' tables and puts them in pairs, each with its projection. */
bool pairs_make(struct comparison *comparison, struct error *err) must_check;
void pair_release(struct pair *pair); /* what the comparison of it needed; the manifest's part stays */

/* large_objects.c: adds them to the list as a table of their own, with its source (format/large_objects.h). */
bool large_objects_list(struct connection *connection, struct table_list *list, struct error *err) must_check;
/* Roles that main's need and the stand-in lacks are ERROR_REFUSED. */
bool large_objects_check_roles(struct connection *main, struct connection *standin, const struct manifest *manifest,
                               struct error *err) must_check;

/* partitions.c: where either is a partitioned table that is compared as a whole. The pair's key is settled. */
void partitions_set_source(struct pair *pair, size_t side);

/* bounds.c: queues the choice of the pair's chunking. */
void bounds_choose(struct comparison *comparison, struct pair *pair);
void bounds_release(struct pair *pair);
size_t pair_wanted_slices(const struct pair *pair);

/* scan.c: queues the scans of both sides; at their end the pair knows its sums and which slices differ. */
bool scan_pair(struct comparison *comparison, struct pair *pair, struct error *err) must_check;

void scan_release(struct pair *pair);

/* updated.c: chooses the pairs of which only newer rows are compared, and warns of those that it cannot choose. */
bool updated_choose(struct comparison *comparison, struct error *err) must_check;
/* Queues the scans of keys and newer rows; once they are through, the other says which slices must be gone through. */
void updated_scan(struct comparison *comparison, struct pair *pair);
void updated_compare(struct comparison *comparison, struct pair *pair);
/* Appends the condition that main's row (alias t) is newer, and the time that is its parameter $n. */
void updated_newer(struct text *sql, const struct pair *pair, size_t parameter);
const char *updated_time(const struct pair *pair);
void updated_finish(struct pair *pair); /* forgets the slices in which nothing changes */
void updated_release(struct pair *pair);

/* copy.c: streams all of main's rows of those pairs whose stand-in has none into the plan. */
bool copies_write(struct comparison *comparison, struct pair *pairs, size_t count, struct error *err) must_check;

void copy_release(struct pair *pair);

void places_release(struct pair *pair);

/* changes.c: finds the rows that differ within the differing slices of all pairs from `first` on, and writes them. */
bool changes_write(struct comparison *comparison, struct pair *first, size_t count, struct error *err) must_check;

void same_key_finish(struct pair *pair); /* rows that took another key are not expected where they were */

/* sequences.c: which sequences' states differ. */
bool sequences_compare(struct comparison *comparison, struct error *err) must_check;

/*
 * blocks.c: a range of a heap's blocks, as parameters for `t.ctid >= $n::tid AND t.ctid < $m::tid`. The last one has no
 * end: rows may have come since the size was read.
 */
enum { BLOCKS_PER_RANGE = 4096 };
struct block_range {
    char from[32], to[32];
    bool all; /* it is the only one, and needs no condition */
    /* Whose blocks these are, where a partitioned table is compared as a whole; else NULL: the table's. */
    const struct listed_partition *partition;
    uint64_t blocks_before; /* in the partitions before it: rows have their places as if the heaps were one */
};

/* Servers before 14 read the whole table for each range of blocks: there, a table is one range. */
size_t pair_range_count(const struct comparison *comparison, const struct pair *pair, size_t side,
                        uint64_t blocks_per_range);
void block_range_set(struct block_range *range, size_t number, size_t count, uint64_t blocks_per_range);

/* All that a scan of the side reads, in order; free() it. Returns how many there are. */
size_t pair_ranges(const struct comparison *comparison, const struct pair *pair, size_t side, uint64_t blocks_per_range,
                   struct block_range **ranges);

/* partitions.c: one partition in FROM, alias t included; free() it. */
char *partition_source(const struct table_shape *shape, const struct listed_partition *partition);

/* Appends ` FROM ONLY table AS t`, of the partition, or of the side's table where it is NULL. */
void partition_table(struct text *sql, const struct pair *pair, size_t side, const struct listed_partition *partition);

/* pair.c: are rows fingerprinted here, from COPY text, instead of in the servers? */
bool pair_is_streamed(const struct pair *pair);

/*
 * Appends the COPY of a range of the side's blocks, as lines for pair->reader. COPY takes no parameters: the block
 * numbers, which are ours, stand in its text.
 */
void pair_copy_range(struct text *sql, const struct pair *pair, size_t side, const struct block_range *range);

/* pairs.c: ends what was written of the pair's rows so far; more begins another part. */
bool pair_close_outputs(struct pair *pair, struct error *err) must_check;

/* The projection of a side, for fingerprint.h. */
const char *const *pair_values(const struct pair *pair, size_t side);

/* The type of a column's value as the side has it. */
const char *pair_type(const struct pair *pair, size_t side, size_t column);

/* The collation of a key column as the side has it, where it must be said: beside one that its domain has; else NULL.
 */
const char *pair_key_collation(const struct pair *pair, size_t side, size_t column);

/* What stands for ONLY and the table in FROM on the side, its alias t included; NULL where it does itself. */
const char *pair_source(const struct pair *pair, size_t side);

/* Appends ` FROM ONLY table AS t`. */
void pair_table(struct text *sql, const struct pair *pair, size_t side);

/* Appends the value of one column as the side has it (an alias t). */
void pair_column(struct text *sql, const struct pair *pair, size_t side, size_t column);

/* A chunk is so many rows in the mean; table->main.rows is known. */
void pair_set_chunk_size(struct pair *pair, uint64_t chunk_size);

/* large.c: appends the condition that a row of the side is so large that it should be alone in memory. */
void pair_large(struct text *sql, const struct pair *pair, size_t side);
bool pair_may_be_large(const struct pair *pair); /* it has columns of a type that allows it */
