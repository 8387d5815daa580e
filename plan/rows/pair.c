/* What a pair's table is on either side, as SQL. */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/quote.h"

bool pair_is_streamed(const struct pair *pair)
{
    return pair->table->shape.algorithm == FINGERPRINT_COPY;
}

void pair_copy_range(struct text *sql, const struct pair *pair, size_t side, const struct block_range *range)
{
    cleanup(free_string) char *where =
        format_string("t.ctid >= '%s'::tid AND t.ctid < '%s'::tid", range->from, range->to);
    cleanup(free_string) char *partition =
        range->partition != NULL ? partition_source(&pair->table->shape, range->partition) : NULL;

    streamed_copy(sql, &pair->table->shape, pair_values(pair, side),
                  partition != NULL ? partition : pair_source(pair, side), NULL, range->all ? NULL : where,
                  pair->table->shape.key_count == 0);
}

const char *const *pair_values(const struct pair *pair, size_t side)
{
    return side == STANDIN ? (const char *const *)pair->values : NULL;
}

const char *pair_source(const struct pair *pair, size_t side)
{
    if (pair->sources[side] != NULL)
        return pair->sources[side];
    return pair->listed[side] != NULL ? pair->listed[side]->source : NULL;
}

void pair_table(struct text *sql, const struct pair *pair, size_t side)
{
    text_append(sql, " FROM ");
    fingerprint_source(sql, &pair->table->shape, pair_source(pair, side));
}

void partition_table(struct text *sql, const struct pair *pair, size_t side, const struct listed_partition *partition)
{
    if (partition == NULL) {
        pair_table(sql, pair, side);
        return;
    }
    cleanup(free_string) char *source = partition_source(&pair->table->shape, partition);
    text_appendf(sql, " FROM %s", source);
}

const char *pair_type(const struct pair *pair, size_t side, size_t column)
{
    return side == STANDIN && pair->types != NULL && pair->types[column] != NULL
               ? pair->types[column]
               : pair->table->shape.columns[column].type;
}

const char *pair_key_collation(const struct pair *pair, size_t side, size_t column)
{
    const struct column_shape *own =
        table_shape_column(&pair->listed[side]->shape, pair->table->shape.columns[column].name);

    return own != NULL ? own->key_collation : NULL;
}

void pair_column(struct text *sql, const struct pair *pair, size_t side, size_t column)
{
    if (side == STANDIN && pair->values != NULL && pair->values[column] != NULL) {
        text_appendf(sql, "(%s)", pair->values[column]);
    } else {
        text_append(sql, "t.");
        quote_identifier(sql, pair->table->shape.columns[column].name);
    }
}

void pair_set_chunk_size(struct pair *pair, uint64_t chunk_size)
{
    struct plan_table *table = pair->table;
    struct chunking *chunking = &table->chunking;
    double per_slice = (double)table->main.rows / (double)chunking->slice_count;
    double slices = (double)chunk_size / (per_slice > 1 ? per_slice : 1);

    chunking->slices_per_chunk = slices < 1                               ? 1
                                 : slices > (double)chunking->slice_count ? chunking->slice_count
                                                                          : (size_t)slices;
}
