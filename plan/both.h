/* One job for each of the two databases, both at once. */
#pragma once

#include "common/error.h"

#include <threads.h>

/* What is asked of one database; `side` is the caller's. Must not touch what the other side's job does. */
typedef bool (*side_job)(void *side, struct error *err);

struct both { /* `struct both both = {0}` has no jobs. Must stay where it is while they run. */
    struct side_call {
        side_job job; /* NULL: none, or finished */
        void *side;
        struct error err;
        bool has_thread;
        thrd_t thread;
    } calls[2];
};

/* Starts a job for one of them in a thread; the other one has a job or has none. */
void side_start(struct side_call *call, side_job job, void *side);

/* Starts the job for main and for the stand-in, in a thread each. */
void both_start(struct both *both, side_job job, void *main, void *standin);

/* Waits for the jobs, where there are some. Where both failed, main's error is reported. */
bool both_finish(struct both *both, struct error *err) must_check;

/* Starts the jobs, and waits. */
bool run_both(side_job job, void *main, void *standin, struct error *err) must_check;
