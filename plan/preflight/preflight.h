/*
 * What can be known when the plan is made about how applying it will go: what its statements need and the stand-in
 * lacks (then there is no plan), which tables they touch, and which rows would make them fail.
 */
#pragma once

#include "common/database.h"
#include "plan/renames/renames.h"
#include "plan/schema/schema_diff.h"

struct preflight {
    struct database *main, *standin; /* their first connections are used, within the snapshots */
    const struct catalog *main_catalog, *standin_catalog;
    const struct schema_diff *diff;
    const struct renames *renames; /* of the stand-in: its catalog has the new names, its tables not yet */
    bool rows_follow;              /* the plan brings main's rows */
    bool all_rows;                 /* whatever their time is */
    bool delete_rows;              /* and deletes those that main lacks */
};

/* ERROR_REFUSED, with a line for each thing that is missing or in the way. What may matter goes to warnings. */
bool preflight_needs(const struct preflight *preflight, struct string_list *warnings, struct error *err) must_check;

/*
 * Tries the casts of the diff that may fail, where main's rows replace what the stand-in holds. Adds the identities of
 * main's columns whose cast fails to `failed`; *found says whether there was one: the diff is to be made again then.
 */
bool preflight_casts(const struct preflight *preflight, struct map *failed, bool *found, struct error *err) must_check;

/* Fills in what the statements of the manifest touch, and the preconditions that their rows must meet; what would fail
 * goes to warnings too. manifest->statements are the diff's, in its order. */
bool preflight_rows(const struct preflight *preflight, struct manifest *manifest, struct string_list *warnings,
                    struct error *err) must_check;

/* Once the manifest says how many rows come: ERROR_REFUSED where one is to be inserted, and a column that only the
 * stand-in has, and keeps, would be NULL and may not be. */
bool preflight_inserts(const struct preflight *preflight, const struct manifest *manifest,
                       struct error *err) must_check;

/* The first of these alone, for the statements from number `first` on that were added since. */
bool preflight_touched(const struct preflight *preflight, struct manifest *manifest, size_t first,
                       struct error *err) must_check;
