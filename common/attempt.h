/* A query that the server may refuse without harm to the transaction that it runs in. */
#pragma once

#include "common/connection.h"

/*
 * Runs the query as connection_query() does, within a savepoint where a transaction is open. What the server says
 * against the statement itself (unknown names, values that do not fit, missing privileges, a timeout) goes into
 * *refusal, with *result NULL, and is no failure; all else is.
 */
bool connection_attempt(struct connection *connection, const char *sql, size_t parameter_count,
                        const char *const *parameters, PGresult **result, struct error *refusal,
                        struct error *err) must_check;
