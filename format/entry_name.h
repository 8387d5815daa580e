/* The names of a plan file's entries: made in one place, so that writer, reader and documentation agree. free() what
 * they return. */
#pragma once

#include "format/manifest.h"

#define ENTRY_MANIFEST "manifest.json"
#define ENTRY_MANIFEST_HASH "manifest.sha256" /* what sha256sum -c reads */
#define ENTRY_MAIN_SCHEMA "schema/main.json.zst"
#define ENTRY_BASE_SCHEMA "schema/base.json.zst"
#define ENTRY_SUMMARY "review/summary.txt"
#define ENTRY_SCRIPT "review/plan.sql.zst"

char *entry_name_statement(uint64_t id); /* statements/0001.sql */

/*
 * rows/0001-public.orders/insert.0001.copy.zst. `table` counts from 1 in the manifest's order; bytes of the names other
 * than ASCII letters, digits and underscores are written as %XX, so that no name can leave its folder or confuse a
 * terminal. SCHEMA.TABLE is cut to 64 bytes then (LIMIT_FOLDER_NAME; never inside of a %XX): the number tells tables
 * apart, and file systems and tar headers bound the length of a name.
 */
char *entry_name_rows(size_t table, const char *schema, const char *name, enum rows_kind kind, unsigned part);
char *entry_name_digest(size_t table, const char *schema, const char *name); /* digest/0001-public.orders.zst */
