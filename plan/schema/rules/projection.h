/*
 * What the stand-in's rows hold once the DDL before the rows has run, as the stand-in can say it before. Private to
 * plan/schema.
 */
#pragma once

#include "plan/schema/changes/changes.h"

struct column_fate *fate_add(struct changes *changes, const struct item *column, const char *expression,
                             const char *type);
bool is_given_up(const struct changes *changes, const struct item *column); /* main's, of another type */
/* Main's generated column: does its expression fail for rows of the stand-in, of its table or a child? */
bool cannot_compute(const struct changes *changes, const struct item *column);
/* The stand-in's column: is a label of its type that goes somewhere inside of it? Its values are given up. */
bool loses_labels_inside(const struct changes *changes, const struct item *old);
/* The column's type, or where the stand-in does not know that, or not all of its values, one with the same texts. */
const char *projected_type(const struct item *column);
const char *value_type(const struct item *column); /* of a domain; any other type is its own */
struct initial_value {                             /* what ADD COLUMN gives the rows that are there */
    struct item *by_default;                       /* the default that ADD COLUMN names; NULL: none */
    const char *expression;                        /* of the projected type; NULL: SQL NULL */
    const char *as_type; /* the type that the column is added with; it takes its own after the rows */
};
struct initial_value initial_value_of(struct changes *changes, const struct item *column);
bool refuses_null(const struct item *column); /* does its type, a domain, do so all the time? */
