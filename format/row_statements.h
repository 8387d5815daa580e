/*
 * The SQL that carries out a table's delta: set-based statements against temporary tables that were filled by COPY.
 * Text only, so that apply runs it through libpq and `show --sql` prints it for psql: the same statements, the same
 * checks.
 *
 * Temporary tables (in pg_temp, ON COMMIT DROP): pgsyncer_delete, pgsyncer_update, pgsyncer_insert, pgsyncer_before.
 * Their columns are those of the shape without the generated ones; delete holds the key alone (all columns where there
 * is no key).
 */
#pragma once

#include "format/manifest.h"

struct row_statements {
    char *create[ROWS_KINDS]; /* CREATE TEMPORARY TABLE …, NULL where the delta has no such rows */
    char *copy[ROWS_KINDS];   /* COPY pg_temp.… (columns) FROM STDIN */
    char *copy_straight;      /* COPY ONLY table (columns) FROM STDIN [WITH (FREEZE)]: for STRATEGY_COPY; else NULL */
    char
        *find_conflicts; /* SELECT kind, key … of rows that are not as the plan saw them, LIMIT 10; kinds of apply.md */
    char *delete, *delete_moved, *update,
        *insert; /* in the order of execution; each returns its row count as command tag */
    char *drop;  /* DROP TABLE of the temporary ones, so that the next table can use their names */
};

/* See format/row_statements.c for why updates whose unique columns change are carried out as delete and insert
 * (delete_moved). */
bool row_statements_make(const struct plan_table *table, struct row_statements *statements,
                         struct error *err) must_check;
void row_statements_free(struct row_statements *statements);
