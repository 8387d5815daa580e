/* Do two catalogs say the same? For apply's base check and proof; how to get from one to the other is plan/schema's. */
#pragma once

#include "common/catalog/catalog.h"
#include "common/text.h"

/*
 * Appends a line per difference, at most `limit`, such as `column public.t.c: type is integer, expected bigint`;
 * returns their number. Objects that only `found` has are differences unless `extras_allowed`. Column positions are not
 * compared.
 */
size_t catalog_compare(const struct catalog *expected, const struct catalog *found, bool extras_allowed, size_t limit,
                       struct text *lines);
