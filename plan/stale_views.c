/* Finds the materialized views that main has refreshed since the stand-in did. */
#include "plan/stale_views.h"

#include "common/attempt.h"
#include "common/memory.h"
#include "common/text.h"
#include "plan/both.h"

struct candidate {
    const struct object *view; /* main's */
    char *main, *standin;      /* what the rows add up to; NULL: nobody may look */
};

struct candidates {
    struct candidate *items;
    size_t count;
};

struct reading_side {
    struct database *database;
    struct candidates *candidates;
    bool is_main;
};

static void candidates_free(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++) {
        free(candidates->items[i].main);
        free(candidates->items[i].standin);
    }
    free(candidates->items);
}

static bool is_true(const struct object *object, const char *field)
{
    const char *value = object_field(object, field);

    return value != NULL && strcmp(value, "true") == 0;
}

static void choose(const struct catalog *main, const struct catalog *standin, const bool *settled,
                   struct candidates *candidates)
{
    candidates->items = allocate(main->count, sizeof *candidates->items);
    for (size_t i = 0; i < main->count; i++) {
        const struct object *view = main->objects[i];
        const struct object *other =
            view->class == CLASS_MATERIALIZED_VIEW ? catalog_find(standin, view->class, view->identity) : NULL;

        if (other != NULL && !settled[i] && is_true(view, "populated") && is_true(other, "populated") &&
            strcmp(object_field(view, "definition"), object_field(other, "definition")) == 0)
            candidates->items[candidates->count++].view = view;
    }
}

/* The number of rows and the sum of 64 bits of each row's text: the same on every version. NULL where it is refused. */
static bool add_up(struct connection *connection, const char *source, char **sum, struct error *err)
{
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    text_appendf(&sql,
                 "SELECT pg_catalog.concat(count(*), ' ', sum(('x' || pg_catalog.substr(pg_catalog.md5(t::text), 1, "
                 "16))::bit(64)::int8)) FROM %s AS t",
                 source);
    if (!connection_attempt(connection, sql.data, 0, NULL, &result, &refusal, err))
        return false;
    *sum = result != NULL ? copy_string(PQgetvalue(result, 0, 0)) : NULL;
    return true;
}

static bool read_side(void *context, struct error *err)
{
    const struct reading_side *side = context;

    for (size_t i = 0; i < side->candidates->count; i++) {
        struct candidate *candidate = &side->candidates->items[i];
        if (!add_up(&side->database->connections[0], candidate->view->identity,
                    side->is_main ? &candidate->main : &candidate->standin, err))
            return error_context(err, "reading %s", candidate->view->identity);
    }
    return true;
}

/* Does main's query give now, on this side, what the view holds there? */
static bool ask(struct connection *connection, const struct candidate *candidate, const char *held, bool *fresh,
                struct error *err)
{
    cleanup(text_free) struct text source = {0};
    cleanup(free_string) char *now = NULL;
    const char *definition = object_field(candidate->view, "definition");
    size_t length = strlen(definition);

    while (length > 0 && (definition[length - 1] == ';' || definition[length - 1] == '\n'))
        length--;
    text_appendf(&source, "(%.*s)", (int)length, definition);
    if (!add_up(connection, source.data, &now, err))
        return error_context(err, "running the query of %s", candidate->view->identity);
    *fresh = now != NULL && strcmp(now, held) == 0;
    return true;
}

static void warn(struct string_list *warnings, const struct candidate *candidate, const char *what)
{
    cleanup(free_string) char *warning = format_string("materialized view %s %s", candidate->view->identity, what);

    string_list_add(warnings, warning);
}

static bool judge(struct connection *main, struct connection *standin, const struct candidate *candidate, bool changes,
                  bool *stale, struct string_list *warnings, struct error *err)
{
    bool fresh = false, standin_fresh = false;

    if (candidate->main == NULL || candidate->standin == NULL) {
        warn(warnings, candidate, "is not compared: its rows cannot be read");
        return true;
    }
    if (strcmp(candidate->main, candidate->standin) == 0)
        return true;
    if (!ask(main, candidate, candidate->main, &fresh, err) ||
        (fresh && !changes && !ask(standin, candidate, candidate->standin, &standin_fresh, err)))
        return false;
    stale[candidate->view->number] = fresh && !standin_fresh;
    if (standin_fresh)
        warn(warnings, candidate,
             "holds other rows in main than in the stand-in, and is left: its query gives these on the stand-in, whose "
             "tables hold other rows");
    if (!fresh)
        warn(warnings, candidate,
             "holds other rows in main than in the stand-in, and is left: main's are not what its query gives now, so "
             "a refresh would not bring them");
    return true;
}

bool stale_views_find(struct database *main, struct database *standin, const struct catalog *main_catalog,
                      const struct catalog *standin_catalog, bool changes, const bool *settled, bool *stale,
                      struct string_list *warnings, struct error *err)
{
    /* What keeps the planner to ways that only the comparison of tables wants. */
    static const char settings[] = "SELECT pg_catalog.set_config('enable_seqscan', 'on', true)";
    cleanup(candidates_free) struct candidates candidates = {0};
    struct reading_side sides[] = {{main, &candidates, true}, {standin, &candidates, false}};

    choose(main_catalog, standin_catalog, settled, &candidates);
    if (candidates.count == 0)
        return true;
    if (!connection_run(&main->connections[0], settings, err) ||
        !connection_run(&standin->connections[0], settings, err) || !run_both(read_side, &sides[0], &sides[1], err))
        return error_context(err, "comparing materialized views");
    for (size_t i = 0; i < candidates.count; i++)
        if (!judge(&main->connections[0], &standin->connections[0], &candidates.items[i], changes, stale, warnings,
                   err))
            return error_context(err, "comparing materialized views");
    return true;
}
