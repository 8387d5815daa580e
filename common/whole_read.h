/*
 * Queries that read whole catalogs. Where those were never analyzed, as after a restore, the planner takes them for
 * small and nests loops over them: 10,000 tables' grants take half a minute then. Starting parallel workers costs more
 * than they save, and hash tables of the default work_mem spill to disk.
 */
#pragma once

#include "common/connection.h"

/* From here on the session's queries are planned so, until whole_read_end(). */
bool whole_read_begin(struct connection *connection, struct error *err) must_check;
bool whole_read_end(struct connection *connection, struct error *err) must_check;
