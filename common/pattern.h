/*
 * psql-style name patterns, as in \d and pg_dump: `*` any characters, `?` any one, letters fold to lower case unless in
 * double quotes, other regular-expression marks as they are but for `$`, which is a letter. (PostgreSQL documentation,
 * psql, "Patterns".)
 */
#pragma once

#include "common/error.h"

/* A pattern for one name (a schema) as an anchored regular expression for PostgreSQL's ~ operator; free() it. */
bool pattern_to_regex(const char *pattern, char **regex, struct error *err) must_check;

/* A pattern for `[schema.]name`; *schema_regex is NULL where the pattern has no schema part. free() both. */
bool pattern_split(const char *pattern, char **schema_regex, char **name_regex, struct error *err) must_check;
