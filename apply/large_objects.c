/* Large objects on the stand-in: a view that is written like any table. */
#include "apply/large_objects.h"

#include "apply/rows.h"
#include "common/memory.h"
#include "format/large_objects.h"

bool large_objects_begin(struct apply_job *job, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    if (!job->plan.manifest->options.large_objects)
        return true;
    large_objects_make(&sql, job->plan.manifest);
    return connection_run(&job->connection, sql.data, err) || error_context(err, "preparing for large objects");
}

bool large_objects_apply(struct apply_job *job, struct error *err)
{
    const struct manifest *manifest = job->plan.manifest;

    if (!large_objects_begin(job, err))
        return false;
    if (manifest->options.large_objects)
        progress_phase(job->progress, "large objects", 0);
    for (size_t i = 0; i < manifest->table_count; i++)
        if (is_large_objects(&manifest->tables[i].shape) && !rows_apply_table(job, i, err))
            return false;
    return true;
}

bool large_objects_end(struct apply_job *job, struct error *err)
{
    return !job->plan.manifest->options.large_objects || connection_run(&job->connection, large_objects_drop, err);
}
