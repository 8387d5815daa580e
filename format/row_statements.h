/*
 * The SQL that carries out a table's delta: set-based statements against temporary tables that were filled by COPY.
 * Text only, so that apply runs it through libpq and `show --sql` prints it for psql: the same statements, the same
 * checks. They expect an empty search_path, the table locked against writers, and triggers, rules and foreign keys
 * silent.
 *
 * Temporary tables (in pg_temp, ON COMMIT DROP): pgsyncer_delete, pgsyncer_update, pgsyncer_insert, pgsyncer_before.
 * Their columns are those of the shape without the generated ones; delete holds the key alone, in the key's order (all
 * columns where there is no key). pgsyncer_kept: what moved rows hold in columns that only the stand-in has.
 */
#pragma once

#include "format/manifest.h"

/* All without a final semicolon; NULL where the delta has no use for one. */
struct row_statements {
    char *create[ROWS_KINDS]; /* CREATE TEMPORARY TABLE …, where the delta has such rows */
    char *copy[ROWS_KINDS];   /* COPY pg_temp.… (columns) FROM STDIN */
    char *copy_straight;      /* COPY table (columns) FROM STDIN [WITH (FREEZE)]: for STRATEGY_COPY, after
                                 find_conflicts; then there is nothing else. Not where rows are
                                 fetched from main (table->fdw) */
    char *copy_binary;        /* the same in COPY's binary format */
    char *analyze;            /* ANALYZE of the temporary ones, once they are filled */
    char *empty;              /* DELETE of what CREATE EXTENSION left (table->emptied), before all that follows */
    char *find_conflicts;     /* rows that are not as the plan saw them: at most 10 of (kind, change, row, total); kinds
                                 DATA, NOTFOUND, CONFLICT; change: delete, update, insert; row: the key as a record */
    /* In this order; each returns its row count as command tag. insert also puts the moved rows back; or, where the
     * stand-in has columns that main lacks, keep saves what moved rows hold there, and rows that are deleted and
     * inserted with the same key in another spelling, and insert_moved puts them back with it. */
    char *keep, *delete, *delete_moved, *update, *insert_moved, *insert;
    char *drop; /* DROP TABLE of the temporary ones, so that the next table can use their names */
};

/* before_images: the manifest's option. A table whose key cannot be written (a generated column) is ERROR_REFUSED. */
bool row_statements_make(const struct plan_table *table, bool before_images, struct row_statements *statements,
                         struct error *err) must_check;

/* Are there keys that are equal without being the same? Strings may be, by their collation: such a row is deleted and
 * inserted, and what columns hold that only the stand-in has is kept. */
bool has_loose_key(const struct table_shape *shape);

/* May an update delete a row and insert it again, or write its key? Then what refers to the row may be acted upon. */
bool updates_move_rows(const struct table_shape *shape);

void row_statements_free(struct row_statements *statements);

/* What to do where find_conflicts has found some; static. */
const char *row_statements_hint(const struct plan_table *table);

const char *row_statements_temporary(enum rows_kind kind); /* "pg_temp.pgsyncer_delete" */
