/*
 * Two catalogs in, ordered statements out. No connection in here: what differs is found object by object, carried out
 * as the rule table (rules.c) says, and put in order by one topological sort over both databases' dependencies
 * (order.c).
 */
#pragma once

#include "common/catalog/catalog.h"
#include "common/map.h"
#include "format/manifest.h"

struct schema_diff_options {
    bool same;        /* catalog_equal() says so of the two: there is no difference to look for */
    bool clean_extra; /* drop what main lacks */
    bool rows_follow; /* the rows are synchronised too: between pre-data and post-data they become main's */
    bool rows_stay;   /* and those that main lacks are kept: their values must not be lost */
    bool superuser;   /* the stand-in's user may set in its system catalogs what no ALTER can: see locality.c */
    /*
     * Identities of main's columns of another type, to which the values of some row of the stand-in cannot be cast, and
     * of generated ones that cannot be computed for some row. Where rows follow, these values are given up, and such a
     * generated column comes after the rows. NULL: none is known.
     */
    const struct map *failed_casts;
    bool privileges; /* the catalogs hold privileges: what PostgreSQL grants to PUBLIC by itself is taken back */
};

/*
 * What stands around the view in a statement that refreshes it. REFRESH reads as the view's owner, and row security
 * that binds the owner hides rows from it then, as it does on main; with the setting that our sessions have it would
 * fail.
 */
#define REFRESH_BEGIN "SET LOCAL row_security = on;\nREFRESH MATERIALIZED VIEW "
#define REFRESH_END ";\nSET LOCAL row_security = off;"

struct schema_statement {
    enum phase phase;
    enum action action;
    enum object_class class;
    const char *object; /* identity */
    const char *sql;    /* one or more statements that belong together, each ending in `;` and a newline */
    const char **risks;
    size_t risk_count;
};

/* What becomes of a stand-in table's column: for the rows half (the projection). */
struct column_fate {
    const char *schema, *table, *column; /* main's names */
    const struct object *object;         /* main's column */
    /* SQL over the stand-in's columns: what the row holds once pre-data DDL has run; NULL: SQL NULL */
    const char *expression;
    /* the type of its value: another one than the column's where the stand-in does not know that, or this value, yet */
    const char *type;
    bool may_fail; /* the expression does not take every value, or does not keep a key's apart */
    bool given_up; /* the stand-in's values are not kept: the expression says nothing of which row is which */
};

struct schema_diff {
    struct arena *arena;                 /* owns everything here */
    struct schema_statement *statements; /* in the order of execution */
    size_t statement_count;
    struct column_fate *fates; /* only columns that are added or change their type */
    size_t fate_count;
    const char *
        *created_tables; /* identities of tables that the statements create (or replace): empty when the rows come */
    size_t created_table_count;
    const char **dropped_tables; /* the stand-in's, also where one that is no table of rows takes the place */
    size_t dropped_table_count;
    const struct object **gone; /* the stand-in's objects that go, be it for good or to be made anew */
    size_t gone_count;
    const char **warnings;
    size_t warning_count;
    size_t objects_created, objects_altered, objects_dropped; /* for the summary: an object counts once */
};

bool schema_diff(const struct catalog *main, const struct catalog *standin, const struct schema_diff_options *options,
                 struct schema_diff *diff, struct error *err) must_check;
void schema_diff_free(struct schema_diff *diff);
