/*
 * Large objects as the rows of a table (loid, pageno, data) with the key (loid, pageno), so that they are compared,
 * written, checked and proved as every table's rows are. Of each large object there is
 *
 *   - a row with pageno -1, whose data is a JSON text: `size` in bytes, and `owner`, `acl`, `comment`, `labels`, as far
 *     as they are there and wanted;
 *   - a row for each 2048 bytes, counted from 0, that are not all zero; what lacks at the end is zeros.
 *
 * On the stand-in it is a temporary view whose triggers write. They must not be silenced.
 */
#pragma once

#include "common/text.h"
#include "format/manifest.h"

#define LARGE_OBJECTS_SCHEMA "pg_temp"
#define LARGE_OBJECTS_TABLE "large_objects"

bool is_large_objects(const struct table_shape *shape);

/* A statement that says whether the role may read the pages themselves: 't' or 'f'. */
extern const char large_objects_may_read_pages[];

/* The query over them: by pages where the role may read those. It takes from the settings that are set below what
 * belongs to the attributes. */
const char *large_objects_query(bool by_pages);

/* Appends a statement that sets these for the transaction. */
void large_objects_settings(struct text *sql, bool owners, bool privileges, bool comments);

/* Appends the statements that make the view and its triggers, and those that take them away. */
void large_objects_make(struct text *sql, const struct manifest *manifest);
extern const char large_objects_drop[];
