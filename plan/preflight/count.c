/* Counts the rows of one database that break a condition. */
#include "common/attempt.h"
#include "common/memory.h"
#include "plan/preflight/parts.h"

enum { SHOWN = 5 };

/* Comparing every row with every other one is not for large tables. */
enum { LARGEST_SELF_JOIN = 20000 };

void finding_free(struct finding *finding)
{
    string_list_free(&finding->examples);
    free(take(finding->note));
}

void finding_unknown(struct finding *finding, const char *why)
{
    if (finding->state == PRECONDITION_HOLDS)
        finding->state = PRECONDITION_UNKNOWN;
    if (finding->note == NULL)
        finding->note = copy_string(why);
}

void finding_add(struct finding *finding, uint64_t rows, const char *const *examples, size_t count)
{
    finding->rows += rows;
    if (rows > 0)
        finding->state = PRECONDITION_BROKEN;
    for (size_t i = 0; i < count && finding->examples.count < SHOWN; i++)
        if (examples[i] != NULL && examples[i][0] != '\0')
            string_list_add(&finding->examples, examples[i]);
}

bool count_query(struct connection *connection, const char *sql, struct finding *finding, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    if (!connection_attempt(connection, sql, 0, NULL, &result, &refusal, err))
        return false;
    if (result == NULL) {
        finding_unknown(finding, refusal.message);
        return true;
    }
    for (int row = 0; row < PQntuples(result); row++)
        finding_add(finding, row == 0 ? strtoull(PQgetvalue(result, row, 0), NULL, 10) : 0,
                    (const char *const[]){PQgetvalue(result, row, 1)}, 1);
    return true;
}

static bool is_kind(const struct condition *condition, const char *kind)
{
    return strcmp(condition->kind, kind) == 0;
}

const char *condition_alias(const struct checks *checks, const struct object *table, const struct condition *condition)
{
    (void)checks;
    return is_kind(condition, "foreign key") ? "f" : table->name;
}

void append_bad_rows(struct text *sql, const struct checks *checks, enum side side, const struct object *table,
                     const struct condition *condition)
{
    text_append(sql, " FROM ");
    append_source(sql, checks, side, table->schema, table->name, condition->alone,
                  condition_alias(checks, table, condition));
    text_appendf(sql, " WHERE %s", condition->bad);
    if (!is_kind(condition, "foreign key"))
        return;
    append_source(sql, checks, side, condition->parent_schema, condition->parent_table, condition->parent_only, "p");
    text_append(sql, condition->bad_tail);
}

static void append_check(struct text *sql, const struct checks *checks, enum side side, const struct object *table,
                         const struct condition *condition)
{
    text_append(sql, "SELECT count(*) OVER (), ");
    append_example(sql, condition, condition_alias(checks, table, condition));
    append_bad_rows(sql, checks, side, table, condition);
    text_appendf(sql, " ORDER BY 2 LIMIT %d", SHOWN);
}

static void append_unique(struct text *sql, const struct checks *checks, enum side side, const struct object *table,
                          const struct condition *condition)
{
    text_append(sql, "SELECT (sum(d.n) OVER ())::int8, ('(' || concat_ws(', '");
    for (size_t i = 0; i < condition->group_count; i++)
        text_appendf(sql, ", coalesce(left(d.e%zu::text, 60), 'null')", i + 1);
    text_append(sql, ") || ') ' || d.n || ' times') COLLATE \"C\" FROM (SELECT ");
    for (size_t i = 0; i < condition->group_count; i++)
        text_appendf(sql, "%s AS e%zu, ", condition->groups[i], i + 1);
    text_append(sql, "count(*) AS n FROM ");
    append_source(sql, checks, side, table->schema, table->name, condition->alone, table->name);
    if (condition->counted != NULL && condition->counted[0] != '\0')
        text_appendf(sql, " WHERE %s", condition->counted);
    for (size_t i = 0; i < condition->group_count; i++)
        text_appendf(sql, "%s%zu", i == 0 ? " GROUP BY " : ", ", i + 1);
    text_appendf(sql, " HAVING count(*) > 1) AS d ORDER BY 2 LIMIT %d", SHOWN);
}

/* matches: the expressions with their names, the predicate, and the expressions as text. */
static void append_exclude(struct text *sql, const struct checks *checks, enum side side, const struct object *table,
                           const struct condition *condition)
{
    text_appendf(sql, "SELECT count(*) OVER (), ('(' || concat_ws(', ', %s) || ')') COLLATE \"C\" FROM ",
                 condition->matches[2]);
    text_appendf(sql, "(SELECT ctid, tableoid, %s FROM ", condition->matches[0]);
    append_source(sql, checks, side, table->schema, table->name, condition->alone, table->name);
    text_appendf(sql, "%s) AS a WHERE %s", condition->matches[1], condition->bad);
    append_source(sql, checks, side, table->schema, table->name, condition->alone, table->name);
    text_appendf(sql, "%s ORDER BY 2 LIMIT %d", condition->bad_tail, SHOWN);
}

/* Where the server cannot say it, neither can it compare the rows: then the finding is unknown, and *small false. */
static bool is_small(const struct checks *checks, enum side side, const struct object *table,
                     const struct condition *condition, struct connection *connection, bool *small,
                     struct finding *finding, struct error *err)
{
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    text_append(&sql, "SELECT count(*) FROM (SELECT FROM ");
    append_source(&sql, checks, side, table->schema, table->name, condition->alone, table->name);
    text_appendf(&sql, " LIMIT %d) AS first_rows", LARGEST_SELF_JOIN + 1);
    if (!connection_attempt(connection, sql.data, 0, NULL, &result, &refusal, err))
        return false;
    *small = result != NULL && strtoull(PQgetvalue(result, 0, 0), NULL, 10) <= LARGEST_SELF_JOIN;
    if (!*small)
        finding_unknown(finding, result == NULL ? refusal.message
                                                : "the table is too large to compare its rows with each other");
    return true;
}

bool count_broken(const struct checks *checks, enum side side, const struct object *table,
                  const struct condition *condition, struct finding *finding, struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    struct connection *connection = &(side == MAIN ? preflight->main : preflight->standin)->connections[0];
    cleanup(text_free) struct text sql = {0};

    if (is_kind(condition, "hash") || is_kind(condition, "period")) {
        finding_unknown(finding, "PGSyncer does not check conditions of this kind");
        return true;
    }
    if (is_kind(condition, "exclude")) {
        bool small = false;
        if (!is_small(checks, side, table, condition, connection, &small, finding, err))
            return false;
        if (!small)
            return true;
        append_exclude(&sql, checks, side, table, condition);
    } else if (is_kind(condition, "unique")) {
        append_unique(&sql, checks, side, table, condition);
    } else {
        append_check(&sql, checks, side, table, condition);
    }
    return count_query(connection, sql.data, finding, err);
}
