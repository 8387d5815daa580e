/*
 * Definitions of indexes and constraints that are put together here, in the server's words, from the names of columns
 * that were read already. pg_get_indexdef() and pg_get_constraintdef() look up every name of every object anew: with
 * 10,000 tables that is most of what reading a catalog costs. What is more than a list of columns they still print, all
 * of a class in one query. Private to the reader; docs/catalog.md says what the queries' columns key_… mean.
 */
#pragma once

#include "common/catalog/addresses.h"
#include "common/map.h"
#include "common/text.h"

struct connection;
struct pg_result; /* libpq's PGresult */

/* What an index may leave unsaid of a column, by the column object's number. */
struct column_fact {
    uint32_t type, collation; /* oids; 0: not known */
};

/* An operator class, and a type whose own default it is. */
struct usual_class {
    uint32_t class, type;
};

/* A definition that the server must print: `number` is its place in the question. */
struct open_definition {
    struct object *object;
    size_t number;
};

struct definitions { /* set the first three; all else begins as zero */
    struct connection *connection;
    const struct addresses *addresses; /* the columns are in there */
    struct catalog *catalog;
    bool known;        /* whether the server's ways, which follow, were read */
    struct map quoted; /* words that it quotes as names */
    struct usual_class *usual;
    size_t usual_count;
    struct column_fact *facts;
    size_t fact_count;
    struct map asked;     /* "tree name name …" → one more than its place in the question */
    struct text question; /* the beginning of an array of oids */
    size_t question_count;
    struct open_definition *open;
    size_t open_count, open_capacity;
};

/* Which columns of a result say what; -1 where there is none. */
struct definition_columns {
    int type, collation;                            /* of a column */
    int columns, method, only, classes, collations; /* of an index or key */
    int tree;                                       /* of a check */
};

struct definition_columns definition_columns_of(const struct pg_result *result);

/* Is the column of a query for what is here, and no field? */
bool is_definition_column(const char *name);

/* A row of a class's query, and the object that it became, with its fields. */
struct definition_row {
    const struct pg_result *result;
    int row;
    const struct definition_columns *columns;
    const char *oid; /* NULL where the object has none */
    uint32_t table;  /* its parent's oid */
    struct object *object;
};

bool definitions_take(struct definitions *definitions, const struct definition_row *row, struct error *err) must_check;

/* Asks for what the rows of the class left open. */
bool definitions_finish(struct definitions *definitions, enum object_class class, struct error *err) must_check;

void definitions_free(struct definitions *definitions);
