/* Values of types like regclass, which name an object: they mean nothing once the object is gone or another one. */
#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

static const char *const naming_types[] = {"regclass",    "regproc",      "regprocedure", "regtype",   "regoper",
                                           "regoperator", "regnamespace", "regcollation", "regconfig", "regdictionary"};

/* Without the brackets of an array. */
static bool is_naming_type(const struct catalog *catalog, const char *type, bool *array)
{
    const struct object *domain = catalog_find(catalog, CLASS_DOMAIN, type);
    size_t length = strcspn(type, "[");

    if (domain != NULL)
        return is_naming_type(catalog, object_field(domain, "type"), array);
    *array = type[length] == '[';
    for (size_t i = 0; i < array_length(naming_types); i++)
        if (strlen(naming_types[i]) == length && strncmp(naming_types[i], type, length) == 0)
            return true;
    return false;
}

/* The array of the texts by which values name what goes: regproc leaves the arguments out, and a key is an index. */
static void append_gone(struct text *array, const struct checks *checks, const bool *gone)
{
    const struct catalog *catalog = checks->preflight->standin_catalog;
    const char **names = allocate(catalog->count * 2, sizeof *names);
    size_t count = 0;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *object = catalog->objects[i];
        const struct object *holder = object->parent != NULL ? object->parent : object;
        bool of_relation = object->class == CLASS_INDEX || object->class == CLASS_CONSTRAINT;
        cleanup(text_free) struct text name = {0};

        if (!gone[i] || (object->parent != NULL && !of_relation))
            continue;
        names[count++] = object->identity;
        if (holder->schema == NULL || object->name == NULL)
            continue;
        quote_qualified(&name, holder->schema, object->name);
        names[count++] = arena_string(checks->arena, name.data);
    }
    array_text_append(array, names, count);
    free(names);
}

static bool check_column(struct checks *checks, const struct object *column, bool array, const char *gone,
                         struct error *err)
{
    const struct object *table = column->parent;
    const char *const parameters[] = {gone};
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *result = NULL;

    text_append(&sql, "SELECT count(*) OVER (), (");
    append_values(&sql, (const char *const[]){column->name}, 1, table->name);
    text_append(&sql, ") COLLATE \"C\" FROM ");
    append_standin_table(&sql, checks->preflight, table->schema, table->name, table->name);
    text_append(&sql, array ? " WHERE EXISTS (SELECT FROM unnest(" : " WHERE EXISTS (SELECT FROM unnest(ARRAY[");
    quote_identifier(&sql, table->name);
    text_append(&sql, ".");
    quote_identifier(&sql, column->name);
    text_append(&sql, array ? ") AS v" : "]) AS v");
    text_append(&sql, " WHERE v::text = ANY ($1::text[])) ORDER BY 2 LIMIT 5");
    if (!connection_query(&checks->preflight->standin->connections[0], sql.data, 1, parameters, &result, err))
        return error_context(err, "looking for what the values of %s name", column->identity);
    if (PQntuples(result) == 0)
        return true;
    text_appendf(&checks->obstacles, "%s%s: %s row%s name%s what the plan drops or makes anew, for example ",
                 checks->obstacles.length > 0 ? "\n" : "", column->identity, PQgetvalue(result, 0, 0),
                 strcmp(PQgetvalue(result, 0, 0), "1") == 0 ? "" : "s",
                 strcmp(PQgetvalue(result, 0, 0), "1") == 0 ? "s" : "");
    for (int row = 0; row < PQntuples(result); row++)
        text_appendf(&checks->obstacles, "%s%s", row > 0 ? ", " : "", PQgetvalue(result, row, 1));
    return true;
}

bool check_names(struct checks *checks, struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    const struct catalog *catalog = preflight->standin_catalog;
    cleanup(text_free) struct text names = {0};
    bool array = false, good = true;

    if (!preflight->rows_follow || preflight->diff->gone_count == 0)
        return true;
    bool *gone = mark_gone(preflight);
    for (size_t i = 0; i < catalog->count && good; i++) {
        const struct object *column = catalog->objects[i];

        if (column->class != CLASS_COLUMN || column->parent->class != CLASS_TABLE || gone[i] ||
            gone[column->parent->number] || !is_naming_type(catalog, object_field(column, "type"), &array) ||
            catalog_find(preflight->main_catalog, CLASS_COLUMN, column->identity) == NULL)
            continue;
        if (names.length == 0)
            append_gone(&names, checks, gone);
        good = check_column(checks, column, array, names.data, err);
    }
    free(gone);
    return good;
}
