/* A plan that comes on standard input. */
#include "format/spool.h"

#include "common/interrupt.h"
#include "common/memory.h"
#include "format/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_SIZE = 64 * 1024 };

bool spool_open(struct spool *spool, struct error *err)
{
    struct stat status;
    struct stage stage = {.descriptor = -1};

    *spool = (struct spool){.descriptor = -1};
    if (isatty(STDIN_FILENO)) {
        error_set(err, ERROR_USAGE, "a plan is not read from a terminal");
        return error_hint(err, "Name the file, or let standard input come from a pipe: pgsyncer-plan -o - … | …");
    }
    if (fstat(STDIN_FILENO, &status) != 0)
        return error_set(err, ERROR_USAGE, "standard input cannot be read: %s", strerror(errno));
    if (S_ISREG(status.st_mode) && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {
        spool->descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
        spool->size = (uint64_t)status.st_size;
        spool->ended = true;
        return spool->descriptor >= 0 ||
               error_set(err, ERROR_INTERNAL, "standard input cannot be read: %s", strerror(errno));
    }
    if (!stage_open(&stage, "-", err))
        return false;
    spool->descriptor = stage.descriptor;
    return true;
}

static bool wait_for_input(struct error *err)
{
    struct pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_fd(), POLLIN, 0}};

    do {
        if (poll(waits, array_length(waits), -1) < 0 && errno != EINTR)
            return error_set(err, ERROR_INTERNAL, "waiting for standard input failed: %s", strerror(errno));
        if (!interrupt_check(err))
            return false;
    } while (waits[0].revents == 0);
    return true;
}

static bool take_piece(struct spool *spool, uint64_t most, struct error *err)
{
    struct stage stage = {.descriptor = spool->descriptor, .size = spool->size};
    char bytes[PIECE_SIZE];
    struct extent extent;

    if (!wait_for_input(err))
        return false;
    ssize_t got = read(STDIN_FILENO, bytes, most < sizeof bytes ? (size_t)most : sizeof bytes);
    if (got < 0 && errno == EINTR)
        return true;
    if (got < 0)
        return error_set(err, ERROR_ARCHIVE, "standard input cannot be read: %s", strerror(errno));
    spool->ended = got == 0;
    if (!stage_append(&stage, bytes, (size_t)got, &extent, err))
        return false;
    spool->size = stage.size;
    return true;
}

bool spool_until(struct spool *spool, uint64_t size, struct error *err)
{
    while (spool->size < size && !spool->ended)
        if (!take_piece(spool, size - spool->size, err))
            return false;
    if (spool->size >= size)
        return true;
    if (spool->size == 0)
        error_set(err, ERROR_ARCHIVE, "no plan came on standard input");
    else
        error_set(err, ERROR_ARCHIVE, "standard input ends after %" PRIu64 " bytes, too early: the plan is cut off",
                  spool->size);
    return error_hint(err, "The program that makes the plan may have failed: see its messages. Nothing was changed.");
}

bool spool_past_end(struct spool *spool, struct error *err)
{
    uint64_t end = spool->size;

    while (spool->size == end && !spool->ended)
        if (!take_piece(spool, 1, err))
            return false;
    return true;
}
