/* --use-updated-at: since when rows count as newer. */
#include "plan/since.h"

#include "common/memory.h"
#include "plan/sql.h"

static bool set_time_zone(struct connection *main, const char *zone, struct error *err)
{
    const char *const parameters[] = {zone};

    return connection_query(main, "SELECT pg_catalog.set_config('TimeZone', $1, true)", 1, parameters, NULL, err);
}

bool since_read(struct connection *main, const char *column, const char *time, struct since *since, struct error *err)
{
    static const char session_zone[] = "SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'TimeZone'";
    static const char pinned_zone[] = "SELECT pg_catalog.current_setting('TimeZone')";
    const char *const parameters[] = {time};
    cleanup(free_string) char *pinned = NULL;
    cleanup(result_clear) PGresult *result = NULL;

    *since = (struct since){.column = column};
    if (!connection_value(main, pinned_zone, 0, NULL, &pinned, err) ||
        !connection_value(main, session_zone, 0, NULL, &since->time_zone, err) ||
        !set_time_zone(main, since->time_zone, err))
        return false;
    if (!connection_query(main, sql_since, 1, parameters, &result, err)) {
        if (strncmp(err->sqlstate, "22", 2) == 0)
            err->code = ERROR_USAGE;
        return error_context(err, "reading --last-sync-time");
    }
    since->shown = copy_string(PQgetvalue(result, 0, 0));
    since->local = copy_string(PQgetvalue(result, 0, 1));
    since->moment = copy_string(PQgetvalue(result, 0, 2));
    return set_time_zone(main, pinned, err);
}

void since_free(struct since *since)
{
    free(since->moment);
    free(since->local);
    free(since->shown);
    free(since->time_zone);
}
