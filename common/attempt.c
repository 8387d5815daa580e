/* A query that the server may refuse without harm to the transaction that it runs in. */
#include "common/attempt.h"

#include <string.h>

/* Is it the statement that the server does not like? Classes of SQLSTATE: feature not supported, data, integrity,
 * external routines, access rule, object state, statement timeout, PL/pgSQL. */
static bool is_refusal(const struct error *failure)
{
    static const char *const classes[] = {"0A", "21", "22", "23", "2F", "38", "39", "3F", "42", "54", "55", "P0"};

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (strncmp(failure->sqlstate, classes[i], 2) == 0)
            return true;
    return strcmp(failure->sqlstate, "57014") == 0 && failure->code != ERROR_INTERRUPTED;
}

static bool give_up(struct error *failure, struct error *err)
{
    *err = *failure;
    *failure = (struct error){0};
    return false;
}

bool connection_attempt(struct connection *connection, const char *sql, size_t parameter_count,
                        const char *const *parameters, PGresult **result, struct error *refusal, struct error *err)
{
    bool within = PQtransactionStatus(connection->pg) == PQTRANS_INTRANS;

    *result = NULL;
    if (within && !connection_run(connection, "SAVEPOINT attempt", err))
        return false;
    if (connection_query(connection, sql, parameter_count, parameters, result, refusal))
        return !within || connection_run(connection, "RELEASE SAVEPOINT attempt", err);
    if (!is_refusal(refusal))
        return give_up(refusal, err);
    return !within || connection_run(connection, "ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt", err);
}
