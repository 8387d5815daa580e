/*
 * `--rename OLD=NEW`: tables and columns of the stand-in that have another name in main.
 *
 * The statements that rename them run before all other DDL. All else is compared with the stand-in's catalog as it will
 * be then (renames_rewrite()), so its names are main's everywhere but in the SQL that reads the stand-in's rows while
 * the plan is made: there, a table stands under its present name with its columns' new names as aliases.
 */
#pragma once

#include "common/table_list.h"
#include "common/text.h"
#include "plan/schema/schema_diff.h"

struct renamed_column {
    const char *old_name, *new_name;
};

/* A table whose name, or some of whose columns' names, will be others; also one that inherits such a column. */
struct renamed_table {
    const char *schema, *old_name, *new_name;
    struct renamed_column *columns;
    size_t column_count, column_capacity;
    const char **aliases; /* the new names of all columns, in the table's order */
    size_t alias_count;
};

struct rename_statement {
    enum object_class class;
    const char *object, *renamed; /* the identities before and after all renames */
    bool temporary;               /* the name that this one gives */
    const char *sql;
};

struct renames { /* `struct renames renames = {0}` is none */
    struct arena *arena;
    struct renamed_table **tables;
    size_t table_count, table_capacity;
    struct map by_old, by_new; /* identity → table */
    struct rename_statement *statements;
    size_t statement_count, statement_capacity;
    const char **pairs; /* the options with full names, as the plan records them */
    size_t pair_count;
};

/* Is `OLD=NEW` well-formed? ERROR_USAGE else. For the command line, before anything is connected. */
bool rename_check(const char *option, struct error *err) must_check;

/*
 * Finds what the options name, in both catalogs. What does not exist, is ambiguous, or PostgreSQL would not rename, is
 * ERROR_REFUSED.
 */
bool renames_resolve(const char *const *options, size_t count, const struct catalog *main,
                     const struct catalog *standin, struct renames *renames, struct error *err) must_check;
void renames_free(struct renames *renames); /* also for the cleanup attribute */

/*
 * A copy of the stand-in's catalog as it is once the statements have run. A definition that is main's but for how a
 * name is quoted takes main's text; one whose wording by the server cannot be foretold (a query over a renamed column)
 * is marked, so that it differs from main's and is replaced.
 */
bool renames_rewrite(const struct renames *renames, const struct catalog *main, const struct catalog *standin,
                     struct catalog **rewritten, struct error *err) must_check;

/* Puts the statements in front of the others that run in apply's transaction. */
void renames_add_statements(const struct renames *renames, struct schema_diff *diff);

/* The identity of the statement's object once the renames are done; of other statements it is their object's. */
const char *renames_object(const struct renames *renames, const struct schema_statement *statement);

/* The table by its new name; NULL where it is not renamed. renames may be NULL here and below. */
const struct renamed_table *renames_find(const struct renames *renames, const char *schema, const char *name);

/* The new name of the stand-in's table that is called so now. */
const char *renames_new_name(const struct renames *renames, const char *schema, const char *name);

/* Appends how the stand-in's table of this (new) name is called now. */
void renames_append_table(struct text *sql, const struct renames *renames, const char *schema, const char *name);

/* Appends the aliases of its columns, ` (a, b)`, to stand after the table's alias; nothing where none is renamed. */
void renames_append_columns(struct text *sql, const struct renames *renames, const char *schema, const char *name);

/* Gives the stand-in's tables their new names, and listed_table.source. Roots are named as main's list has them. */
void renames_rename_list(const struct renames *renames, const struct table_list *main, struct table_list *standin);
