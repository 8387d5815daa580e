/* Which casts of columns that change their type take all that the stand-in holds: tried before the plan relies on them.
 */
#include "common/attempt.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

static bool is_type_there(const struct preflight *preflight, const char *type)
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
                     is_type_there(preflight, type) ? type : fate->type);
    text_appendf(&sql, "SELECT count(v.value) FROM (%s FROM ", value.data);
    quote_qualified(&sql, fate->schema, fate->table);
    text_append(&sql, ") AS v");
    return text_take(&sql);
}

static bool try_cast(const struct preflight *preflight, const struct column_fate *fate, bool *fails, struct error *err)
{
    cleanup(free_string) char *sql = make_trial(preflight, fate);
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    *fails = sql == NULL;
    if (sql == NULL)
        return true;
    if (!connection_attempt(&preflight->standin->connections[0], sql, 0, NULL, &result, &refusal, err))
        return error_context(err, "trying to cast %s", fate->object->identity);
    *fails = result == NULL;
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
