/* Finds what a plan's statements need and a database or its server does not have: all of it at once. */
#include "common/missing.h"

#include "common/attempt.h"
#include "common/memory.h"
#include "common/sql.h"

#include <string.h>

enum { LINE, IS_DOUBT };

static void add_line(struct text *lines, const char *line)
{
    if (lines->length > 0)
        text_append_char(lines, '\n');
    text_append(lines, line);
}

static bool find_named(struct connection *connection, const char *needs, struct text *lines, size_t *count,
                       struct text *doubts, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(connection, sql_missing, 1, (const char *const[]){needs}, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        bool is_doubt = strcmp(PQgetvalue(result, row, IS_DOUBT), "t") == 0;
        add_line(is_doubt ? doubts : lines, PQgetvalue(result, row, LINE));
        *count += !is_doubt;
    }
    return true;
}

/* pg_get_object_address() finds columns of all kinds of relations, and knows tables' by name only. */
#define ADDRESS_TYPE "CASE WHEN o.type LIKE '% column' THEN 'table column' ELSE o.type END"

/* The server has no question of "is there such an object" for all classes that is not an error where there is none. */
static bool find_outside(struct connection *connection, const char *needs, struct text *lines, size_t *count,
                         struct error *err)
{
    static const char all[] =
        "SELECT count(*) FROM jsonb_to_recordset($1::jsonb -> 'outside') AS o(type text, names text, arguments text), "
        "LATERAL pg_get_object_address(" ADDRESS_TYPE ", o.names::text[], o.arguments::text[]) a";
    static const char list[] =
        "SELECT " ADDRESS_TYPE ", o.names, o.arguments, format('%s %s is missing; %s needs it', o.type, "
        "o.identity, o.user) FROM jsonb_to_recordset($1::jsonb -> 'outside') AS o(type text, "
        "identity text, names text, arguments text, \"user\" text)";
    static const char one[] = "SELECT classid FROM pg_get_object_address($1, $2::text[], $3::text[])";
    cleanup(result_clear) PGresult *found = NULL, *outside = NULL;
    cleanup(error_clear) struct error refusal = {0};

    if (!connection_attempt(connection, all, 1, (const char *const[]){needs}, &found, &refusal, err))
        return false;
    if (found != NULL)
        return true;
    if (!connection_query(connection, list, 1, (const char *const[]){needs}, &outside, err))
        return false;
    for (int row = 0; row < PQntuples(outside); row++) {
        const char *const address[] = {PQgetvalue(outside, row, 0), PQgetvalue(outside, row, 1),
                                       PQgetvalue(outside, row, 2)};
        cleanup(result_clear) PGresult *result = NULL;
        cleanup(error_clear) struct error missing = {0};
        if (!connection_attempt(connection, one, 3, address, &result, &missing, err))
            return false;
        if (result != NULL)
            continue;
        add_line(lines, PQgetvalue(outside, row, 3));
        ++*count;
    }
    return true;
}

bool missing_find(struct connection *connection, const char *needs, struct text *lines, size_t *count,
                  struct text *doubts, struct error *err)
{
    return find_named(connection, needs, lines, count, doubts, err) &&
           find_outside(connection, needs, lines, count, err);
}
