/* Finds the tables that are published without a replica identity before a statement on their rows fails. */
#include "apply/replica_identity.h"

#include "apply/sql.h"
#include "common/memory.h"
#include "common/text.h"

/* Statements on these may give a table an identity, or publish it. */
static bool may_change(const struct manifest *manifest)
{
    static const enum object_class classes[] = {CLASS_PUBLICATION, CLASS_PUBLICATION_TABLE, CLASS_PUBLICATION_SCHEMA,
                                                CLASS_TABLE,       CLASS_CONSTRAINT,        CLASS_INDEX};

    for (size_t i = 0; i < manifest->statement_count; i++)
        for (size_t j = 0; manifest->statements[i].phase != PHASE_POST_DATA && j < array_length(classes); j++)
            if (strcmp(manifest->statements[i].class, class_name(classes[j])) == 0)
                return true;
    return false;
}

static bool find(struct apply_job *job, const char *tables, struct string_list *problems, struct error *err)
{
    const char *const parameters[] = {tables};
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(&job->connection, sql_replica_identity, 1, parameters, &result, err))
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        string_list_add(problems, PQgetvalue(result, i, 0));
    return true;
}

bool replica_identity_foresee(struct apply_job *job, struct string_list *problems, struct error *err)
{
    return may_change(job->plan.manifest) || find(job, job->base_touched, problems, err);
}

bool replica_identity_check(struct apply_job *job, struct error *err)
{
    cleanup(string_list_free) struct string_list problems = {0};
    cleanup(text_free) struct text lines = {0};

    if (!find(job, job->touched, &problems, err))
        return false;
    if (problems.count == 0)
        return true;
    for (size_t i = 0; i < problems.count; i++)
        text_appendf(&lines, "%s%s", i > 0 ? "\n" : "", problems.items[i]);
    error_set(err, ERROR_REFUSED, "the server refuses to change the rows of %zu table%s", problems.count,
              problems.count == 1 ? "" : "s");
    return error_detail(err, "%s", lines.data);
}
