/*
 * A partitioned table that is compared as a whole, in FROM: its partitions one by one, as the snapshot has them. By the
 * table itself it would be those that it has at the moment when a statement is planned.
 */
#include "plan/rows/pair.h"

#include "common/quote.h"

#include <inttypes.h>

/*
 * `q.ctid AS ctid, q.a, q.b`. Rows without key are found again by their places, which must be different ones in
 * different partitions: as if the heaps lay one behind the other.
 */
static void append_columns(struct text *sql, const struct table_shape *shape, uint64_t blocks_before)
{
    if (shape->key_count > 0 || blocks_before == 0)
        text_append(sql, "q.ctid AS ctid");
    else
        text_appendf(sql,
                     "pg_catalog.format('(%%s,%%s)', (q.ctid::text::pg_catalog.point)[0]::int8 + %" PRIu64
                     ", (q.ctid::text::pg_catalog.point)[1]::int8)::tid AS ctid",
                     blocks_before);
    for (size_t i = 0; i < shape->column_count; i++) {
        text_append(sql, ", q.");
        quote_identifier(sql, shape->columns[i].name);
    }
}

static char *source_of_partitions(const struct table_shape *shape, const struct listed_table *listed)
{
    uint64_t blocks_before = 0;
    struct text sql = {0};

    text_append(&sql, "(");
    for (size_t i = 0; i < listed->partition_count; i++) {
        const struct listed_partition *partition = &listed->partitions[i];

        if (!partition->has_rows)
            continue;
        text_append(&sql, sql.length > 1 ? "\nUNION ALL SELECT " : "SELECT ");
        append_columns(&sql, shape, blocks_before);
        text_append(&sql, " FROM ONLY ");
        quote_qualified(&sql, partition->schema, partition->name);
        text_append(&sql, " AS q");
        blocks_before += partition->blocks;
    }
    if (sql.length == 1) { /* it has none, and so no rows */
        text_append(&sql, "SELECT ");
        append_columns(&sql, shape, 0);
        text_append(&sql, " FROM ONLY ");
        quote_qualified(&sql, shape->schema, shape->name);
        text_append(&sql, " AS q");
    }
    text_append(&sql, ") AS t");
    return text_take(&sql);
}

void partitions_set_source(struct pair *pair, size_t side)
{
    const struct listed_table *listed = pair->listed[side];
    const struct table_shape *shape = &pair->table->shape;

    if (listed == NULL)
        return;
    if (listed->partitioned) {
        pair->sources[side] = source_of_partitions(shape, listed);
    } else if (shape->partitioned) { /* one table here, a partitioned one in the stand-in */
        struct text sql = {0};

        text_append(&sql, "ONLY ");
        quote_qualified(&sql, shape->schema, shape->name);
        text_append(&sql, " AS t");
        pair->sources[side] = text_take(&sql);
    }
}
