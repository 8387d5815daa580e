/* Which statements of a plan may take values from sequences, as format/sql/advancing.sql is told of them. */
#pragma once

#include "format/plan_reader.h"

/* The texts of those that fill a column by nextval(), as a JSON array; free() it. */
bool advancing_describe(const struct plan *plan, char **statements, struct error *err) must_check;
