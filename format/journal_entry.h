/* The row that an applied plan leaves in the stand-in's journal, as JSON for format/sql/journal_insert.sql. */
#pragma once

#include "format/json.h"
#include "format/manifest.h"
#include "format/slices.h"

/* All but the row counts (rows_inserted, rows_updated, rows_deleted) and `standin`. tool: "pgsyncer-apply 0.1.0". */
json_t *journal_entry(const struct manifest *manifest, enum verify_scope verify, const char *tool);

/* Members without a value are left out. */
json_t *journal_identity(const struct database_identity *database);
