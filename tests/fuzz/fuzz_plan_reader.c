/*
 * A fuzzer's way into the reader of plan files: everything that `verify` does with a file, and what `show` prints of
 * it.
 *
 * Built with -DPGSYNCER_FUZZ=ON and clang; scripts/fuzz runs it. Hashes would stop nearly every change at the door, so
 * this takes apart what is behind them: the first byte of the input chooses between the file, the manifest, a catalog
 * and a digest.
 */
#include "common/memory.h"
#include "format/catalog_json.h"
#include "format/show.h"
#include "format/verify.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void close_file(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/* The path of a file in memory that holds the bytes. */
static char *memory_file(int descriptor, const uint8_t *bytes, size_t length)
{
    if (descriptor < 0 || write(descriptor, bytes, length) != (ssize_t)length)
        return NULL;
    return format_string("/proc/self/fd/%d", descriptor);
}

static void read_file(const uint8_t *bytes, size_t length)
{
    cleanup(close_file) int descriptor = memfd_create("plan", MFD_CLOEXEC);
    cleanup(free_string) char *path = memory_file(descriptor, bytes, length), *shown = NULL;
    struct error err = {0};
    struct plan plan = {0};
    size_t shown_length = 0;

    if (path == NULL)
        return;
    FILE *out = open_memstream(&shown, &shown_length);
    if (plan_verify(path, out, &err) && plan_open(&plan, path, &err) &&
        (!show_summary(&plan, out, &err) || !show_json(&plan, out, &err) || !show_script(&plan, out, &err)))
        error_clear(&err);
    plan_close(&plan);
    fclose(out);
    error_clear(&err);
}

static void read_manifest(const uint8_t *bytes, size_t length)
{
    struct error err = {0};
    struct manifest *manifest = NULL;

    if (manifest_read((const char *)bytes, length, &manifest, &err))
        manifest_free(manifest);
    error_clear(&err);
}

static void read_catalog(const uint8_t *bytes, size_t length)
{
    cleanup(catalog_cleanup) struct catalog *catalog = NULL;
    struct error err = {0};

    (void)!catalog_json_parse((const char *)bytes, length, &catalog, &err);
    error_clear(&err);
}

static void read_digest(const uint8_t *bytes, size_t length)
{
    struct error err = {0};
    struct digest digest;

    if (digest_read((const char *)bytes, length, &digest, &err))
        digest_free(&digest);
    error_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static void (*const readers[])(const uint8_t *, size_t) = {read_file, read_manifest, read_catalog, read_digest};

    if (length > 0)
        readers[bytes[0] % array_length(readers)](bytes + 1, length - 1);
    return 0;
}
