/*
 * A batch of differing slices of one pair: its rows' keys and fingerprints come from both sides (match.c), are compared
 * here (merge.c), and what differs is fetched whole and written (fetch.c). Inside plan/rows only.
 */
#pragma once

#include "plan/rows/pair.h"

/*
 * A row as both sides can compare it. Where there is no key, all copies of a row, with its fingerprint as the key. A
 * window of them is most of what the program has in memory: 32 bytes each, and the key.
 */
struct key_row {
    uint64_t value; /* the fingerprint; without key the number of copies */
    size_t offset;  /* of the key in row_set.keys: the columns' texts, each ended by a NUL */
    uint32_t length;
    uint32_t slice;
    uint32_t block; /* without key: where the first of the copies is */
    uint16_t tuple;
    bool large;   /* large.c */
    bool unmoved; /* of main, and not newer (updated.c): taken for equal */
};

struct row_set {
    struct key_row *rows;
    size_t count, capacity;
    size_t joined; /* so many were left when copies were last joined */
    bool by_key;   /* rows are in the order of their keys alone: what is near in a table compresses well */
    struct text keys;
};

struct change {
    uint64_t fingerprint; /* of the row: main's, but for a delete */
    uint64_t copies;      /* without key; else 1 */
    size_t offset;        /* of the key in batch.keys */
    uint32_t length;
    uint32_t slice;
    uint32_t block; /* as in key_row */
    uint16_t tuple;
    bool large[SIDES];   /* the row, on each side that has it */
    enum rows_kind kind; /* delete, update or insert */
};

struct batch {
    struct comparison *comparison;
    struct pair *pair;
    size_t first, count;      /* of pair->differing */
    uint64_t rows;            /* expected, of the larger side */
    unsigned part, part_bits; /* of one slice that is too large for memory: the rows whose key's hash has these bits */
    struct row_set sets[SIDES];
    struct match *matches[SIDES];
    struct change *changes;
    size_t change_count, change_capacity;
    struct text keys;
    struct search *searches; /* same_key.c */
    size_t search_count;
};

/* match.c */
void match_queue(struct batch *batch, size_t side);
void match_release(struct batch *batch);
/* The columns from `first` on as a line of COPY, for pair->reader. */
void line_of_result(struct text *line, const PGresult *result, int row, int first);
bool match_is_scan(const struct pair *pair, size_t side); /* a scan of the table, not of ranges of an index */

/*
 * merge.c: what differs, in the order of slice and key bytes; of the key's bytes alone, where slices are by hash; of
 * their places, where there is no key. Empties the sets.
 */
bool merge_batch(struct batch *batch, struct error *err) must_check;
void row_set_free(struct row_set *set);
void row_set_join(struct row_set *set); /* copies of a row without key become one row; sorts */

/*
 * same_key.c: where rows that main lacks stay, a new row whose key the stand-in has in another spelling is an update of
 * that row. Queues the search for such; they are through when the pool has run.
 */
void same_key_queue(struct batch *batch);
void same_key_release(struct batch *batch);

/* fetch.c */
/*
 * Appends ` FROM the keys AS k (k0, …, n) JOIN (SELECT columns FROM the table) AS p ON … ORDER BY k.n`: the equality is
 * that of the key's index, the parameters are those that the other returns (free() each, and the array). `columns` has
 * the key's as c0, …, by their numbers in the shape. They come out of a subquery (which the planner takes apart again),
 * because a projection names the table's columns without an alias and must not find others in its scope.
 */
void keys_join(struct text *sql, const struct comparison *comparison, const struct pair *pair, size_t side,
               const char *columns);
char **keys_parameters(const struct batch *batch, const struct change *const *changes, size_t count,
                       size_t *parameter_count);
struct fetches; /* of a window of batches, in order */
struct fetches *fetches_new(void);
void fetches_free(struct fetches *fetches);
void fetch_queue(struct fetches *fetches, struct batch *batch);
bool fetch_is_wanted(const struct batch *batch, size_t side, const struct change *change); /* a row of that side */

/* places.c: keeps what is to be fetched of a batch without key, in a file without a name; and fetches all of the pair.
 */
bool places_add(const struct batch *batch, struct error *err) must_check;
bool places_fetch(struct comparison *comparison, struct pair *pair, struct error *err) must_check;
