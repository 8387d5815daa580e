/* Partitioned tables whose partitions are not the same ones on the two sides. */
#pragma once

#include "plan/catalogs.h"

/*
 * For a plan that changes no schema: puts into the lists of tables, in place of its partitions, each partitioned table
 * whose tree is not the same on the other side, or that is an ordinary table there. Then it is compared as a whole.
 * Where that cannot be, because it has foreign tables as partitions or some are not chosen, its partitions stay listed,
 * and say why (listed_table.apart).
 */
bool layouts_settle(struct database *main, struct database *standin, struct catalogs *catalogs,
                    struct error *err) must_check;
