/* One hash for all that a plan holds. Over raw contents, since zstd's output may change with its version. */
#include "format/content_root.h"

#include "common/memory.h"

#include <inttypes.h>
#include <sodium.h>

void content_root(const struct manifest *manifest, unsigned char root[SHA256_SIZE])
{
    cleanup(sha256_cleanup) struct sha256 *hash = sha256_new();
    char digits[2 * SHA256_SIZE + 1];

    for (size_t i = 0; i < manifest->entry_count; i++) {
        const struct plan_entry *entry = &manifest->entries[i];
        sodium_bin2hex(digits, sizeof digits, entry->raw_sha256, SHA256_SIZE);
        cleanup(free_string) char *line = format_string("%s %" PRIu64 " %s\n", digits, entry->raw_size, entry->name);
        sha256_add(hash, line, strlen(line));
    }
    sha256_finish(hash, root);
}
