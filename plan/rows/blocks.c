/* A scan of a table in ranges of its heap's blocks. */
#include "plan/rows/pair.h"

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
