/* SIGINT and SIGTERM. */
#include "common/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* A signal handler has no arguments to carry state: these two are the process's own. */
static volatile sig_atomic_t requested;
static int pipe_ends[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;

    (void)number;
    requested = 1;
    ssize_t written = write(pipe_ends[1], "!", 1);
    (void)written;
    errno = saved;
}

void interrupt_install(void)
{
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool interrupt_requested(void)
{
    return requested != 0;
}

int interrupt_fd(void)
{
    return pipe_ends[0];
}

bool interrupt_check(struct error *err)
{
    return !requested || error_set(err, ERROR_INTERRUPTED, "interrupted");
}
