/* Materialized views over rows that the plan changes. */
#pragma once

#include "common/catalog/catalog.h"
#include "plan/schema/schema_diff.h"

/*
 * Adds a REFRESH to the diff for each materialized view that is populated on both sides, reads a table whose rows the
 * manifest's tables change (be it through views, or another such view), and is not refreshed later by the diff itself.
 * They come last, and in the order in which they read each other. What a function reads is not known, as PostgreSQL
 * does not know it.
 */
void add_refreshes(const struct catalog *main, const struct catalog *standin, const struct manifest *manifest,
                   struct schema_diff *diff);
