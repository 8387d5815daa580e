/* Keeps triggers, rules and foreign keys silent while rows change. */
#include "apply/silence.h"

#include "common/log.h"
#include "common/memory.h"
#include "format/sql.h"

enum { COLUMN_OFF, COLUMN_ON };

/* In the order of the list; taken back in the opposite one. */
static bool take_measures(struct apply_job *job, struct measures *measures, struct error *err)
{
    for (int i = 0; i < PQntuples(measures->list); i++) {
        const char *sql = PQgetvalue(measures->list, i, COLUMN_OFF);

        log_debug("%s", sql);
        if (!connection_run(&job->connection, sql, err))
            return error_context(err, "%s", sql);
    }
    return true;
}

static bool take_back(struct apply_job *job, const struct measures *measures, struct error *err)
{
    for (int i = PQntuples(measures->list) - 1; i >= 0; i--) {
        const char *sql = PQgetvalue(measures->list, i, COLUMN_ON);

        if (!connection_run(&job->connection, sql, err)) {
            error_context(err, "%s", sql);
            return explain_breach(err); /* a foreign key that no longer holds */
        }
    }
    return true;
}

static bool set_role(struct apply_job *job, const char *role, struct error *err)
{
    const char *const parameters[] = {role};

    return connection_query(&job->connection, "SELECT pg_catalog.set_config('session_replication_role', $1, true)", 1,
                            parameters, NULL, err);
}

bool silence_begin(struct apply_job *job, struct measures *measures, struct error *err)
{
    const char *const parameters[] = {job->touched, job->may_replicate ? "true" : "false"};

    return connection_query(&job->connection, sql_silence, 2, parameters, &measures->list, err) &&
           take_measures(job, measures, err) && (!job->may_replicate || set_role(job, "replica", err));
}

bool silence_end(struct apply_job *job, const struct measures *measures, struct error *err)
{
    if (job->may_replicate)
        return set_role(job, "origin", err) && take_back(job, measures, err);
    /* Deferrable unique constraints were not silent; they must be done with before the tables can be altered. */
    if (!connection_run(&job->connection, "SET CONSTRAINTS ALL IMMEDIATE", err))
        return explain_breach(err);
    return take_back(job, measures, err);
}

bool row_security_lift(struct apply_job *job, struct measures *measures, struct error *err)
{
    const char *const parameters[] = {job->compared};

    return connection_query(&job->connection, sql_row_security, 1, parameters, &measures->list, err) &&
           take_measures(job, measures, err);
}

bool row_security_restore(struct apply_job *job, const struct measures *measures, struct error *err)
{
    return take_back(job, measures, err);
}

void measures_free(struct measures *measures)
{
    result_clear(&measures->list);
}
