/* Refuses what cannot work: statements that need what the stand-in lacks, or that others outside stand in the way of.
 */

#include "format/needs.h"
#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/missing.h"
#include "plan/preflight/parts.h"
#include "plan/preflight/sql.h"

struct obstacles {
    struct text lines;
    size_t missing, blocked;
};

static void add_line(struct text *lines, const char *line)
{
    if (lines->length > 0)
        text_append_char(lines, '\n');
    text_append(lines, line);
}

static void add_warnings(struct string_list *warnings, const char *lines)
{
    for (const char *line = lines, *end; line != NULL; line = end != NULL ? end + 1 : NULL) {
        end = strchr(line, '\n');
        cleanup(free_string) char *one = end != NULL ? copy_bytes(line, (size_t)(end - line)) : copy_string(line);
        string_list_add(warnings, one);
    }
}

static bool find_missing(const struct preflight *preflight, struct obstacles *obstacles, struct string_list *warnings,
                         struct error *err)
{
    cleanup(free_string) char *needs = needs_describe(preflight->main_catalog, preflight->standin_catalog);
    cleanup(text_free) struct text doubts = {0};

    if (!missing_find(&preflight->standin->connections[0], needs, &obstacles->lines, &obstacles->missing, &doubts, err))
        return error_context(err, "looking for what the stand-in lacks");
    if (doubts.length > 0)
        add_warnings(warnings, doubts.data);
    return true;
}

/* --- What lies outside and would go along --- */

static bool changes_type(const struct preflight *preflight, const struct object *column)
{
    if (column->class != CLASS_COLUMN)
        return false;
    for (size_t i = 0; i < preflight->diff->fate_count; i++) {
        const struct column_fate *fate = &preflight->diff->fates[i];

        if (strcmp(fate->column, column->name) == 0 && strcmp(fate->table, column->parent->name) == 0 &&
            strcmp(fate->schema, column->parent->schema) == 0)
            return true;
    }
    return false;
}

/* What PostgreSQL does not rebuild by itself when a column that it uses changes its type. */
static bool blocks_type_change(const struct outside *outside)
{
    static const char *const types[] = {"view",     "materialized view", "rule",      "trigger",
                                        "policy",   "function",          "procedure", "publication relation",
                                        "aggregate"};

    for (size_t i = 0; i < array_length(types); i++)
        if (strcmp(outside->type, types[i]) == 0)
            return true;
    return false;
}

static bool is_unlogged(const struct object *table)
{
    const char *persistence = table != NULL ? object_field(table, "persistence") : NULL;

    return persistence != NULL && strcmp(persistence, "unlogged") == 0;
}

static const char *nature(const struct preflight *preflight, const struct outside *outside, bool gone)
{
    if (gone)
        return "the plan drops";
    if (strcmp(outside->type, "publication relation") == 0 && !is_unlogged(outside->object) &&
        is_unlogged(catalog_find(preflight->main_catalog, outside->object->class, outside->object->identity)))
        return "becomes unlogged";
    return changes_type(preflight, outside->object) && blocks_type_change(outside) ? "is to change its type" : NULL;
}

static void find_blocked(const struct preflight *preflight, struct obstacles *obstacles, struct string_list *warnings)
{
    const struct catalog *catalog = preflight->standin_catalog;
    bool *gone = mark_gone(preflight);

    for (size_t i = 0; i < catalog->outside_count; i++) {
        const struct outside *outside = &catalog->outside[i];
        const struct object *object = outside->object;
        const char *what = outside->needs ? nature(preflight, outside, gone[object->number]) : NULL;

        if (what == NULL)
            continue;
        cleanup(free_string) char *line = format_string("%s %s needs %s %s, which %s", outside->type, outside->identity,
                                                        class_name(object->class), object->identity, what);
        /* A table that goes leaves its publications: that is no loss of what others made. */
        if (strcmp(outside->type, "publication relation") == 0 && gone[object->number]) {
            string_list_add(warnings, line);
            continue;
        }
        add_line(&obstacles->lines, line);
        obstacles->blocked++;
    }
    free(gone);
}

/* --- What only a table that is not chosen could change --- */

/* One that the table is a partition or a child of, and that is not chosen; NULL. */
static const char *parent_outside(const struct preflight *preflight, const struct object *table, struct arena *arena)
{
    const struct catalog *catalog = catalog_find(preflight->main_catalog, table->class, table->identity) == table
                                        ? preflight->main_catalog
                                        : preflight->standin_catalog;
    const char *parent = object_field(table, "partition_of"), **parents;
    size_t count;

    if (parent != NULL)
        return catalog_find(catalog, CLASS_TABLE, parent) == NULL ? parent : NULL;
    if (!array_text_parse(arena, object_field(table, "inherits"), &parents, &count))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (catalog_find(catalog, CLASS_TABLE, parents[i]) == NULL)
            return parents[i];
    return NULL;
}

static bool is_inherited(const struct object *object)
{
    return ((object->class == CLASS_COLUMN || object->class == CLASS_CONSTRAINT) && is_true(object, "inherited")) ||
           (object->class == CLASS_INDEX && object_field(object, "parent_index") != NULL);
}

/* What a partition or child inherits is changed in the parent, and nowhere else. */
static void find_inherited(const struct preflight *preflight, struct obstacles *obstacles)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < preflight->diff->statement_count; i++) {
        const struct object *object = statement_object(preflight, i);
        const char *parent =
            object != NULL && is_inherited(object) ? parent_outside(preflight, object->parent, arena) : NULL;

        if (parent == NULL)
            continue;
        cleanup(free_string) char *line = format_string("%s %s is to change, which it inherits from table %s",
                                                        class_name(object->class), object->identity, parent);
        add_line(&obstacles->lines, line);
        obstacles->blocked++;
    }
    arena_free(arena);
}

/* --- Collations that sort otherwise --- */

static void add_collation(struct text *names, const char *name, struct map *seen)
{
    static char marker;

    if (map_add(seen, name, &marker))
        text_appendf(names, "%s%s", names->length > 0 ? "\n" : "", name);
}

static bool read_versions(struct connection *connection, const char *names, PGresult **result, struct error *err)
{
    return connection_query(connection, sql_collation_versions, 1, (const char *const[]){names}, result, err);
}

/* Text sorts as the library of its collation says; another version may sort otherwise. */
static bool compare_collations(const struct preflight *preflight, struct string_list *warnings, struct error *err)
{
    const struct catalog *catalog = preflight->main_catalog;
    cleanup(text_free) struct text names = {0};
    cleanup(map_free) struct map seen = {0};
    cleanup(result_clear) PGresult *main = NULL, *standin = NULL;

    for (size_t i = 0; i < catalog->outside_count; i++)
        if (!catalog->outside[i].needs && strcmp(catalog->outside[i].type, "collation") == 0)
            add_collation(&names, catalog->outside[i].identity, &seen);
    for (size_t i = 0; i < catalog->count; i++)
        if (catalog->objects[i]->class == CLASS_COLLATION)
            add_collation(&names, catalog->objects[i]->identity, &seen);
    if (names.length == 0)
        return true;
    if (!read_versions(&preflight->main->connections[0], names.data, &main, err) ||
        !read_versions(&preflight->standin->connections[0], names.data, &standin, err))
        return error_context(err, "comparing the versions of collations");
    for (int i = 0, j = 0; i < PQntuples(main) && j < PQntuples(standin);) {
        int order = strcmp(PQgetvalue(main, i, 0), PQgetvalue(standin, j, 0));
        if (order == 0 && strcmp(PQgetvalue(main, i, 1), PQgetvalue(standin, j, 1)) != 0) {
            cleanup(free_string) char *warning =
                format_string("collation %s has version %s in main and %s in the stand-in: text may sort differently",
                              PQgetvalue(main, i, 0), PQgetvalue(main, i, 1), PQgetvalue(standin, j, 1));
            string_list_add(warnings, warning);
        }
        i += order <= 0;
        j += order >= 0;
    }
    return true;
}

static bool refuse(const struct obstacles *obstacles, struct error *err)
{
    if (obstacles->missing + obstacles->blocked == 0)
        return true;
    error_set(err, ERROR_REFUSED, "%s",
              obstacles->blocked == 0   ? "the stand-in lacks what the plan would need"
              : obstacles->missing == 0 ? "objects outside of what is chosen stand in the way"
                                        : "the stand-in lacks what the plan would need, and objects outside of what "
                                          "is chosen stand in the way");
    error_detail(err, "%s", obstacles->lines.data);
    if (obstacles->blocked > 0)
        return error_hint(
            err, "Choose them or their schemas too (--table, --schema), or drop them on the stand-in first. PGSyncer "
                 "never drops what it was not asked to synchronise.");
    return error_hint(
        err, "Create it on the stand-in, choose it or its schema too (--table, --schema; '*' is everything), or leave "
             "owners and privileges out (--no-owner, --no-privileges).");
}

bool preflight_needs(const struct preflight *preflight, struct string_list *warnings, struct error *err)
{
    struct obstacles obstacles = {{0}, 0, 0};
    bool good = find_missing(preflight, &obstacles, warnings, err);

    if (good)
        find_blocked(preflight, &obstacles, warnings);
    if (good)
        find_inherited(preflight, &obstacles);
    good = good && refuse(&obstacles, err) && compare_collations(preflight, warnings, err);
    text_free(&obstacles.lines);
    return good;
}
