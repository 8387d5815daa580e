/* A file without a name that holds a plan's compressed entries until all is known. */
#include "format/stage.h"

#include "common/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

static char *folder_of(const char *output)
{
    if (strcmp(output, "-") == 0) {
        const char *chosen = getenv("TMPDIR");
        return copy_string(chosen != NULL && *chosen != '\0' ? chosen : "/tmp");
    }
    const char *slash = strrchr(output, '/');
    if (slash == NULL)
        return copy_string(".");
    return slash == output ? copy_string("/") : format_string("%.*s", (int)(slash - output), output);
}

bool stage_open(struct stage *stage, const char *output, struct error *err)
{
    cleanup(free_string) char *folder = folder_of(output);

    stage->size = 0;
    stage->descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (stage->descriptor >= 0)
        return true;
    if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL) { /* a file system without O_TMPFILE */
        cleanup(free_string) char *name = format_string("%s/.pgsyncer-XXXXXX", folder);
        stage->descriptor = mkostemp(name, O_CLOEXEC);
        if (stage->descriptor >= 0 && unlink(name) == 0)
            return true;
    }
    return error_set(err, ERROR_USAGE, "cannot write in folder \"%s\": %s", folder, strerror(errno));
}

void stage_close(struct stage *stage)
{
    if (stage->descriptor >= 0)
        close(stage->descriptor);
    stage->descriptor = -1;
}

bool stage_append(struct stage *stage, const void *bytes, size_t length, struct extent *extent, struct error *err)
{
    const char *at = bytes;
    uint64_t offset = atomic_fetch_add(&stage->size, length);

    *extent = (struct extent){.offset = offset, .length = length};
    while (length > 0) {
        ssize_t written = pwrite(stage->descriptor, at, length, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return error_set(err, ERROR_INTERNAL, "cannot write the plan's temporary file: %s", strerror(errno));
        at += written;
        length -= (size_t)written;
        offset += (uint64_t)written;
    }
    return true;
}

bool stage_read(const struct stage *stage, uint64_t offset, void *bytes, size_t length, struct error *err)
{
    char *at = bytes;

    while (length > 0) {
        ssize_t got = pread(stage->descriptor, at, length, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_set(err, ERROR_INTERNAL, "cannot read the plan's temporary file: %s",
                             got < 0 ? strerror(errno) : "it is too short");
        at += got;
        offset += (uint64_t)got;
        length -= (size_t)got;
    }
    return true;
}
