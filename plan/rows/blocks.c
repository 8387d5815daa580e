/* A scan of a table in ranges of its heap's blocks. */
#include "plan/rows/pair.h"

#include "common/memory.h"

#include <inttypes.h>

static size_t range_count(uint64_t blocks, uint64_t blocks_per_range)
{
    return blocks <= blocks_per_range ? 1 : (size_t)((blocks + blocks_per_range - 1) / blocks_per_range);
}

size_t pair_range_count(const struct comparison *comparison, const struct pair *pair, size_t side,
                        uint64_t blocks_per_range)
{
    if (pair->listed[side]->whole || pair->listed[side]->partitioned ||
        comparison->databases[side]->identity.server_version_number < 140000)
        return 1;
    return range_count(pair->listed[side]->blocks, blocks_per_range);
}

void block_range_set(struct block_range *range, size_t number, size_t count, uint64_t blocks_per_range)
{
    snprintf(range->from, sizeof range->from, "(%" PRIu64 ",0)", (uint64_t)number * blocks_per_range);
    if (number + 1 < count)
        snprintf(range->to, sizeof range->to, "(%" PRIu64 ",0)", (uint64_t)(number + 1) * blocks_per_range);
    else
        snprintf(range->to, sizeof range->to, "(4294967295,0)");
}

/* Blocks per partition in the mean, below which a statement for each would cost more than what they can share. */
enum { BLOCKS_OF_A_LARGE_PARTITION = 256 };

/* Without key, rows are found again by their places, which are one partition's. */
static bool is_read_by_partitions(const struct pair *pair, size_t side)
{
    const struct listed_table *listed = pair->listed[side];

    return listed->partitioned && (pair->table->shape.key_count == 0 ||
                                   listed->blocks / BLOCKS_OF_A_LARGE_PARTITION >= listed->partition_count);
}

size_t pair_ranges(const struct comparison *comparison, const struct pair *pair, size_t side, uint64_t blocks_per_range,
                   struct block_range **ranges)
{
    const struct listed_table *listed = pair->listed[side];
    uint64_t blocks_before = 0;
    size_t count = 0, capacity = 0;

    *ranges = NULL;
    if (!is_read_by_partitions(pair, side)) {
        count = pair_range_count(comparison, pair, side, blocks_per_range);
        *ranges = allocate(count, sizeof **ranges);
        for (size_t i = 0; i < count; i++) {
            block_range_set(&(*ranges)[i], i, count, blocks_per_range);
            (*ranges)[i].all = count == 1;
        }
        return count;
    }
    bool divided = comparison->databases[side]->identity.server_version_number >= 140000;
    for (size_t i = 0; i < listed->partition_count; i++) {
        const struct listed_partition *partition = &listed->partitions[i];
        size_t own = partition->blocks == 0 ? 0 : divided ? range_count(partition->blocks, blocks_per_range) : 1;

        array_reserve((void **)ranges, &capacity, count + own, sizeof **ranges);
        for (size_t j = 0; j < own; j++) {
            struct block_range *range = &(*ranges)[count++];

            *range = (struct block_range){.all = own == 1, .partition = partition, .blocks_before = blocks_before};
            block_range_set(range, j, own, blocks_per_range);
        }
        blocks_before += partition->blocks;
    }
    return count;
}
