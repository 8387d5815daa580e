/*
 * A partitioned table that is compared as a whole, in FROM: its partitions one by one, as the snapshot has them. By the
 * table itself it would be those that it has at the moment when a statement is planned.
 */
#include "plan/rows/pair.h"

#include "common/quote.h"

/* `SELECT q.ctid AS ctid, q.a, q.b FROM ONLY partition AS q`: its columns may be in another order. */
static void append_select(struct text *sql, const struct table_shape *shape, const char *schema, const char *name)
{
    text_append(sql, "SELECT q.ctid AS ctid");
    for (size_t i = 0; i < shape->column_count; i++) {
        text_append(sql, ", q.");
        quote_identifier(sql, shape->columns[i].name);
    }
    text_append(sql, " FROM ONLY ");
    quote_qualified(sql, schema, name);
    text_append(sql, " AS q");
}

char *partition_source(const struct table_shape *shape, const struct listed_partition *partition)
{
    struct text sql = {0};

    text_append(&sql, "(");
    append_select(&sql, shape, partition->schema, partition->name);
    text_append(&sql, ") AS t");
    return text_take(&sql);
}

static char *source_of_partitions(const struct table_shape *shape, const struct listed_table *listed)
{
    struct text sql = {0};

    text_append(&sql, "(");
    for (size_t i = 0; i < listed->partition_count; i++) {
        const struct listed_partition *partition = &listed->partitions[i];

        if (!partition->has_rows)
            continue;
        text_append(&sql, sql.length > 1 ? "\nUNION ALL " : "");
        append_select(&sql, shape, partition->schema, partition->name);
    }
    if (sql.length == 1) /* it has none, and so no rows */
        append_select(&sql, shape, shape->schema, shape->name);
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
