/*
 * Conditions over rows of both databases: rows are carried from one to the other, some thousands at a time, and looked
 * up there. For foreign keys to tables that are not synchronised, or of such, and for rows that the stand-in keeps.
 */
#include "common/attempt.h"
#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"

enum { ROWS_AT_A_TIME = 5000 };

/* The rows that came over, in the probe; no table of the user's is called so. */
#define CARRIED "\"carried row\""

static char *column_array(const PGresult *rows, int column)
{
    struct text array = {0};
    size_t count = (size_t)PQntuples(rows);
    const char **items = allocate(count, sizeof *items);

    for (size_t i = 0; i < count; i++)
        items[i] = PQgetisnull(rows, (int)i, column) ? NULL : PQgetvalue(rows, (int)i, column);
    array_text_append(&array, items, count);
    free(items);
    return text_take(&array);
}

static bool probe_rows(struct connection *to, const char *probe, const PGresult *rows, struct finding *finding,
                       bool *refused, struct error *err)
{
    size_t column_count = (size_t)PQnfields(rows);
    char **arrays = allocate(column_count, sizeof *arrays);
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    for (size_t i = 0; i < column_count; i++)
        arrays[i] = column_array(rows, (int)i);
    bool good = connection_attempt(to, probe, column_count, (const char *const *)arrays, &result, &refusal, err);
    for (size_t i = 0; i < column_count; i++)
        free(arrays[i]);
    free(arrays);
    if (!good)
        return false;
    *refused = result == NULL;
    if (*refused)
        finding_unknown(finding, refusal.message);
    for (int row = 0; result != NULL && row < PQntuples(result); row++)
        finding_add(finding, row == 0 ? strtoull(PQgetvalue(result, row, 0), NULL, 10) : 0,
                    (const char *const[]){PQgetvalue(result, row, 1)}, 1);
    return true;
}

/* select: text columns, the last two of which are `n`, how many rows it stands for, and an example. */
static bool carry(struct connection *from, const char *select, struct connection *to, const char *probe,
                  struct finding *finding, struct error *err)
{
    cleanup(free_string) char *declare = format_string("DECLARE carried NO SCROLL CURSOR FOR %s", select);
    cleanup(free_string) char *fetch = format_string("FETCH %d FROM carried", ROWS_AT_A_TIME);
    cleanup(result_clear) PGresult *declared = NULL;
    cleanup(error_clear) struct error refusal = {0};
    bool refused = false, more = true;

    if (!connection_attempt(from, declare, 0, NULL, &declared, &refusal, err))
        return false;
    if (declared == NULL) {
        finding_unknown(finding, refusal.message);
        return true;
    }
    while (more && !refused) {
        cleanup(result_clear) PGresult *rows = NULL;
        if (!connection_attempt(from, fetch, 0, NULL, &rows, &refusal, err))
            return false;
        if (rows == NULL) {
            finding_unknown(finding, refusal.message);
            break;
        }
        more = PQntuples(rows) == ROWS_AT_A_TIME;
        if (PQntuples(rows) > 0 && !probe_rows(to, probe, rows, finding, &refused, err))
            return false;
    }
    return connection_run(from, "CLOSE carried", err);
}

/* `SELECT (sum(n) OVER ())::int8, example FROM unnest($1, …) AS carried (k1, …, n, example) WHERE ` */
static void append_probe(struct text *sql, size_t value_count)
{
    text_append(sql, "SELECT (sum(" CARRIED ".n::int8) OVER ())::int8, " CARRIED ".example FROM unnest(");
    for (size_t i = 0; i < value_count + 2; i++)
        text_appendf(sql, "%s$%zu::text[]", i > 0 ? ", " : "", i + 1);
    text_append(sql, ") AS " CARRIED " (");
    for (size_t i = 0; i < value_count; i++)
        text_appendf(sql, "k%zu, ", i + 1);
    text_append(sql, "n, example) WHERE ");
}

static void append_probe_end(struct text *sql)
{
    text_append(sql, " ORDER BY " CARRIED ".example COLLATE \"C\" LIMIT 5");
}

/* --- Rows of the one whose parents are the other's --- */

static void append_parent_missing(struct text *sql, const struct checks *checks, enum side side,
                                  const struct condition *condition, size_t first)
{
    text_append(sql, "NOT EXISTS (SELECT FROM ");
    append_source(sql, checks, side, condition->parent_schema, condition->parent_table, condition->parent_only, "p");
    for (size_t i = 0; i < condition->match_count; i++)
        text_appendf(sql, "%s%s" CARRIED ".k%zu::%s", i == 0 ? " WHERE " : " AND ", condition->matches[i], first + i,
                     condition->types[i]);
    text_append(sql, ")");
}

static void append_column(struct text *sql, const char *alias, const char *column)
{
    quote_identifier(sql, alias);
    text_append_char(sql, '.');
    quote_identifier(sql, column);
}

bool count_missing_parents(const struct checks *checks, enum side side, const struct object *table,
                           const struct condition *condition, struct finding *finding, struct error *err)
{
    struct connection *main = &checks->preflight->main->connections[0];
    struct connection *standin = &checks->preflight->standin->connections[0];
    cleanup(text_free) struct text select = {0}, probe = {0}, values = {0};

    for (size_t i = 0; i < condition->column_count; i++) {
        text_append(&values, i > 0 ? ", " : "");
        append_column(&values, "f", condition->columns[i]);
    }
    text_append(&select, "SELECT ");
    for (size_t i = 0; i < condition->column_count; i++) {
        append_column(&select, "f", condition->columns[i]);
        text_append(&select, "::text, ");
    }
    text_append(&select, "count(*)::text, ");
    append_values(&select, condition->columns, condition->column_count, "f");
    text_append(&select, " FROM ");
    append_source(&select, checks, side, table->schema, table->name, condition->alone, "f");
    for (size_t i = 0; i < condition->column_count; i++) {
        text_append(&select, i == 0 ? " WHERE " : " AND ");
        append_column(&select, "f", condition->columns[i]);
        text_append(&select, " IS NOT NULL");
    }
    if (side == STANDIN) {
        text_appendf(&select, " AND NOT (%s", condition->bad);
        append_source(&select, checks, STANDIN, condition->parent_schema, condition->parent_table,
                      condition->parent_only, "p");
        text_appendf(&select, "%s)", condition->bad_tail);
    }
    text_appendf(&select, " GROUP BY %s ORDER BY %s", values.data, values.data);
    append_probe(&probe, condition->column_count);
    append_parent_missing(&probe, checks, side == MAIN ? STANDIN : MAIN, condition, 1);
    append_probe_end(&probe);
    return carry(side == MAIN ? main : standin, select.data, side == MAIN ? standin : main, probe.data, finding, err);
}

/* --- Rows that the stand-in keeps --- */

/* What identifies a row: the key's columns, or the whole row as text. */
struct row_key {
    struct text select; /* `a.k1::text, a.k2::text, ` */
    struct text absent; /* NOT EXISTS (…) of main's table */
    size_t count;
};

static void row_key_free(struct row_key *key)
{
    text_free(&key->select);
    text_free(&key->absent);
}

static void append_whole_row(struct text *sql, const struct checks *checks, const struct object *table,
                             const char *alias)
{
    const struct catalog *catalog = checks->preflight->main_catalog;
    bool first = true;

    text_append(sql, "ROW(");
    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *column = catalog->objects[i];
        if (column->class != CLASS_COLUMN || column->parent != table)
            continue;
        text_append(sql, first ? "" : ", ");
        append_column(sql, alias, column->name);
        first = false;
    }
    text_append(sql, ")::text");
}

/* first: the number of the carried column that holds the key's first. */
static void append_absent(struct text *sql, const struct checks *checks, const struct object *table,
                          const struct condition *condition, size_t first)
{
    text_append(sql, "NOT EXISTS (SELECT FROM ");
    append_source(sql, checks, MAIN, table->schema, table->name, condition->alone, "main row");
    for (size_t i = 0; i < condition->key_count; i++) {
        text_append(sql, i == 0 ? " WHERE " : " AND ");
        append_column(sql, "main row", condition->key[i]);
        text_appendf(sql, " = " CARRIED ".k%zu::%s", first + i, condition->key_types[i]);
    }
    if (condition->key_count == 0) {
        text_append(sql, " WHERE ");
        append_whole_row(sql, checks, table, "main row");
        text_appendf(sql, " = " CARRIED ".k%zu", first);
    }
    text_append(sql, ")");
}

static void make_key(struct row_key *key, const struct checks *checks, const struct object *table,
                     const struct condition *condition, const char *alias)
{
    for (size_t i = 0; i < condition->key_count; i++) {
        append_column(&key->select, alias, condition->key[i]);
        text_append(&key->select, "::text, ");
    }
    if (condition->key_count == 0) {
        append_whole_row(&key->select, checks, table, alias);
        text_append(&key->select, ", ");
    }
    key->count = condition->key_count > 0 ? condition->key_count : 1;
    append_absent(&key->absent, checks, table, condition, 1);
}

/* By the key, as text: so that the examples are always the same. */
static void append_order(struct text *sql, const struct row_key *key)
{
    for (size_t i = 1; i <= key->count; i++)
        text_appendf(sql, "%s%zu", i == 1 ? " ORDER BY " : ", ", i);
}

/* Rows that break a check by themselves, or a foreign key unless main brings the parent. */
static bool count_kept_checks(const struct checks *checks, const struct object *table,
                              const struct condition *condition, struct finding *finding, struct error *err)
{
    const char *alias = condition_alias(checks, table, condition);
    const struct preflight *preflight = checks->preflight;
    cleanup(text_free) struct text select = {0}, probe = {0}, parent = {0};
    cleanup(row_key_free) struct row_key key = {0};
    bool foreign_key = strcmp(condition->kind, "foreign key") == 0;

    make_key(&key, checks, table, condition, alias);
    text_appendf(&select, "SELECT %s", key.select.data);
    for (size_t i = 0; foreign_key && i < condition->column_count; i++) {
        append_column(&select, "f", condition->columns[i]);
        text_append(&select, "::text, ");
    }
    text_append(&select, "'1', ");
    append_example(&select, condition, alias);
    append_bad_rows(&select, checks, STANDIN, table, condition);
    append_order(&select, &key);
    append_probe(&probe, key.count + (foreign_key ? condition->column_count : 0));
    text_append(&probe, key.absent.data);
    if (foreign_key) {
        quote_qualified(&parent, condition->parent_schema, condition->parent_table);
        if (catalog_find(preflight->main_catalog, CLASS_TABLE, parent.data) != NULL) {
            text_append(&probe, " AND ");
            append_parent_missing(&probe, checks, MAIN, condition, key.count + 1);
        }
    }
    append_probe_end(&probe);
    return carry(&preflight->standin->connections[0], select.data, &preflight->main->connections[0], probe.data,
                 finding, err);
}

static bool is_counted(const struct condition *condition)
{
    return condition->counted != NULL && condition->counted[0] != '\0';
}

static void append_where_counted(struct text *sql, const struct condition *condition)
{
    if (is_counted(condition))
        text_appendf(sql, " WHERE %s", condition->counted);
}

/* Rows whose value another row of main has. */
static bool count_kept_against_main(const struct checks *checks, const struct object *table,
                                    const struct condition *condition, const struct row_key *key,
                                    struct finding *finding, struct error *err)
{
    cleanup(text_free) struct text select = {0}, probe = {0};

    text_appendf(&select, "SELECT %s", key->select.data);
    for (size_t i = 0; i < condition->group_count; i++)
        text_appendf(&select, "(%s)::text, ", condition->groups[i]);
    text_append(&select, "'1', ");
    append_example(&select, condition, table->name);
    text_append(&select, " FROM ");
    append_source(&select, checks, STANDIN, table->schema, table->name, condition->alone, table->name);
    append_where_counted(&select, condition);
    append_order(&select, key);
    append_probe(&probe, key->count + condition->group_count);
    text_appendf(&probe, "%s AND EXISTS (SELECT FROM ", key->absent.data);
    append_source(&probe, checks, MAIN, table->schema, table->name, condition->alone, table->name);
    append_where_counted(&probe, condition);
    for (size_t i = 0; i < condition->group_count; i++)
        text_appendf(&probe, "%s(%s) = " CARRIED ".k%zu::%s", i > 0 || is_counted(condition) ? " AND " : " WHERE ",
                     condition->groups[i], key->count + i + 1, condition->types[i]);
    text_append(&probe, ")");
    append_probe_end(&probe);
    return carry(&checks->preflight->standin->connections[0], select.data, &checks->preflight->main->connections[0],
                 probe.data, finding, err);
}

/* Rows with the value of the row before them, where both stay. */
static bool count_kept_pairs(const struct checks *checks, const struct object *table, const struct condition *condition,
                             const struct row_key *key, struct finding *finding, struct error *err)
{
    cleanup(text_free) struct text select = {0}, probe = {0}, inner = {0};

    text_appendf(&inner, "SELECT ARRAY[%s NULL] AS k, ", key->select.data);
    append_example(&inner, condition, table->name);
    text_append(&inner, " AS example, row_number() OVER () AS number");
    for (size_t i = 0; i < condition->group_count; i++)
        text_appendf(&inner, ", %s AS e%zu", condition->groups[i], i + 1);
    text_append(&inner, " FROM ");
    append_source(&inner, checks, STANDIN, table->schema, table->name, condition->alone, table->name);
    append_where_counted(&inner, condition);
    text_append(&select, "SELECT ");
    for (size_t i = 1; i <= key->count; i++)
        text_appendf(&select, "w.k[%zu], w.before[%zu], ", i, i);
    text_append(&select, "'1', w.example FROM (SELECT d.k, d.example, lag(d.k) OVER (PARTITION BY ");
    for (size_t i = 1; i <= condition->group_count; i++)
        text_appendf(&select, "%sd.e%zu", i > 1 ? ", " : "", i);
    text_appendf(&select, " ORDER BY d.k, d.number) AS before FROM (%s) AS d) AS w WHERE w.before IS NOT NULL",
                 inner.data);
    append_order(&select, key);
    append_probe(&probe, 2 * key->count);
    text_append(&probe, "true");
    for (size_t which = 1; which <= 2; which++) {
        text_append(&probe, " AND NOT EXISTS (SELECT FROM ");
        append_source(&probe, checks, MAIN, table->schema, table->name, condition->alone, "main row");
        for (size_t i = 0; i < key->count; i++) {
            text_append(&probe, i == 0 ? " WHERE " : " AND ");
            if (condition->key_count > 0)
                append_column(&probe, "main row", condition->key[i]);
            else
                append_whole_row(&probe, checks, table, "main row");
            text_appendf(&probe, " = " CARRIED ".k%zu::%s", 2 * i + which,
                         condition->key_count > 0 ? condition->key_types[i] : "text");
        }
        text_append(&probe, ")");
    }
    append_probe_end(&probe);
    return carry(&checks->preflight->standin->connections[0], select.data, &checks->preflight->main->connections[0],
                 probe.data, finding, err);
}

bool count_kept(const struct checks *checks, const struct object *table, const struct condition *condition,
                struct finding *finding, struct error *err)
{
    if (strcmp(condition->kind, "check") == 0 || strcmp(condition->kind, "foreign key") == 0)
        return count_kept_checks(checks, table, condition, finding, err);
    if (strcmp(condition->kind, "unique") != 0) {
        finding_unknown(finding, "PGSyncer does not check this for rows that the stand-in keeps");
        return true;
    }
    cleanup(row_key_free) struct row_key key = {0};
    make_key(&key, checks, table, condition, table->name);
    return count_kept_against_main(checks, table, condition, &key, finding, err) &&
           count_kept_pairs(checks, table, condition, &key, finding, err);
}
