/*
 * The table of contents of an archive that `pg_dump -Fc` wrote: one entry per object, with its definition.
 *
 * Versions 1.12 to 1.16 of the format, which pg_dump 10 to 18 write. The bytes come from a child process, but are read
 * as if they came from anywhere: every length is checked against what is there.
 */
#pragma once

#include "common/arena.h"
#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

struct archive_entry {
    uint32_t dump_id;
    uint32_t class, object;        /* its address in the system catalogs; 0 where it has none */
    const char *tag, *description; /* `t`, `TABLE` */
    const char *definition, *drop; /* SQL; "" where there is none */
    const char *schema, *owner, *tablespace, *access_method; /* unquoted; NULL where there is none */
    const uint32_t *depends;                                 /* dump ids */
    size_t depend_count;
};

struct archive {
    char *server_version, *dump_version; /* as text, "15.18 (Debian …)" */
    struct archive_entry *entries;       /* in the archive's order, which is one in which they can be created */
    size_t entry_count;
};

/* Everything is allocated in the arena. An archive that is damaged or of another version is ERROR_ARCHIVE. */
bool archive_read(struct arena *arena, const void *bytes, size_t length, struct archive *archive,
                  struct error *err) must_check;
