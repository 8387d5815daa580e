/* The one transaction of apply: its locks, its end, and what is said of it when the end cannot be seen. */
#include "apply/transaction.h"

#include "apply/silence.h"
#include "apply/statements.h"
#include "common/interrupt.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/text.h"
#include "format/advancing.h"
#include "format/sql.h"

#include <poll.h>

/* "pgsyncer" as eight bytes: the key of the advisory lock. */
#define ADVISORY_KEY "8099569420229371250"

enum { OUTCOME_ATTEMPTS = 30, OUTCOME_PAUSE_MS = 1000 };

static bool take_advisory_lock(struct apply_job *job, struct error *err)
{
    cleanup(free_string) char *taken = NULL;

    if (!connection_value(&job->connection, "SELECT pg_catalog.pg_try_advisory_xact_lock(" ADVISORY_KEY ")", 0, NULL,
                          &taken, err))
        return false;
    if (strcmp(taken, "t") == 0)
        return true;
    log_notice("another pgsyncer-apply is at work on this stand-in; waiting for it up to --lock-timeout (%s)",
               job->options->lock_timeout);
    if (connection_run(&job->connection, "SELECT pg_catalog.pg_advisory_xact_lock(" ADVISORY_KEY ")", err))
        return true;
    if (strcmp(err->sqlstate, "55P03") == 0)
        error_context(err, "waiting for another pgsyncer-apply that is at work on this stand-in");
    return false;
}

/* One by one, so that a lock that is not to be had is named. The name is quoted and qualified by the server. */
static bool lock_by(struct apply_job *job, const char *sql, const char *name, struct error *err)
{
    if (connection_run(&job->connection, sql, err))
        return true;
    if (strcmp(err->sqlstate, "55P03") == 0)
        error_hint(err, "Another session uses it; see pg_locks, or give a longer --lock-timeout.");
    return error_context(err, "locking %s", name);
}

static bool lock_table(struct apply_job *job, const char *name, const char *mode, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    text_appendf(&sql, "LOCK TABLE ONLY %s IN %s MODE", name, mode);
    return lock_by(job, sql.data, name, err);
}

static bool lock_listed(struct apply_job *job, const char *query, const char *mode, struct error *err)
{
    const char *const parameters[] = {job->base_touched};
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(&job->connection, query, 1, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        if (!lock_table(job, PQgetvalue(result, i, 0), mode, err))
            return false;
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool any_is_partitioned(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->table_count; i++)
        if (manifest->tables[i].shape.partitioned)
            return true;
    return false;
}

/* Before their partitions, as whoever writes to them locks them: the other way round would be a deadlock. */
static bool lock_partitioned(struct apply_job *job, const struct string_list *exclusive, struct error *err)
{
    const char *const parameters[] = {job->base_touched};
    cleanup(result_clear) PGresult *result = NULL;

    if (!any_is_partitioned(job->plan.manifest))
        return true;
    if (!connection_query(&job->connection, sql_touched, 1, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++) {
        const char *name = PQgetvalue(result, i, 0);
        bool found = exclusive->count > 0 && bsearch(&name, exclusive->items, exclusive->count,
                                                     sizeof *exclusive->items, compare_names) != NULL;

        if (strcmp(PQgetvalue(result, i, 1), "t") == 0 &&
            !lock_table(job, name, found ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE", err))
            return false;
    }
    return true;
}

/* What must keep readers away is locked so from the start: a lock that is raised later is a deadlock with a reader. */
static bool lock_exclusively(struct apply_job *job, struct error *err)
{
    cleanup(string_list_free) struct string_list locked = {0}, problems = {0}, refusals = {0};

    if (!silence_foresee(job, &locked, &problems, &refusals, err))
        return false;
    if (locked.count > 0)
        qsort(locked.items, locked.count, sizeof *locked.items, compare_names);
    if (!lock_partitioned(job, &locked, err))
        return false;
    for (size_t i = 0; i < locked.count; i++)
        if ((i == 0 || strcmp(locked.items[i], locked.items[i - 1]) != 0) &&
            !lock_table(job, locked.items[i], "ACCESS EXCLUSIVE", err))
            return false;
    return true;
}

/* So that a rollback takes nextval() back, too. It locks them, after the tables, as whoever writes to those does. */
static bool renew_sequences(struct apply_job *job, struct error *err)
{
    cleanup(free_string) char *statements = NULL;
    cleanup(result_clear) PGresult *result = NULL;

    if (!advancing_describe(&job->plan, &statements, err))
        return false;
    const char *const parameters[] = {job->base_touched, statements};
    if (!connection_query(&job->connection, sql_advancing, 2, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        if (!lock_by(job, PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), err))
            return false;
    return true;
}

bool transaction_begin(struct apply_job *job, struct error *err)
{
    progress_phase(job->progress, "lock", 0);
    return connection_run(&job->connection, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", err) &&
           take_advisory_lock(job, err) && lock_exclusively(job, err) &&
           lock_listed(job, sql_touched, "SHARE ROW EXCLUSIVE", err) &&
           (!job->may_replicate || lock_listed(job, sql_neighbours, "SHARE", err)) &&
           silent(job, renew_sequences, err) &&
           connection_value(&job->connection, "SELECT pg_catalog.txid_current()", 0, NULL, &job->transaction_id, err) &&
           connection_value(&job->connection, "SELECT pg_catalog.pg_current_wal_insert_lsn()", 0, NULL, &job->start_lsn,
                            err);
}

/* Statements of a plan must not have left the transaction for another one. */
static bool check_same_transaction(struct apply_job *job, struct error *err)
{
    cleanup(free_string) char *now = NULL;

    if (!connection_value(&job->connection, "SELECT pg_catalog.txid_current()", 0, NULL, &now, err))
        return false;
    return strcmp(now, job->transaction_id) == 0 ||
           error_set(err, ERROR_ARCHIVE, "the plan's statements ended the transaction and began another");
}

/* How the transaction ended, on a new connection: "committed", "aborted", "in progress"; NULL where nobody knows. */
static bool ask_outcome(struct apply_job *job, char **outcome, struct error *err)
{
    const char *const parameters[] = {job->transaction_id};
    cleanup(connection_close) struct connection connection = {0};

    return connection_open(&connection, "stand-in", job->options->standin_dsn, err) &&
           connection_value(&connection, "SELECT pg_catalog.txid_status($1::bigint)", 1, parameters, outcome, err);
}

/* The server may be restarting, and the old session may not have ended yet: ask for a while. */
static bool find_outcome(struct apply_job *job, struct error *err)
{
    cleanup(error_clear) struct error lost = *err;

    *err = (struct error){0};
    log_warning("the connection was lost during COMMIT: %s", lost.message);
    for (int attempt = 0; attempt < OUTCOME_ATTEMPTS && !interrupt_requested(); attempt++) {
        cleanup(free_string) char *outcome = NULL;
        cleanup(error_clear) struct error failure = {0};

        if (attempt > 0)
            poll(NULL, 0, OUTCOME_PAUSE_MS);
        if (!ask_outcome(job, &outcome, &failure)) {
            log_debug("asking for the outcome: %s", failure.message);
            continue;
        }
        if (outcome == NULL)
            break;
        if (strcmp(outcome, "committed") == 0) {
            log_notice("the server says that the transaction was committed");
            return true;
        }
        if (strcmp(outcome, "aborted") == 0) {
            error_set(err, ERROR_CONNECTION, "the connection was lost during COMMIT; the transaction was rolled back");
            return error_detail(err, "%s", lost.message);
        }
    }
    error_set(err, ERROR_OUTCOME_UNKNOWN, "the connection was lost during COMMIT, and how it ended is not known");
    error_detail(err, "Transaction %s: %s", job->transaction_id, lost.message);
    return error_hint(err, job->options->journal ? "Run pgsyncer-apply status once the stand-in can be reached."
                                                 : "Without a journal, only a new plan can tell.");
}

/* The session is alive, as after an interrupt, and knows whether the signal came too late. */
static bool ask_same_session(struct apply_job *job, struct error *err)
{
    const char *const parameters[] = {job->transaction_id};
    PGresult *result = PQexecParams(job->connection.pg, "SELECT pg_catalog.txid_status($1::bigint)", 1, NULL,
                                    parameters, NULL, NULL, 0);
    bool known = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    bool committed = known && strcmp(PQgetvalue(result, 0, 0), "committed") == 0;

    PQclear(result);
    if (!known)
        return find_outcome(job, err);
    if (!committed)
        return false;
    if (err->code == ERROR_INTERRUPTED)
        log_warning("the interrupt came during COMMIT, too late: the plan is applied");
    else
        log_warning("the plan is applied; what failed after COMMIT: %s", err->message);
    error_clear(err);
    return true;
}

bool transaction_commit(struct apply_job *job, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!check_same_transaction(job, err))
        return false;
    progress_phase(job->progress, "commit", 0);
    if (!connection_query(&job->connection, "COMMIT", 0, NULL, &result, err)) {
        if (PQstatus(job->connection.pg) == CONNECTION_BAD)
            return find_outcome(job, err);
        if (err->code == ERROR_INTERRUPTED)
            return ask_same_session(job, err);
        return explain_breach(err);
    }
    return strcmp(PQcmdStatus(result), "COMMIT") == 0 ||
           error_set(err, ERROR_INTERNAL, "the server rolled back instead of committing");
}

bool transaction_settle(struct apply_job *job, bool may_be_committed, struct error *err)
{
    static const char end_it[] = "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity "
                                 "WHERE backend_xid::text = ($1::bigint % 4294967296)::text";
    const char *const parameters[] = {job->transaction_id};

    /*
     * Whoever spoke to that session is gone, which it may see only once it is through with what it does. Not by
     * connection_query(), which an interrupt keeps from asking. The lock is the session's until its end.
     */
    PQclear(PQexecParams(job->connection.pg, end_it, 1, NULL, parameters, NULL, NULL, 0));
    PQclear(PQexec(job->connection.pg, "SELECT pg_catalog.pg_advisory_xact_lock(" ADVISORY_KEY ")"));
    return may_be_committed && ask_same_session(job, err);
}

bool transaction_roll_back(struct apply_job *job, struct error *err)
{
    return connection_run(&job->connection, "ROLLBACK", err);
}

bool transaction_measure(struct apply_job *job, struct error *err)
{
    const char *const parameters[] = {job->start_lsn};
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(free_string) char *bytes = NULL;

    if (!connection_query(&job->connection, sql_locks, 0, NULL, &result, err) ||
        !connection_value(&job->connection,
                          "SELECT pg_catalog.pg_current_wal_insert_lsn() OPERATOR(pg_catalog.-) $1::pg_lsn", 1,
                          parameters, &bytes, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        string_list_add(&job->locks, PQgetvalue(result, i, 0));
    job->wal_bytes = strtoull(bytes, NULL, 10);
    return true;
}

bool transaction_pre_commit(struct apply_job *job, struct error *err)
{
    if (job->pre_committed || !plan_has_phase(&job->plan, PHASE_PRE_COMMIT))
        return true;
    /* Before 12, each statement of it is a transaction of its own, and the server takes it in no other. */
    bool together = labels_in_transactions(job->connection.server_version);
    if (!connection_run(&job->connection, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", err) ||
        !take_advisory_lock(job, err) || (!together && !connection_run(&job->connection, "COMMIT", err)) ||
        !statements_run(job, PHASE_PRE_COMMIT, err) || (together && !connection_run(&job->connection, "COMMIT", err)))
        return false;
    job->pre_committed = true;
    return true;
}
