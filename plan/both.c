/* One job for each of the two databases, both at once. */
#include "plan/both.h"

#include <threads.h>

struct call {
    side_job job;
    void *side;
    struct error err;
};

static int run(void *argument)
{
    struct call *call = argument;

    return call->job(call->side, &call->err);
}

bool run_both(side_job job, void *main, void *standin, struct error *err)
{
    struct call main_call = {.job = job, .side = main}, standin_call = {.job = job, .side = standin};
    thrd_t thread;
    int standin_done = 0;

    if (thrd_create(&thread, run, &standin_call) != thrd_success)
        return error_set(err, ERROR_INTERNAL, "cannot start a thread");
    bool main_done = run(&main_call) != 0;
    thrd_join(thread, &standin_done);
    if (main_done && standin_done)
        return true;
    *err = main_done ? standin_call.err : main_call.err;
    if (!main_done)
        error_clear(&standin_call.err);
    return false;
}
