/* Keeps triggers, rules and foreign keys silent while rows change. */
#include "apply/silence.h"

#include "apply/sql.h"
#include "common/log.h"
#include "common/memory.h"

static bool set_role(struct apply_job *job, const char *role, struct error *err)
{
    const char *const parameters[] = {role};

    return connection_query(&job->connection, "SELECT pg_catalog.set_config('session_replication_role', $1, true)", 1,
                            parameters, NULL, err);
}

bool silence_begin(struct apply_job *job, struct silence *silence, struct error *err)
{
    const char *const parameters[] = {job->touched, job->may_replicate ? "true" : "false"};

    if (!connection_query(&job->connection, sql_silence, 2, parameters, &silence->measures, err))
        return false;
    for (int i = 0; i < PQntuples(silence->measures); i++) {
        log_debug("%s", PQgetvalue(silence->measures, i, 1));
        if (!connection_run(&job->connection, PQgetvalue(silence->measures, i, 1), err))
            return error_context(err, "keeping triggers and foreign keys silent");
    }
    return !job->may_replicate || set_role(job, "replica", err);
}

bool silence_end(struct apply_job *job, struct silence *silence, struct error *err)
{
    if (job->may_replicate && !set_role(job, "origin", err))
        return false;
    for (int i = 0; i < PQntuples(silence->measures); i++) {
        const char *sql = PQgetvalue(silence->measures, i, 2);

        if (!connection_run(&job->connection, sql, err)) {
            error_context(err, "%s", sql);
            return explain_breach(err);
        }
    }
    return true;
}

void silence_free(struct silence *silence)
{
    result_clear(&silence->measures);
}
