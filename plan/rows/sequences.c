/* Which sequences' states differ. They live outside of snapshots: main's are as of now, which is never behind the rows.
 */
#include "plan/rows/pair.h"

#include "common/memory.h"
#include "common/quote.h"
#include "plan/both.h"
#include "plan/rows/sql.h"

#include <inttypes.h>

/* Sequences that were not drawn from are read by one statement for so many. */
enum { SEQUENCES_PER_STATEMENT = 200 };

struct state {
    char *schema, *name, *last_value;
    bool is_called;
};

struct states {
    struct connection *connection;
    struct state *items; /* by schema, then name */
    size_t count;
};

static void states_free(struct states *states)
{
    for (size_t i = 0; i < states->count; i++) {
        free(states->items[i].schema);
        free(states->items[i].name);
        free(states->items[i].last_value);
    }
    free(states->items);
}

/* Asks those sequences among [first, end) that have not said their value. */
static bool ask_unused(struct connection *connection, struct states *states, size_t first, size_t end,
                       struct error *err)
{
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *result = NULL;

    for (size_t i = first; i < end; i++) {
        if (states->items[i].last_value != NULL)
            continue;
        text_appendf(&sql, "%sSELECT %zu, last_value, is_called FROM ", sql.length > 0 ? " UNION ALL " : "", i);
        quote_qualified(&sql, states->items[i].schema, states->items[i].name);
    }
    if (sql.length == 0)
        return true;
    if (!connection_query(connection, sql.data, 0, NULL, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        struct state *state = &states->items[strtoull(PQgetvalue(result, row, 0), NULL, 10)];

        state->last_value = copy_string(PQgetvalue(result, row, 1));
        state->is_called = strcmp(PQgetvalue(result, row, 2), "t") == 0;
    }
    return true;
}

static bool read_side(void *context, struct error *err)
{
    struct states *states = context;
    struct connection *connection = states->connection;
    cleanup(result_clear) PGresult *result = NULL;

    if (!connection_query(connection, sql_sequences, 0, NULL, &result, err))
        return error_context(err, "reading the sequences of %s", connection->side);
    states->count = (size_t)PQntuples(result);
    states->items = allocate(states->count, sizeof *states->items);
    for (size_t i = 0; i < states->count; i++) {
        struct state *state = &states->items[i];
        int row = (int)i;

        state->schema = copy_string(PQgetvalue(result, row, 0));
        state->name = copy_string(PQgetvalue(result, row, 1));
        state->last_value = PQgetisnull(result, row, 2) ? NULL : copy_string(PQgetvalue(result, row, 2));
        state->is_called = state->last_value != NULL;
    }
    for (size_t first = 0; first < states->count; first += SEQUENCES_PER_STATEMENT) {
        size_t rest = states->count - first;
        size_t end = first + (rest < SEQUENCES_PER_STATEMENT ? rest : SEQUENCES_PER_STATEMENT);
        if (!ask_unused(connection, states, first, end, err))
            return error_context(err, "reading the sequences of %s", connection->side);
    }
    return true;
}

static int compare_states(const struct state *a, const struct state *b)
{
    int order = strcmp(a->schema, b->schema);

    return order != 0 ? order : strcmp(a->name, b->name);
}

/* Statements that make or alter a sequence, a table (whose identity columns have some) or an extension may set it back.
 */
static bool may_be_reset(const struct schema_diff *diff)
{
    for (size_t i = 0; i < diff->statement_count; i++) {
        enum object_class class = diff->statements[i].class;
        if (class == CLASS_SEQUENCE || class == CLASS_TABLE || class == CLASS_COLUMN ||
            class == CLASS_IDENTITY_SEQUENCE || class == CLASS_EXTENSION)
            return true;
    }
    return false;
}

static bool is_same(const struct state *a, const struct state *b)
{
    return a->is_called == b->is_called && strcmp(a->last_value, b->last_value) == 0;
}

static void compare_all(struct comparison *comparison, const struct states *main, const struct states *standin)
{
    struct manifest *manifest = comparison->manifest;
    bool reset = may_be_reset(comparison->diff);
    size_t j = 0;

    manifest->sequences = allocate(main->count, sizeof *manifest->sequences);
    for (size_t i = 0; i < main->count; i++) {
        const struct state *state = &main->items[i];

        while (j < standin->count && compare_states(&standin->items[j], state) < 0)
            j++;
        bool there = j < standin->count && compare_states(&standin->items[j], state) == 0;
        if (there && !reset && is_same(state, &standin->items[j]))
            continue;
        manifest->sequences[manifest->sequence_count++] = (struct plan_sequence){
            .schema = copy_string(state->schema),
            .name = copy_string(state->name),
            .last_value = copy_string(state->last_value),
            .is_called = state->is_called,
        };
    }
}

bool sequences_compare(struct comparison *comparison, struct error *err)
{
    struct states states[SIDES] = {{.connection = &comparison->databases[MAIN]->connections[0]},
                                   {.connection = &comparison->databases[STANDIN]->connections[0]}};
    bool good = run_both(read_side, &states[MAIN], &states[STANDIN], err);

    if (good)
        compare_all(comparison, &states[MAIN], &states[STANDIN]);
    for (size_t side = 0; side < SIDES; side++)
        states_free(&states[side]);
    return good;
}
