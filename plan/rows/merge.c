/* Which rows differ: the keys and fingerprints of both sides, sorted and merged. */
#include "plan/rows/batch.h"

#include "common/memory.h"

void row_set_free(struct row_set *set)
{
    free(set->rows);
    text_free(&set->keys);
    *set = (struct row_set){0};
}

static int compare_keys(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Rows of one set, or of both sides'. The same key is in the same slice. */
static int compare_across(const struct row_set *set, const struct key_row *row, const struct row_set *other_set,
                          const struct key_row *other)
{
    if (row->slice != other->slice && !set->by_key)
        return row->slice < other->slice ? -1 : 1;
    return compare_keys(set->keys.data + row->offset, row->length, other_set->keys.data + other->offset, other->length);
}

static int compare_rows(const void *a, const void *b, void *set)
{
    return compare_across(set, a, set, b);
}

static void sort(struct row_set *set)
{
    if (set->count > 1)
        qsort_r(set->rows, set->count, sizeof *set->rows, compare_rows, set);
}

/* Of copies, which come from any connection in any order, the place of the first one is kept. */
static void keep_first_place(struct key_row *kept, const struct key_row *other)
{
    if (other->block > kept->block || (other->block == kept->block && other->tuple >= kept->tuple))
        return;
    kept->block = other->block;
    kept->tuple = other->tuple;
}

void row_set_join(struct row_set *set)
{
    struct text keys = {0};
    size_t kept = 0;

    sort(set);
    for (size_t i = 0; i < set->count; i++) {
        struct key_row *row = &set->rows[i], *last = kept > 0 ? &set->rows[kept - 1] : NULL;

        if (last != NULL && last->slice == row->slice &&
            compare_keys(keys.data + last->offset, last->length, set->keys.data + row->offset, row->length) == 0) {
            last->value += row->value;
            last->large = last->large || row->large;
            keep_first_place(last, row);
            continue;
        }
        size_t offset = keys.length;
        text_append_bytes(&keys, set->keys.data + row->offset, row->length);
        set->rows[kept] = *row;
        set->rows[kept++].offset = offset;
    }
    text_free(&set->keys);
    set->keys = keys;
    set->count = set->joined = kept;
}

static bool is_unique(const struct row_set *set)
{
    for (size_t i = 1; i < set->count; i++)
        if (compare_across(set, &set->rows[i - 1], set, &set->rows[i]) == 0)
            return false;
    return true;
}

/* Without key the fingerprint is the key: eight bytes, the highest first. */
static uint64_t fingerprint_of(const struct batch *batch, const struct row_set *set, const struct key_row *row)
{
    const unsigned char *bytes = (const unsigned char *)set->keys.data + row->offset;
    uint64_t fingerprint = 0;

    if (batch->pair->table->shape.key_count > 0)
        return row->value;
    for (size_t i = 0; i < 8; i++)
        fingerprint = fingerprint << 8 | bytes[i];
    return fingerprint;
}

static void add_change(struct batch *batch, enum rows_kind kind, const struct row_set *set, const struct key_row *row,
                       uint64_t copies)
{
    array_reserve((void **)&batch->changes, &batch->change_capacity, batch->change_count + 1, sizeof *batch->changes);
    batch->changes[batch->change_count++] = (struct change){.kind = kind,
                                                            .offset = batch->keys.length,
                                                            .length = row->length,
                                                            .copies = copies,
                                                            .large = {[MAIN] = row->large, [STANDIN] = row->large},
                                                            .block = row->block,
                                                            .tuple = row->tuple,
                                                            .slice = row->slice,
                                                            .fingerprint = fingerprint_of(batch, set, row)};
    text_append_bytes(&batch->keys, set->keys.data + row->offset, row->length);
}

/* The place of the slice in pair->differing. */
static size_t place_of(const struct batch *batch, uint64_t slice)
{
    size_t low = batch->first, high = batch->first + batch->count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (batch->pair->differing[middle] < slice)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * Where main's rows are not all looked at (updated.c), what a slice must hold afterwards is what it holds and what
 * changes of it. Their number is known from the keys.
 */
static void expect(const struct batch *batch, uint64_t slice, uint64_t more)
{
    if (batch->pair->updated != NULL)
        batch->pair->differed[MAIN][place_of(batch, slice)].sum += more;
}

static void expect_as_found(const struct batch *batch)
{
    const struct row_set *found = &batch->sets[STANDIN];

    for (size_t i = 0; i < found->count; i++) {
        expect(batch, found->rows[i].slice, found->rows[i].value);
        batch->pair->differed[STANDIN][place_of(batch, found->rows[i].slice)].sum += found->rows[i].value;
    }
}

/* A row that main lacks goes; or stays, and then belongs to what the proof must find in the slice. */
static void lose(struct batch *batch, const struct key_row *row, uint64_t copies)
{
    if (batch->comparison->options->delete_rows) {
        add_change(batch, ROWS_DELETE, &batch->sets[STANDIN], row, copies);
        expect(batch, row->slice, -row->value);
        return;
    }
    struct fingerprint *expected = &batch->pair->differed[MAIN][place_of(batch, row->slice)];
    expected->rows += copies;
    if (batch->pair->updated != NULL)
        batch->pair->table->main_partly = true; /* with these rows, nobody knows what all of them add up to */
    else
        expected->sum += fingerprint_of(batch, &batch->sets[STANDIN], row) * copies;
}

static void merge_equal(struct batch *batch, const struct key_row *main, const struct key_row *standin)
{
    if (main->value == standin->value || main->unmoved)
        return;
    if (batch->pair->table->shape.key_count > 0) {
        add_change(batch, ROWS_UPDATE, &batch->sets[MAIN], main, 1);
        batch->changes[batch->change_count - 1].large[STANDIN] = standin->large;
        expect(batch, main->slice, main->value - standin->value);
    } else if (main->value > standin->value)
        add_change(batch, ROWS_INSERT, &batch->sets[MAIN], main, main->value - standin->value);
    else
        lose(batch, standin, standin->value - main->value);
}

static void merge(struct batch *batch)
{
    bool has_key = batch->pair->table->shape.key_count > 0;
    const struct row_set *main = &batch->sets[MAIN], *standin = &batch->sets[STANDIN];
    size_t i = 0, j = 0;

    if (batch->pair->updated != NULL)
        expect_as_found(batch);
    for (;;) {
        const struct key_row *left = i < main->count ? &main->rows[i] : NULL;
        const struct key_row *right = j < standin->count ? &standin->rows[j] : NULL;
        if (left == NULL && right == NULL)
            break;
        int order = left == NULL ? 1 : right == NULL ? -1 : compare_across(main, left, standin, right);
        if (order == 0)
            merge_equal(batch, left, right);
        else if (order < 0) {
            add_change(batch, ROWS_INSERT, main, left, has_key ? 1 : left->value);
            expect(batch, left->slice, left->value);
        } else
            lose(batch, right, has_key ? 1 : right->value);
        i += order <= 0;
        j += order >= 0;
    }
}

static int compare_places(const void *a, const void *b)
{
    const struct change *left = a, *right = b;

    if (left->block != right->block)
        return left->block < right->block ? -1 : 1;
    return (left->tuple > right->tuple) - (left->tuple < right->tuple);
}

bool merge_batch(struct batch *batch, struct error *err)
{
    const struct table_shape *shape = &batch->pair->table->shape;
    bool good = true;

    for (size_t side = 0; side < SIDES; side++) {
        struct row_set *set = &batch->sets[side];

        set->by_key = batch->pair->table->chunking.way == CHUNK_BY_HASH;
        /* Block ranges count their own copies of a row that has no key. */
        if (shape->key_count == 0)
            row_set_join(set);
        else
            sort(set);
        if (shape->key_count > 0 && !is_unique(set))
            good = error_set(err, ERROR_REFUSED, "table %s.%s of the %s has the same key twice", shape->schema,
                             shape->name, side == MAIN ? "main database" : "stand-in");
    }
    if (good)
        merge(batch);
    /* Rows to come and rows to go are of two tables, and go into two entries. */
    if (good && shape->key_count == 0 && batch->change_count > 1)
        qsort(batch->changes, batch->change_count, sizeof *batch->changes, compare_places);
    for (size_t side = 0; side < SIDES; side++)
        row_set_free(&batch->sets[side]);
    return good;
}
