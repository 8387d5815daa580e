/* Where a plan file is written to. */
#include "format/output.h"

#include "common/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse_existing(const char *path, struct error *err)
{
    error_set(err, ERROR_USAGE, "file \"%s\" exists already", path);
    return error_hint(err, "Choose another name, or give --force to replace it.");
}

bool output_check(const char *path, bool force, struct error *err)
{
    struct stat status;

    if (strcmp(path, "-") == 0)
        return !isatty(STDOUT_FILENO) || (error_set(err, ERROR_USAGE, "a plan is not written to a terminal"),
                                          error_hint(err, "Redirect standard output, or name a file with --output."));
    if (lstat(path, &status) != 0)
        return true; /* what else is wrong with the path shows when it is written to */
    if (S_ISDIR(status.st_mode))
        return error_set(err, ERROR_USAGE, "\"%s\" is a folder", path);
    return force || refuse_existing(path, err);
}

/* A leftover of a run that was killed is taken over; one that is being written is not. */
static bool lock_partial(struct output *output, struct error *err)
{
    struct stat ours, named;

    if (flock(output->descriptor, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, ERROR_USAGE, "\"%s\" is being written by another process", output->partial);
    if (fstat(output->descriptor, &ours) != 0 || lstat(output->partial, &named) != 0 || ours.st_ino != named.st_ino ||
        ours.st_dev != named.st_dev || !S_ISREG(ours.st_mode))
        return error_set(err, ERROR_USAGE, "\"%s\" was replaced while it was opened", output->partial);
    if (ftruncate(output->descriptor, 0) != 0)
        return error_set(err, ERROR_INTERNAL, "cannot empty \"%s\": %s", output->partial, strerror(errno));
    return true;
}

bool output_open(struct output *output, const char *path, bool force, struct error *err)
{
    *output = (struct output){.descriptor = -1, .force = force};
    if (!output_check(path, force, err))
        return false;
    if (strcmp(path, "-") == 0) {
        output->descriptor = STDOUT_FILENO;
        return true;
    }
    cleanup(free_string) char *partial = format_string("%s.partial", path);
    output->descriptor = open(partial, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0666);
    if (output->descriptor < 0)
        return error_set(err, ERROR_USAGE, "cannot create \"%s\": %s", partial, strerror(errno));
    output->path = copy_string(path);
    output->partial = take(partial);
    if (lock_partial(output, err))
        return true;
    free_string(&output->partial); /* not ours: leave it */
    return false;
}

bool output_write(struct output *output, const void *bytes, size_t length, struct error *err)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t written = write(output->descriptor, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return error_set(err, ERROR_INTERNAL, "cannot write the plan: %s", strerror(errno));
        at += written;
        length -= (size_t)written;
        output->size += (uint64_t)written;
    }
    return true;
}

/* The rename itself must survive a power cut too. */
static bool sync_folder(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    cleanup(free_string) char *folder =
        slash == NULL ? copy_string(".") : format_string("%.*s", slash == path ? 1 : (int)(slash - path), path);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = descriptor >= 0 && (fsync(descriptor) == 0 || errno == EINVAL);

    if (!synced)
        error_set(err, ERROR_INTERNAL, "cannot sync folder \"%s\": %s", folder, strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return synced;
}

static bool rename_partial(const struct output *output, struct error *err)
{
    int renamed = renameat2(AT_FDCWD, output->partial, AT_FDCWD, output->path, output->force ? 0 : RENAME_NOREPLACE);

    if (renamed != 0 && errno == EINVAL && !output->force) { /* a file system that knows no RENAME_NOREPLACE */
        if (!output_check(output->path, false, err))
            return false;
        renamed = rename(output->partial, output->path);
    }
    if (renamed != 0 && errno == EEXIST)
        return refuse_existing(output->path, err);
    return renamed == 0 || error_set(err, ERROR_INTERNAL, "cannot rename \"%s\" to \"%s\": %s", output->partial,
                                     output->path, strerror(errno));
}

bool output_finish(struct output *output, struct error *err)
{
    if (output->path == NULL)
        return true;
    if (fsync(output->descriptor) != 0)
        return error_set(err, ERROR_INTERNAL, "cannot sync \"%s\": %s", output->partial, strerror(errno));
    if (!rename_partial(output, err))
        return false;
    free_string(&output->partial);
    return sync_folder(output->path, err);
}

void output_close(struct output *output)
{
    if (output->partial != NULL)
        unlink(output->partial);
    if (output->descriptor >= 0 && output->path != NULL)
        close(output->descriptor);
    free(output->partial);
    free(output->path);
    *output = (struct output){.descriptor = -1};
}
