/* One job for each of the two databases, both at once. */
#include "plan/both.h"

static int run(void *argument)
{
    struct side_call *call = argument;

    return call->job(call->side, &call->err);
}

void side_start(struct side_call *call, side_job job, void *side)
{
    *call = (struct side_call){.job = job, .side = side};
    call->has_thread = thrd_create(&call->thread, run, call) == thrd_success;
    if (!call->has_thread)
        error_set(&call->err, ERROR_INTERNAL, "cannot start a thread");
}

static bool finish(struct side_call *call)
{
    int done = call->job == NULL;

    if (call->has_thread)
        thrd_join(call->thread, &done);
    call->has_thread = false;
    call->job = NULL;
    return done != 0;
}

void both_start(struct both *both, side_job job, void *main, void *standin)
{
    side_start(&both->calls[0], job, main);
    side_start(&both->calls[1], job, standin);
}

bool both_finish(struct both *both, struct error *err)
{
    bool main_done = finish(&both->calls[0]), standin_done = finish(&both->calls[1]);

    if (main_done && standin_done)
        return true;
    *err = main_done ? both->calls[1].err : both->calls[0].err;
    if (!main_done)
        error_clear(&both->calls[1].err);
    return false;
}

bool run_both(side_job job, void *main, void *standin, struct error *err)
{
    struct both both;

    both_start(&both, job, main, standin);
    return both_finish(&both, err);
}
