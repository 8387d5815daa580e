/* Which casts of columns that change their type take all that the stand-in holds: tried before the plan relies on them.
 */
#include "common/attempt.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

static bool is_domain_there(const struct preflight *preflight, const char *type)
{
    return catalog_find(preflight->standin_catalog, CLASS_DOMAIN, type) != NULL;
}

/* Fails where a value is none of the labels that the type will have. */
static void append_enum_trial(struct text *sql, const struct preflight *preflight, const struct column_fate *fate,
                              const struct object *type)
{
    const struct catalog *catalog = preflight->main_catalog;

    text_appendf(sql, "SELECT 1 / CASE WHEN (%s)::text = ANY (ARRAY[", fate->expression);
    const char *separator = "";
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->objects[i]->class != CLASS_ENUM_LABEL || catalog->objects[i]->parent != type)
            continue;
        text_append(sql, separator);
        quote_literal(sql, catalog->objects[i]->name);
        separator = ", ";
    }
    text_appendf(sql, "]::text[]) OR (%s) IS NULL THEN 1 ELSE 0 END AS value", fate->expression);
}

/* A statement that fails where the cast does; NULL where the stand-in cannot try it. */
static char *make_trial(const struct preflight *preflight, const struct column_fate *fate)
{
    const char *type = object_field(fate->object, "type");
    const struct object *labels = catalog_find(preflight->main_catalog, CLASS_ENUM, type);
    cleanup(text_free) struct text value = {0}, sql = {0};

    if (strcmp(fate->type, "text") == 0 && labels != NULL)
        append_enum_trial(&value, preflight, fate, labels);
    else if (strcmp(fate->type, "text") == 0 && strcmp(type, "text") != 0)
        return NULL;
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
static bool try_uniqueness(const struct preflight *preflight, const struct object *column, bool *fails,
                           struct error *err)
{
    const struct catalog *catalog = preflight->standin_catalog;

    for (size_t i = 0; i < catalog->count && !*fails; i++) {
        const struct object *key = catalog->objects[i];
        cleanup(result_clear) PGresult *result = NULL;
        cleanup(error_clear) struct error refusal = {0};

        if (key->parent != column->parent || !is_unique(key) || !depends_on(key, column))
            continue;
        cleanup(free_string) char *sql = make_uniqueness_trial(preflight, key);
        if (!connection_attempt(&preflight->standin->connections[0], sql, 0, NULL, &result, &refusal, err))
            return false;
        *fails = result == NULL || PQntuples(result) > 0;
    }
    return true;
}

static bool try_cast(const struct preflight *preflight, const struct column_fate *fate, bool *fails, struct error *err)
{
    const struct object *old = in_standin(preflight, fate->object);
    cleanup(free_string) char *sql = make_trial(preflight, fate);
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    *fails = sql == NULL;
    if (sql == NULL)
        return true;
    if (!connection_attempt(&preflight->standin->connections[0], sql, 0, NULL, &result, &refusal, err) ||
        (result != NULL && old != NULL && !try_uniqueness(preflight, old, fails, err)))
        return error_context(err, "trying to cast %s", fate->object->identity);
    *fails |= result == NULL;
    return true;
}

bool preflight_casts(const struct preflight *preflight, struct map *failed, bool *found, struct error *err)
{
    *found = false;
    if (!preflight->rows_follow || !preflight->delete_rows)
        return true;
    for (size_t i = 0; i < preflight->diff->fate_count; i++) {
        const struct column_fate *fate = &preflight->diff->fates[i];
        bool fails = false;

        if (!fate->may_fail || fate->expression == NULL)
            continue;
        if (!try_cast(preflight, fate, &fails, err))
            return false;
        if (fails)
            *found |= map_add(failed, fate->object->identity, (void *)fate->object);
    }
    return true;
}
