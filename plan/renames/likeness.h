/* Says where a table or column that only main has may be one that only the stand-in has, under another name. */
#pragma once

#include "common/database.h"
#include "plan/renames/renames.h"

struct likeness {
    struct database *main, *standin;                      /* their first connections are used, within the snapshots */
    const struct catalog *main_catalog, *standin_catalog; /* the stand-in's with the new names */
    const struct renames *renames;
};

/*
 * A warning for each that looks alike: of the same type and position, or with the same columns, and with the same
 * values in a sample of a few rows. What may not be read is not looked at.
 */
bool likeness_find(const struct likeness *likeness, struct string_list *warnings, struct error *err) must_check;
