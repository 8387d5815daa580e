/*
 * Which schemas and tables of a database are compared, by psql-style patterns (common/pattern.h), as pg_dump's -n, -t
 * and -T choose them. "Table" is every relation here: views, materialized views, foreign tables and sequences too.
 *
 * Queries take the choice from settings of the session, so that each also runs in psql:
 *   pgsyncer.namespaces      the oids of the chosen schemas, an array; with `tables`, of those that chosen tables are
 * in pgsyncer.relations       the oids of the chosen tables, an array; empty where every table of the schemas is chosen
 *   pgsyncer.tables_only     `true` with `tables`: what is no table and no part of one is not chosen
 *   pgsyncer.whole_database  `true` where what is in no schema is chosen too: the pattern '*', without `tables`
 */
#pragma once

#include "common/error.h"
#include "common/text.h"

struct connection;

struct selection {
    const char *const *schemas; /* at least one */
    size_t schema_count;
    /* `[schema.]name`: without a schema it is looked for in `schemas`. None: every table of the schemas. */
    const char *const *tables;
    size_t table_count;
    const char *const *excluded; /* alike; goes before `tables` */
    size_t excluded_count;
};

/* Is the whole database chosen, but maybe for some tables? */
bool selection_is_everything(const struct selection *selection);

/* The query whose columns `namespaces` and `relations` are the settings (the second where tables are chosen or left
 * out), and its parameters: for a session that is not a connection of ours. text_free() them, on failure too. */
enum { SELECTION_PARAMETERS = 5 };
const char *selection_query(void);
bool selection_parameters(const struct selection *selection, struct text parameters[SELECTION_PARAMETERS],
                          struct error *err) must_check;

/* Sets the settings. A pattern that is none is ERROR_USAGE. */
bool selection_set(struct connection *connection, const struct selection *selection, struct error *err) must_check;

/* What the settings say of the database: `matched` has an item for each of `tables`, then of `excluded`, then of
 * `schemas`; those of patterns that match something here become true, the others stay. */
bool selection_match(struct connection *connection, const struct selection *selection, bool *matched,
                     struct error *err) must_check;
