/* Materialized views that main has refreshed since the stand-in did. */
#pragma once

#include "common/catalog/catalog.h"
#include "common/database.h"
#include "format/manifest.h"

/*
 * Sets stale[i] for each object i of main's catalog that is a materialized view, populated and defined alike on both
 * sides, and for which REFRESH brings the stand-in to what main has: the two hold other rows, and main's are what its
 * query gives now. Where main's are not, or where nobody may look, a warning says so; and without `changes`, when the
 * plan does nothing that may change what a query gives, so does one where the stand-in's query gives what its view
 * holds: the tables differ for good, as those do whose rows are kept or left out. Views with settled[i] are refreshed
 * anyway and not looked at.
 */
bool stale_views_find(struct database *main, struct database *standin, const struct catalog *main_catalog,
                      const struct catalog *standin_catalog, bool changes, const bool *settled, bool *stale,
                      struct string_list *warnings, struct error *err) must_check;
