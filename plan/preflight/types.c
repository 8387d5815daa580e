/* Columns that change their type: rows whose values the new type does not take, or would cut. */
#include "common/attempt.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

#include <inttypes.h>

static const struct column_fate *fate_of(const struct schema_diff *diff, const struct object *column)
{
    for (size_t i = 0; i < diff->fate_count; i++) {
        const struct column_fate *fate = &diff->fates[i];

        if (strcmp(fate->column, column->name) == 0 && strcmp(fate->table, column->parent->name) == 0 &&
            strcmp(fate->schema, column->parent->schema) == 0)
            return fate;
    }
    return NULL;
}

/* Types of which each takes all values of those before it. */
static bool only_widens(const char *old_type, const char *new_type)
{
    static const char *const integers[] = {"smallint", "integer", "bigint", "numeric"};
    static const char varying[] = "character varying";
    size_t old_place = array_length(integers), new_place = 0;

    for (size_t i = 0; i < array_length(integers); i++) {
        if (strcmp(integers[i], old_type) == 0)
            old_place = i;
        if (strcmp(integers[i], new_type) == 0)
            new_place = i;
    }
    if (old_place < new_place)
        return true;
    if (strncmp(old_type, varying, sizeof varying - 1) != 0)
        return false;
    unsigned long old_length = strtoul(old_type + strcspn(old_type, "0123456789"), NULL, 10);
    unsigned long new_length = strtoul(new_type + strcspn(new_type, "0123456789"), NULL, 10);
    return strcmp(new_type, "text") == 0 || strcmp(new_type, varying) == 0 ||
           (strncmp(new_type, varying, sizeof varying - 1) == 0 && old_length > 0 && old_length <= new_length);
}

struct change {
    const struct object *column, *old;
    const char *expression, *old_type, *new_type;
    const char *cast_type; /* the new type as the stand-in knows it */
};

static void append_table(struct text *sql, const struct checks *checks, const struct change *change)
{
    const struct object *table = change->column->parent;

    text_append(sql, " FROM ");
    append_standin_table(sql, checks->preflight, table->schema, table->name, table->name);
}

static void append_value(struct text *sql, const struct change *change)
{
    append_values(sql, (const char *const[]){change->column->name}, 1, change->column->parent->name);
}

/* SELECT how many, an example … WHERE bad */
static bool count_where(const struct checks *checks, const struct change *change, const char *bad,
                        struct finding *finding, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "SELECT count(*) OVER (), (");
    append_value(&sql, change);
    text_append(&sql, ") COLLATE \"C\"");
    append_table(&sql, checks, change);
    text_appendf(&sql, " WHERE %s ORDER BY 2 LIMIT 5", bad);
    return count_query(&checks->preflight->standin->connections[0], sql.data, finding, err);
}

/* A cast that fails says so for one row only: try them one by one. */
static bool count_failures(const struct checks *checks, const struct change *change, const char *why,
                           struct finding *finding, struct error *err)
{
    struct connection *connection = &checks->preflight->standin->connections[0];
    cleanup(text_free) struct text body = {0}, sql = {0};
    cleanup(result_clear) PGresult *done = NULL, *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    text_append(&body, "DECLARE r record; n int8 := 0; examples text[] := '{}'; BEGIN FOR r IN SELECT ");
    quote_identifier(&body, change->column->name);
    text_append(&body, " AS value, ");
    append_value(&body, change);
    text_append(&body, " AS example");
    append_table(&body, checks, change);
    text_append(&body, " LOOP BEGIN PERFORM (");
    text_appendf(&body, "%s)::%s FROM (SELECT r.value AS ", change->expression, change->cast_type);
    quote_identifier(&body, change->column->name);
    text_append(&body, ") AS one; EXCEPTION WHEN OTHERS THEN n := n + 1; IF n <= 5 THEN examples := examples || "
                       "r.example; END IF; END; END LOOP; PERFORM set_config('pgsyncer.failures', n::text, true), "
                       "set_config('pgsyncer.examples', array_to_json(examples)::text, true); END");
    text_append(&sql, "DO LANGUAGE plpgsql ");
    quote_literal(&sql, body.data);
    if (!connection_attempt(connection, sql.data, 0, NULL, &done, &refusal, err))
        return false;
    if (done == NULL) {
        finding_add(finding, 1, NULL, 0);
        finding->note = format_string("at least: %s", why);
        return true;
    }
    if (!connection_query(connection,
                          "SELECT current_setting('pgsyncer.failures'), e FROM "
                          "json_array_elements_text(current_setting('pgsyncer.examples')::json) AS e",
                          0, NULL, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++)
        finding_add(finding, row == 0 ? strtoull(PQgetvalue(result, row, 0), NULL, 10) : 0,
                    (const char *const[]){PQgetvalue(result, row, 1)}, 1);
    finding->note = copy_string(why);
    return true;
}

/* Does every value become one of the new type? */
static bool check_cast(const struct checks *checks, const struct change *change, struct finding *finding,
                       struct error *err)
{
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    text_appendf(&sql, "SELECT count((%s)::%s)", change->expression, change->cast_type);
    append_table(&sql, checks, change);
    if (!connection_attempt(&checks->preflight->standin->connections[0], sql.data, 0, NULL, &result, &refusal, err))
        return false;
    if (result != NULL)
        return true;
    if (strncmp(refusal.sqlstate, "22", 2) == 0 || strncmp(refusal.sqlstate, "23", 2) == 0)
        return count_failures(checks, change, refusal.message, finding, err);
    finding_unknown(finding, refusal.message);
    return true;
}

static struct text missing_labels(const struct checks *checks, const struct change *change, const struct object *type)
{
    const struct catalog *catalog = checks->preflight->main_catalog;
    struct text bad = {0};

    quote_identifier(&bad, change->column->name);
    text_append(&bad, "::text <> ALL (ARRAY[");
    bool first = true;
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->objects[i]->class != CLASS_ENUM_LABEL || catalog->objects[i]->parent != type)
            continue;
        text_append(&bad, first ? "" : ", ");
        quote_literal(&bad, catalog->objects[i]->name);
        first = false;
    }
    text_append(&bad, "]::text[])");
    return bad;
}

/* An enum that loses labels: where main's rows come afterwards, the statement gives other values meanwhile. */
static bool check_labels(const struct checks *checks, const struct change *change, const struct object *type,
                         struct finding *finding, struct error *err)
{
    if (checks->preflight->rows_follow && checks->preflight->delete_rows)
        return true;
    cleanup(text_free) struct text bad = missing_labels(checks, change, type);
    return count_where(checks, change, bad.data, finding, err);
}

/* Values that fit only because the cast cuts or rounds them, and that no row of main's comes to replace. */
static bool warn_of_loss(struct checks *checks, size_t number, const struct change *change, struct error *err)
{
    cleanup(finding_free) struct finding direct = {.state = PRECONDITION_HOLDS}, text = {.state = PRECONDITION_HOLDS};
    cleanup(text_free) struct text bad = {0}, bad_text = {0};
    struct plan_statement *statement = &checks->manifest->statements[number];

    text_appendf(&bad, "((%s)::%s)::%s IS DISTINCT FROM ", change->expression, change->cast_type, change->old_type);
    quote_identifier(&bad, change->column->name);
    text_appendf(&bad_text, "((%s)::%s)::text::%s IS DISTINCT FROM ", change->expression, change->cast_type,
                 change->old_type);
    quote_identifier(&bad_text, change->column->name);
    if (!count_where(checks, change, bad.data, &direct, err))
        return false;
    if (direct.state == PRECONDITION_UNKNOWN && !count_where(checks, change, bad_text.data, &text, err))
        return false;
    const struct finding *found = direct.state == PRECONDITION_UNKNOWN ? &text : &direct;
    if (found->state != PRECONDITION_BROKEN)
        return true;
    string_list_add(&statement->risks, "destructive");
    cleanup(text_free) struct text warning = {0};
    text_appendf(&warning,
                 "statement %" PRIu64 " (%s %s %s) changes what %" PRIu64 " row%s of the stand-in hold%s: %s cuts or "
                 "rounds it",
                 statement->id, action_name(statement->action), statement->class, statement->object, found->rows,
                 found->rows == 1 ? "" : "s", found->rows == 1 ? "s" : "", change->new_type);
    for (size_t i = 0; i < found->examples.count; i++)
        text_appendf(&warning, "%s%s", i == 0 ? ", for example " : ", ", found->examples.items[i]);
    string_list_add(checks->warnings, warning.data);
    return true;
}

static void append_obstacle(struct text *lines, const char *what, const struct finding *finding)
{
    text_appendf(lines, "%s%s: %" PRIu64 " row%s not", lines->length > 0 ? "\n" : "", what, finding->rows,
                 finding->rows == 1 ? " does" : "s do");
    for (size_t i = 0; i < finding->examples.count; i++)
        text_appendf(lines, "%s%s", i == 0 ? ", for example " : ", ", finding->examples.items[i]);
}

/* Has the stand-in the domain, and will not make it anew? */
static bool domain_stays(const struct preflight *preflight, const char *type)
{
    const struct object *domain = catalog_find(preflight->standin_catalog, CLASS_DOMAIN, type);

    for (size_t i = 0; i < preflight->diff->gone_count; i++)
        if (preflight->diff->gone[i] == domain)
            return false;
    return domain != NULL;
}

bool check_type_change(struct checks *checks, size_t statement, const struct object *column, struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    const struct schema_statement *of = &preflight->diff->statements[statement];
    const struct column_fate *fate = fate_of(preflight->diff, column);
    const struct object *old = in_standin(preflight, column);
    cleanup(finding_free) struct finding finding = {.state = PRECONDITION_HOLDS};

    if (of->action != ACTION_ALTER || old == NULL || fate == NULL || fate->expression == NULL ||
        strstr(of->sql, " TYPE ") == NULL)
        return true;
    struct change change = {column,    old, fate->expression, object_field(old, "type"), object_field(column, "type"),
                            fate->type};
    bool same_name = strcmp(change.old_type, change.new_type) == 0;
    if (!same_name && domain_stays(preflight, change.new_type))
        change.cast_type = change.new_type;
    if (only_widens(change.old_type, change.new_type) || fate->given_up)
        return true;
    const struct object *type = same_name ? catalog_find(preflight->main_catalog, CLASS_ENUM, change.new_type) : NULL;
    bool tried = fate->may_fail && preflight->rows_follow && preflight->delete_rows; /* casts.c */
    if (type != NULL ? !check_labels(checks, &change, type, &finding, err)
                     : !tried && !check_cast(checks, &change, &finding, err))
        return false;
    bool fits = finding.state == PRECONDITION_HOLDS;
    cleanup(free_string) char *text =
        format_string("%s: all values of %s become %s", column->parent->identity, column->name, change.new_type);
    /* The comparison of rows needs the cast as well. */
    if (preflight->rows_follow && finding.state == PRECONDITION_BROKEN)
        append_obstacle(&checks->obstacles, text, &finding);
    add_precondition(checks, statement, text, "stand-in", &finding);
    return !fits || same_name || preflight->rows_follow || warn_of_loss(checks, statement, &change, err);
}
