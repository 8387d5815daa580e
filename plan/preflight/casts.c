/* Which casts of columns that change their type, and which new generated columns, take all that the stand-in holds:
 * tried before the plan relies on them. */
#include "common/attempt.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

/* The labels of enums, or the unique keys of tables: next to each other where they have one parent. */
struct parts {
    const struct object **objects;
    size_t count, capacity;
};

struct trials {
    const struct preflight *preflight;
    struct parts labels; /* main's */
    struct parts keys;   /* the stand-in's */
};

static bool is_domain_there(const struct preflight *preflight, const char *type)
{
    return catalog_find(preflight->standin_catalog, CLASS_DOMAIN, type) != NULL;
}

static int by_parent(const void *a, const void *b)
{
    const struct object *left = *(const struct object *const *)a, *right = *(const struct object *const *)b;

    if (left->parent->number != right->parent->number)
        return left->parent->number < right->parent->number ? -1 : 1;
    return left->number < right->number ? -1 : left->number > right->number;
}

static void collect(struct parts *parts, const struct catalog *catalog, bool (*wanted)(const struct object *))
{
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->objects[i]->parent == NULL || !wanted(catalog->objects[i]))
            continue;
        array_reserve((void **)&parts->objects, &parts->capacity, parts->count + 1, sizeof *parts->objects);
        parts->objects[parts->count++] = catalog->objects[i];
    }
    if (parts->count > 0)
        qsort(parts->objects, parts->count, sizeof *parts->objects, by_parent);
}

static size_t first_of(const struct parts *parts, const struct object *parent)
{
    size_t low = 0, high = parts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (parts->objects[middle]->parent->number < parent->number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const struct parts *parts, size_t i, const struct object *parent)
{
    return i < parts->count && parts->objects[i]->parent == parent;
}

/* Fails where a value is none of the labels that the type will have. */
static void append_enum_trial(struct text *sql, const struct trials *trials, const struct column_fate *fate,
                              const struct object *type)
{
    text_appendf(sql, "SELECT 1 / CASE WHEN (%s)::text = ANY (ARRAY[", fate->expression);
    const char *separator = "";
    for (size_t i = first_of(&trials->labels, type); is_of(&trials->labels, i, type); i++) {
        text_append(sql, separator);
        quote_literal(sql, trials->labels.objects[i]->name);
        separator = ", ";
    }
    text_appendf(sql, "]::text[]) OR (%s) IS NULL THEN 1 ELSE 0 END AS value", fate->expression);
}

static bool is_not_null(const struct object *column)
{
    const char *not_null = object_field(column, "not_null");

    return not_null != NULL && strcmp(not_null, "true") == 0;
}

/* A statement that fails where the cast does; NULL where the stand-in cannot try it. */
static char *make_trial(const struct trials *trials, const struct column_fate *fate)
{
    const struct preflight *preflight = trials->preflight;
    const char *type = object_field(fate->object, "type");
    const struct object *labels = catalog_find(preflight->main_catalog, CLASS_ENUM, type);
    cleanup(text_free) struct text value = {0}, sql = {0};

    if (strcmp(fate->type, "text") == 0 && labels != NULL)
        append_enum_trial(&value, trials, fate, labels);
    else if (strcmp(fate->type, "text") == 0 && strcmp(type, "text") != 0)
        return NULL;
    else if (object_field(fate->object, "generated") != NULL && is_not_null(fate->object))
        text_appendf(&value, "SELECT 1 / CASE WHEN (%s) IS NULL THEN 0 ELSE 1 END AS value", fate->expression);
    else
        text_appendf(&value, "SELECT (%s)::%s AS value", fate->expression,
                     is_domain_there(preflight, type) ? type : fate->type);
    text_appendf(&sql, "SELECT count(v.value) FROM (%s FROM ", value.data);
    append_standin_table(&sql, preflight, fate->schema, fate->table, "t");
    text_append(&sql, ") AS v");
    return text_take(&sql);
}

static const struct column_fate *fate_of(const struct preflight *preflight, const struct object *old)
{
    for (size_t i = 0; i < preflight->diff->fate_count; i++)
        if (strcmp(preflight->diff->fates[i].object->identity, old->identity) == 0)
            return &preflight->diff->fates[i];
    return NULL;
}

static bool is_unique(const struct object *object)
{
    const char *type = object_field(object, "type"), *definition = object_field(object, "definition");

    if (object->class == CLASS_CONSTRAINT)
        return type != NULL && (strcmp(type, "primary key") == 0 || strcmp(type, "unique") == 0);
    return object->class == CLASS_INDEX && definition != NULL &&
           strncmp(definition, "CREATE UNIQUE", strlen("CREATE UNIQUE")) == 0;
}

/* SELECT FROM the table GROUP BY what the columns of the key become HAVING more than one row. */
static char *make_uniqueness_trial(const struct preflight *preflight, const struct object *key)
{
    cleanup(text_free) struct text values = {0}, present = {0}, sql = {0};

    for (size_t i = 0; i < key->depend_count; i++) {
        const struct object *column = key->depends[i];
        cleanup(text_free) struct text value = {0};

        if (column->class != CLASS_COLUMN || column->parent != key->parent)
            continue;
        const struct column_fate *fate = fate_of(preflight, column);
        if (fate != NULL && fate->expression != NULL)
            text_appendf(&value, "((%s)::%s)", fate->expression, fate->type);
        else
            quote_identifier(&value, column->name);
        text_appendf(&values, "%s%s", values.length > 0 ? ", " : "", value.data);
        text_appendf(&present, "%s%s IS NOT NULL", present.length > 0 ? " AND " : "", value.data);
    }
    text_append(&sql, "SELECT FROM ");
    append_standin_table(&sql, preflight, key->parent->schema, key->parent->name, "t");
    text_appendf(&sql, " WHERE %s GROUP BY %s HAVING count(*) > 1 LIMIT 1", present.data, values.data);
    return text_take(&sql);
}

/* Values that differ may become the same: '1' and '01' as numbers. */
static bool try_uniqueness(const struct trials *trials, const struct object *column, bool *fails, struct error *err)
{
    const struct preflight *preflight = trials->preflight;
    const struct parts *keys = &trials->keys;

    for (size_t i = first_of(keys, column->parent); is_of(keys, i, column->parent) && !*fails; i++) {
        const struct object *key = keys->objects[i];
        cleanup(result_clear) PGresult *result = NULL;
        cleanup(error_clear) struct error refusal = {0};

        if (!depends_on(key, column))
            continue;
        cleanup(free_string) char *sql = make_uniqueness_trial(preflight, key);
        if (!connection_attempt(&preflight->standin->connections[0], sql, 0, NULL, &result, &refusal, err))
            return false;
        *fails = result == NULL || PQntuples(result) > 0;
    }
    return true;
}

static bool try_cast(const struct trials *trials, const struct column_fate *fate, bool *fails, struct error *err)
{
    const struct preflight *preflight = trials->preflight;
    const struct object *old = in_standin(preflight, fate->object);
    cleanup(free_string) char *sql = make_trial(trials, fate);
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    *fails = sql == NULL;
    if (sql == NULL)
        return true;
    if (!connection_attempt(&preflight->standin->connections[0], sql, 0, NULL, &result, &refusal, err) ||
        (result != NULL && old != NULL && object_field(fate->object, "generated") == NULL &&
         !try_uniqueness(trials, old, fails, err)))
        return error_context(err, "trying the stand-in's values of %s", fate->object->identity);
    *fails |= result == NULL;
    return true;
}

/* Values that are to be kept are not given up for a cast; a generated column can come later all the same. */
static bool is_doubtful(const struct preflight *preflight, const struct column_fate *fate)
{
    return fate->may_fail && fate->expression != NULL &&
           (preflight->delete_rows || object_field(fate->object, "generated") != NULL);
}

static bool is_label(const struct object *object)
{
    return object->class == CLASS_ENUM_LABEL;
}

bool preflight_casts(const struct preflight *preflight, struct map *failed, bool *found, struct error *err)
{
    struct trials trials = {.preflight = preflight};
    bool ok = true, collected = false;

    *found = false;
    if (!preflight->rows_follow)
        return true;
    for (size_t i = 0; i < preflight->diff->fate_count && ok; i++) {
        const struct column_fate *fate = &preflight->diff->fates[i];
        bool fails = false;

        if (!is_doubtful(preflight, fate))
            continue;
        if (!collected) {
            collect(&trials.labels, preflight->main_catalog, is_label);
            collect(&trials.keys, preflight->standin_catalog, is_unique);
            collected = true;
        }
        ok = try_cast(&trials, fate, &fails, err);
        if (ok && fails)
            *found |= map_add(failed, fate->object->identity, (void *)fate->object);
    }
    free(trials.labels.objects);
    free(trials.keys.objects);
    return ok;
}
