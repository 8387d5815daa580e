/* Large objects on the stand-in: a view that is written like any table. */
#include "apply/large_objects.h"

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

bool large_objects_end(struct apply_job *job, struct error *err)
{
    return !job->plan.manifest->options.large_objects || connection_run(&job->connection, large_objects_drop, err);
}
