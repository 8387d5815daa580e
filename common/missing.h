/* What a plan's statements need that a database or its server does not have. */
#pragma once

#include "common/connection.h"
#include "common/text.h"

/*
 * needs: what needs_describe() (format/needs.h) says. Appends a line for each thing that is missing, without the end of
 * the last; *count says how many. `doubts` gets lines for what may be missing, and nobody can know beforehand.
 */
bool missing_find(struct connection *connection, const char *needs, struct text *lines, size_t *count,
                  struct text *doubts, struct error *err) must_check;
