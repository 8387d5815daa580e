/* Finds the materialized views that are to be refreshed. */
#include "plan/refresh.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/sql.h"

/* What an object of main's catalog reads, in rising order of what follows from it. */
enum reads {
    READS_UNKNOWN,
    READS_NOTHING,  /* that changes */
    READS_ROWS,     /* that change before anything is refreshed */
    READS_REFRESHED /* by what is added here */
};

struct search {
    const struct catalog *main, *standin;
    enum reads *reads;           /* by the object's number */
    bool *refreshed;             /* alike: by a statement of the diff */
    const bool *stale;           /* alike; NULL: none is */
    bool *marked[2];             /* tables seen to, of main and of the stand-in, by their number */
    const struct object **found; /* in the order in which they are to be refreshed */
    size_t count;
};

static const char refresh_begin[] = REFRESH_BEGIN;

static bool is_populated(const struct object *view)
{
    const char *populated = view != NULL ? object_field(view, "populated") : NULL;

    return populated != NULL && strcmp(populated, "true") == 0;
}

/* A table, and those that show its rows too: what it is a partition or a child of, in either database. */
static void mark_changed(struct search *search, const char *identity)
{
    const struct object *sides[] = {catalog_find(search->main, CLASS_TABLE, identity),
                                    catalog_find(search->standin, CLASS_TABLE, identity)};

    if (sides[0] != NULL)
        search->reads[sides[0]->number] = READS_ROWS;
    for (size_t side = 0; side < array_length(sides); side++) {
        if (sides[side] == NULL || search->marked[side][sides[side]->number])
            continue;
        search->marked[side][sides[side]->number] = true; /* who is whose child may be the other way round there */
        for (size_t i = 0; i < sides[side]->depend_count; i++)
            if (sides[side]->depends[i]->class == CLASS_TABLE)
                mark_changed(search, sides[side]->depends[i]->identity);
    }
}

/* The tables in which the rows of a partitioned table lie: such a one may have been compared as a whole. */
static void mark_partitions(struct search *search, const char *identity)
{
    const struct catalog *catalogs[] = {search->main, search->standin};

    for (size_t side = 0; side < array_length(catalogs); side++) {
        const struct object *table = catalog_find(catalogs[side], CLASS_TABLE, identity);
        const char *kind = table != NULL ? object_field(table, "kind") : NULL;

        for (size_t i = 0; kind != NULL && strcmp(kind, "partitioned") == 0 && i < catalogs[side]->count; i++) {
            const struct object *partition = catalogs[side]->objects[i];
            const char *parent = partition->class == CLASS_TABLE ? object_field(partition, "partition_of") : NULL;

            if (parent == NULL || strcmp(parent, identity) != 0)
                continue;
            mark_changed(search, partition->identity);
            mark_partitions(search, partition->identity);
        }
    }
}

static bool is_stale(const struct search *search, const struct object *view)
{
    return search->stale != NULL && search->stale[view->number];
}

static enum reads look(struct search *search, const struct object *object)
{
    enum reads reads = READS_NOTHING;

    if (search->reads[object->number] != READS_UNKNOWN)
        return search->reads[object->number];
    search->reads[object->number] = READS_NOTHING; /* for cycles: functions can make them */
    if (object->class == CLASS_TABLE)
        return READS_NOTHING;
    for (size_t i = 0; i < object->depend_count; i++) {
        enum reads more = look(search, object->depends[i]);
        reads = more > reads ? more : reads;
    }
    if (object->class == CLASS_MATERIALIZED_VIEW) {
        bool by_diff = search->refreshed[object->number];
        const struct object *standin = catalog_find(search->standin, object->class, object->identity);

        if (!is_populated(object) || (!by_diff && !is_populated(standin)))
            reads = READS_NOTHING;
        else if (reads == READS_REFRESHED || ((reads == READS_ROWS || is_stale(search, object)) && !by_diff)) {
            search->found[search->count++] = object;
            reads = READS_REFRESHED;
        } else if (by_diff)
            reads = READS_ROWS;
    }
    return search->reads[object->number] = reads;
}

static void mark_tables(struct search *search, const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        cleanup(text_free) struct text identity = {0};

        if (table->inserts + table->updates + table->deletes == 0)
            continue;
        quote_qualified(&identity, table->shape.schema, table->shape.name);
        mark_changed(search, identity.data);
        mark_partitions(search, identity.data);
    }
}

static bool is_refresh(const struct schema_statement *statement)
{
    return statement->class == CLASS_MATERIALIZED_VIEW &&
           strncmp(statement->sql, refresh_begin, sizeof refresh_begin - 1) == 0;
}

static void mark_refreshed(struct search *search, const struct schema_diff *diff)
{
    for (size_t i = 0; i < diff->statement_count; i++) {
        const struct schema_statement *statement = &diff->statements[i];
        const struct object *view = catalog_find(search->main, statement->class, statement->object);

        if (view != NULL && is_refresh(statement))
            search->refreshed[view->number] = true;
    }
}

static void add_statements(const struct search *search, struct schema_diff *diff)
{
    static const char *risks[] = {"lock:ACCESS EXCLUSIVE", "rewrite"};
    if (diff->arena == NULL) /* schemas were not compared */
        diff->arena = arena_new();
    struct schema_statement *statements =
        arena_allocate(diff->arena, diff->statement_count + search->count, sizeof *statements);
    if (diff->statement_count > 0)
        memcpy(statements, diff->statements, diff->statement_count * sizeof *statements);
    for (size_t i = 0; i < search->count; i++) {
        const struct object *view = search->found[i];

        statements[diff->statement_count++] = (struct schema_statement){
            .phase = PHASE_POST_DATA,
            .action = ACTION_ALTER,
            .class = view->class,
            .object = arena_string(diff->arena, view->identity),
            .sql = arena_format(diff->arena, REFRESH_BEGIN "%s" REFRESH_END "\n", view->identity),
            .risks = risks,
            .risk_count = array_length(risks),
        };
    }
    diff->statements = statements;
}

static void search_all(struct search *search, const struct manifest *manifest, const struct schema_diff *diff)
{
    const struct catalog *main = search->main;

    search->reads = allocate(main->count, sizeof *search->reads);
    search->refreshed = allocate(main->count, sizeof *search->refreshed);
    search->found = allocate(main->count, sizeof(struct object *));
    search->marked[0] = allocate(main->count, sizeof(bool));
    search->marked[1] = allocate(search->standin->count, sizeof(bool));
    mark_tables(search, manifest);
    mark_refreshed(search, diff);
    for (size_t i = 0; i < main->count; i++)
        if (main->objects[i]->class == CLASS_MATERIALIZED_VIEW)
            look(search, main->objects[i]);
}

static void search_free(struct search *search)
{
    free(search->reads);
    free(search->refreshed);
    free(search->found);
    free(search->marked[0]);
    free(search->marked[1]);
}

void add_refreshes(const struct catalog *main, const struct catalog *standin, const struct manifest *manifest,
                   const bool *stale, struct schema_diff *diff)
{
    cleanup(search_free) struct search search = {.main = main, .standin = standin, .stale = stale};

    search_all(&search, manifest, diff);
    if (search.count > 0)
        add_statements(&search, diff);
}

void mark_refreshes(const struct catalog *main, const struct catalog *standin, const struct manifest *manifest,
                    const struct schema_diff *diff, bool *refreshed)
{
    cleanup(search_free) struct search search = {.main = main, .standin = standin};

    search_all(&search, manifest, diff);
    for (size_t i = 0; i < main->count; i++)
        refreshed[i] = search.refreshed[i];
    for (size_t i = 0; i < search.count; i++)
        refreshed[search.found[i]->number] = true;
}

bool warn_of_unreadable(struct connection *main, const struct schema_diff *diff, struct string_list *warnings,
                        struct error *err)
{
    const char **views = allocate(diff->statement_count, sizeof *views);
    size_t count = 0;
    cleanup(text_free) struct text array = {0};
    cleanup(result_clear) PGresult *result = NULL;

    for (size_t i = 0; i < diff->statement_count; i++)
        if (is_refresh(&diff->statements[i]))
            views[count++] = diff->statements[i].object;
    array_text_append(&array, views, count);
    free(views);
    const char *const parameters[] = {array.data};
    if (count > 0 && !connection_query(main, sql_refresh_owners, 1, parameters, &result, err))
        return error_context(err, "looking at what materialized views read");
    for (int i = 0; i < PQntuples(result); i++) {
        cleanup(free_string) char *warning =
            format_string("materialized view %s: its owner %s may not read %s on main, and REFRESH reads as the owner: "
                          "apply fails where the stand-in does not let it either",
                          PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), PQgetvalue(result, i, 2));
        string_list_add(warnings, warning);
    }
    return true;
}
