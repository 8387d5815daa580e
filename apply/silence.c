/* Keeps triggers, rules and foreign keys silent while rows change. */
#include "apply/silence.h"

#include "common/log.h"
#include "common/memory.h"
#include "format/sql.h"

/* The columns of both lists; only that of silence.sql has the last ones. */
enum { COLUMN_OFF, COLUMN_ON, COLUMN_LOCKED, COLUMN_OTHER_LOCKED, COLUMN_PROBLEM, COLUMN_REFUSAL };

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

/* Where the role may set it. */
static bool set_role(struct apply_job *job, const char *role, struct error *err)
{
    const char *const parameters[] = {role};

    return !job->may_replicate ||
           connection_query(&job->connection, "SELECT pg_catalog.set_config('session_replication_role', $1, true)", 1,
                            parameters, NULL, err);
}

static bool list_measures(struct apply_job *job, const char *tables, struct measures *measures, struct error *err)
{
    const char *const parameters[] = {tables, job->may_replicate ? "true" : "false"};

    return connection_query(&job->connection, sql_silence, 2, parameters, &measures->list, err);
}

bool silence_begin(struct apply_job *job, struct measures *measures, struct error *err)
{
    return list_measures(job, job->touched, measures, err) && set_role(job, "replica", err) &&
           take_measures(job, measures, err);
}

static void add_value(struct string_list *list, const PGresult *result, int row, int column)
{
    if (!PQgetisnull(result, row, column))
        string_list_add(list, PQgetvalue(result, row, column));
}

bool silence_foresee(struct apply_job *job, struct string_list *locked, struct string_list *problems,
                     struct string_list *refusals, struct error *err)
{
    cleanup(measures_free) struct measures measures = {0};

    if (!list_measures(job, job->base_touched, &measures, err))
        return false;
    for (int i = 0; i < PQntuples(measures.list); i++) {
        add_value(locked, measures.list, i, COLUMN_LOCKED);
        add_value(locked, measures.list, i, COLUMN_OTHER_LOCKED);
        add_value(problems, measures.list, i, COLUMN_PROBLEM);
        add_value(refusals, measures.list, i, COLUMN_REFUSAL);
    }
    return true;
}

bool silence_end(struct apply_job *job, const struct measures *measures, struct error *err)
{
    /* Deferrable unique constraints that were not silent must be done with before the tables can be altered. */
    if (!job->may_replicate && !connection_run(&job->connection, "SET CONSTRAINTS ALL IMMEDIATE", err))
        return explain_breach(err);
    return take_back(job, measures, err) && set_role(job, "origin", err);
}

bool silent(struct apply_job *job, bool (*work)(struct apply_job *job, struct error *err), struct error *err)
{
    return set_role(job, "replica", err) && work(job, err) && set_role(job, "origin", err);
}

bool row_security_lift(struct apply_job *job, struct measures *measures, struct error *err)
{
    const char *const parameters[] = {job->compared};

    return connection_query(&job->connection, sql_row_security, 1, parameters, &measures->list, err) &&
           set_role(job, "replica", err) && take_measures(job, measures, err) && set_role(job, "origin", err);
}

bool row_security_restore(struct apply_job *job, const struct measures *measures, struct error *err)
{
    return set_role(job, "replica", err) && take_back(job, measures, err) && set_role(job, "origin", err);
}

void measures_free(struct measures *measures)
{
    result_clear(&measures->list);
}
