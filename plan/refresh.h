/* Materialized views over rows that the plan changes, and those that the stand-in has not refreshed. */
#pragma once

#include "common/catalog/catalog.h"
#include "common/connection.h"
#include "plan/schema/schema_diff.h"

/*
 * Adds a REFRESH to the diff for each materialized view that is populated on both sides, reads a table whose rows the
 * manifest's tables change (be it through views, or another such view) or is stale, and is not refreshed later by the
 * diff itself. They come last, and in the order in which they read each other. What a function reads is not known, as
 * PostgreSQL does not know it. `stale` is by the number of the object in main's catalog; NULL: none is.
 */
void add_refreshes(const struct catalog *main, const struct catalog *standin, const struct manifest *manifest,
                   const bool *stale, struct schema_diff *diff);

/* Sets refreshed[i] for each object i of main's catalog that the diff refreshes, or add_refreshes() would. */
void mark_refreshes(const struct catalog *main, const struct catalog *standin, const struct manifest *manifest,
                    const struct schema_diff *diff, bool *refreshed);

/* Adds a warning for each materialized view that the diff refreshes and that reads what its owner may not read on main.
 */
bool warn_of_unreadable(struct connection *main, const struct schema_diff *diff, struct string_list *warnings,
                        struct error *err) must_check;
