/*
 * Checks what session_replication_role = replica keeps the server from checking: foreign keys, and the deferrable
 * unique and exclusion constraints, whose recheck is a trigger too. Without it, the server has checked all but foreign
 * keys that are not valid. Rows that this transaction wrote are known by their
 * xmin. Where rows left the referenced table, all rows that may refer to them count.
 */
#include "apply/constraints.h"

#include "common/memory.h"
#include "common/text.h"
#include "format/sql.h"

#include <inttypes.h>

static bool run_check(struct apply_job *job, const char *query, const char *xid, uint64_t *count, char **rows,
                      struct error *err)
{
    const char *const parameters[] = {xid};
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(&job->connection, query, 1, parameters, &result, err))
        return false;
    *count = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
    *rows = copy_string(PQgetvalue(result, 0, 1));
    return true;
}

bool constraints_check(struct apply_job *job, struct error *err)
{
    const char *const parameters[] = {job->touched};
    cleanup(result_clear) PGresult *checks = NULL;
    cleanup(text_free) struct text lines = {0};
    cleanup(free_string) char *xid = NULL;
    uint64_t broken = 0;

    if (!connection_query(&job->connection, sql_silenced_constraints, 1, parameters, &checks, err))
        return false;
    if (PQntuples(checks) == 0)
        return true;
    progress_phase(job->progress, "constraints", (uint64_t)PQntuples(checks));
    /* xmin has the lower half only. */
    xid = format_string("%" PRIu32, (uint32_t)strtoull(job->transaction_id, NULL, 10));
    for (int i = 0; i < PQntuples(checks); i++) {
        const char *name = PQgetvalue(checks, i, 1);
        bool all_rows = strcmp(PQgetvalue(checks, i, 2), "t") == 0;
        cleanup(free_string) char *rows = NULL;
        uint64_t count = 0;

        if (!run_check(job, PQgetvalue(checks, i, 3), all_rows ? NULL : xid, &count, &rows, err))
            return error_context(err, "checking %s", name);
        if (count > 0)
            text_appendf(&lines, "%s%s %s: %" PRIu64 " row%s, such as %s", lines.length > 0 ? "\n" : "",
                         PQgetvalue(checks, i, 0), name, count, count == 1 ? "" : "s", rows);
        broken += count > 0;
        progress_step(job->progress, name, 1);
    }
    if (broken == 0)
        return true;
    error_set(err, ERROR_CONFLICT, "the rows would break %" PRIu64 " constraint%s of the stand-in", broken,
              broken == 1 ? "" : "s");
    error_detail(err, "%s", lines.data);
    return error_hint(err, "Rows of tables outside of the plan refer to what main no longer has, the stand-in has "
                           "changed since the plan was made, or main's own rows break it: a trigger or rule of main "
                           "can keep a foreign key's actions from rows.");
}
