/* Settings for queries that read whole catalogs. */
#include "common/whole_read.h"

bool whole_read_begin(struct connection *connection, struct error *err)
{
    return connection_run(
        connection, "SET enable_nestloop = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '64MB'", err);
}

bool whole_read_end(struct connection *connection, struct error *err)
{
    return connection_run(connection, "RESET enable_nestloop; RESET max_parallel_workers_per_gather; RESET work_mem",
                          err);
}
