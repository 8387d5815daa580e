/* Rows that are fingerprinted here instead of in the server. */
#include "common/streamed_row.h"

#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/quote.h"

#include <string.h>
#include <xxhash.h>

static bool is_key(const struct table_shape *shape, size_t column)
{
    for (size_t i = 0; i < shape->key_count; i++)
        if (shape->key[i] == column)
            return true;
    return false;
}

size_t *streamed_order(const struct table_shape *shape, size_t *count)
{
    size_t *order = allocate(shape->column_count + 1, sizeof *order);

    *count = 0;
    for (size_t i = 0; i < shape->key_count; i++)
        order[(*count)++] = shape->key[i];
    for (size_t i = 0; i < shape->column_count; i++)
        if (!is_key(shape, i) && shape->columns[i].form != FORM_NONE)
            order[(*count)++] = i;
    return order;
}

void streamed_column(struct text *sql, const struct table_shape *shape, size_t column, const char *const *values,
                     const char *alias)
{
    const struct column_shape *shaped = &shape->columns[column];
    cleanup(free_string) char *value = fingerprint_value(shape, column, values, alias);

    if (fingerprint_is_of_floats(shaped))
        fingerprint_float_bytes(sql, shaped, value);
    else if (strcmp(shaped->type, "\"char\"") == 0 && !is_key(shape, column))
        text_appendf(sql, "%s::pg_catalog.int4", value); /* servers before 15 print bytes that are no UTF-8 */
    else
        text_append(sql, value);
}

void streamed_copy(struct text *sql, const struct table_shape *shape, const char *const *values, const char *source,
                   const char *with, const char *where, bool place)
{
    size_t count;
    size_t *order = streamed_order(shape, &count);

    text_appendf(sql, "COPY (%sSELECT %s", with != NULL ? with : "", place ? "t.ctid" : "");
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i > 0 || place ? ", " : "");
        streamed_column(sql, shape, order[i], values, "t");
    }
    free(order);
    text_append(sql, " FROM ");
    fingerprint_source(sql, shape, source);
    if (where != NULL)
        text_appendf(sql, " WHERE %s", where);
    text_append(sql, ") TO STDOUT");
}

/*
 * A value of a type that bounds can be of, such that they sort as every server sorts them: by a number, then by the
 * bytes of what is left of the text.
 */
struct sort_key {
    int64_t number;
    const char *rest;
    size_t rest_length;
};

enum sorting { SORT_NUMBERS, SORT_DATES, SORT_BYTES };

struct row_reader {
    const struct table_shape *shape;
    const struct chunking *chunking;
    bool place;
    enum sorting sorting;
    struct sort_key *bounds; /* CHUNK_BY_RANGE: one fewer than slices */
};

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static enum sorting sorting_of(const char *type)
{
    if (begins_with(type, "date") || begins_with(type, "timestamp"))
        return SORT_DATES;
    return begins_with(type, "time") || begins_with(type, "uuid") ? SORT_BYTES : SORT_NUMBERS;
}

/* The number that the text begins with; its length in *length. Of 20 digits and more, the first ones. */
static uint64_t leading_number(const char *text, size_t size, size_t *length)
{
    uint64_t number = 0;
    size_t i = 0;

    for (; i < size && i < 19 && text[i] >= '0' && text[i] <= '9'; i++)
        number = number * 10 + (uint64_t)(text[i] - '0');
    *length = i;
    return number;
}

/* Dates are YYYY-MM-DD…, with more digits from the year 10000 on, and " BC" at the end before the year 1. */
static struct sort_key sort_key_of(enum sorting sorting, const char *text, size_t length)
{
    bool negative = length > 0 && text[0] == '-';
    size_t digits;

    if (sorting == SORT_BYTES)
        return (struct sort_key){.rest = text, .rest_length = length};
    uint64_t number = leading_number(text + negative, length - negative, &digits);
    const char *rest = text + negative + digits;
    size_t rest_length = length - negative - digits;
    if (sorting == SORT_DATES) {
        if (rest_length > 0 && rest[0] == 'i') /* infinity */
            return (struct sort_key){.number = negative ? INT64_MIN : INT64_MAX, .rest = ""};
        negative = rest_length > 3 && memcmp(rest + rest_length - 3, " BC", 3) == 0;
    }
    return (struct sort_key){.number = (int64_t)(negative ? 0 - number : number),
                             .rest = sorting == SORT_DATES ? rest : "",
                             .rest_length = sorting == SORT_DATES ? rest_length : 0};
}

static int compare_sort_keys(const struct sort_key *a, const struct sort_key *b)
{
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    size_t common = a->rest_length < b->rest_length ? a->rest_length : b->rest_length;
    int order = common > 0 ? memcmp(a->rest, b->rest, common) : 0;
    return order != 0 ? order : (a->rest_length > b->rest_length) - (a->rest_length < b->rest_length);
}

bool row_reader_new(const struct table_shape *shape, const struct chunking *chunking, bool place,
                    struct row_reader **reader, struct error *err)
{
    bool by_range = chunking->way == CHUNK_BY_RANGE && chunking->slice_count > 1;

    if (by_range && (shape->key_count == 0 || shape->key[0] != chunking->column || chunking->bounds == NULL))
        return error_set(err, ERROR_ARCHIVE, "the slices of %s.%s are not ranges of its key", shape->schema,
                         shape->name);
    *reader = allocate(1, sizeof **reader);
    **reader = (struct row_reader){.shape = shape, .chunking = chunking, .place = place};
    if (!by_range)
        return true;
    (*reader)->sorting = sorting_of(shape->columns[chunking->column].type);
    (*reader)->bounds = allocate(chunking->slice_count, sizeof *(*reader)->bounds);
    for (size_t i = 0; i + 1 < chunking->slice_count; i++)
        (*reader)->bounds[i] = sort_key_of((*reader)->sorting, chunking->bounds[i], strlen(chunking->bounds[i]));
    return true;
}

void row_reader_free(struct row_reader *reader)
{
    if (reader == NULL)
        return;
    free(reader->bounds);
    free(reader);
}

void row_reader_cleanup(struct row_reader **reader)
{
    row_reader_free(*reader);
}

/* How many bounds are not above the key. */
static uint64_t slice_by_range(const struct row_reader *reader, const char *key, size_t length)
{
    const struct sort_key sought = sort_key_of(reader->sorting, key, length);
    size_t low = 0, high = reader->chunking->slice_count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_sort_keys(&reader->bounds[middle], &sought) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* `(block,tuple)`; returns what follows it. */
static const char *read_place(const char *at, const char *end, struct streamed_row *row)
{
    size_t digits;

    if (at == end || *at++ != '(')
        return NULL;
    row->block = leading_number(at, (size_t)(end - at), &digits);
    at += digits;
    if (at == end || *at++ != ',')
        return NULL;
    row->tuple = (unsigned)leading_number(at, (size_t)(end - at), &digits);
    at += digits;
    if (at == end || *at++ != ')')
        return NULL;
    return at < end && *at == '\t' ? at + 1 : at;
}

/* Where the first `count` fields end; NULL: there are fewer. A tab within a field is escaped. */
static const char *end_of_fields(const char *at, const char *end, size_t count)
{
    for (; count > 0; count--) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));

        if (tab == NULL)
            return count == 1 ? end : NULL;
        if (count == 1)
            return tab;
        at = tab + 1;
    }
    return at;
}

bool row_reader_take(const struct row_reader *reader, const char *line, size_t length, struct streamed_row *row,
                     struct error *err)
{
    const struct table_shape *shape = reader->shape;
    const struct chunking *chunking = reader->chunking;
    const char *end = length > 0 && line[length - 1] == '\n' ? line + length - 1 : line + length;

    *row = (struct streamed_row){0};
    if (reader->place)
        line = read_place(line, end, row);
    const char *key_end = line != NULL ? end_of_fields(line, end, shape->key_count) : NULL;
    if (key_end == NULL)
        return error_set(err, ERROR_INTERNAL, "a row of %s.%s came in a form that is none", shape->schema, shape->name);
    row->fingerprint = XXH3_128bits(line, (size_t)(end - line)).low64;
    row->key = line;
    row->key_length = (size_t)(key_end - line);
    row->key_hash = shape->key_count > 0 ? XXH3_128bits(row->key, row->key_length).low64 : row->fingerprint;
    if (chunking->slice_count <= 1)
        row->slice = 0;
    else if (chunking->way == CHUNK_BY_HASH)
        row->slice = row->key_hash >> (64 - chunking->hash_bits);
    else
        row->slice = slice_by_range(reader, row->key, (size_t)(end_of_fields(line, key_end, 1) - line));
    return true;
}
