/*
 * Partitions that main lacks and that stay, beside those that come: their bounds must not overlap, and a default
 * partition must hold no row of another one. The stand-in's server compares the values.
 */
#include "common/attempt.h"
#include "common/catalog/sql_tokens.h"
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"
#include "plan/preflight/sql.h"

#include <inttypes.h>

enum { RANGE_BOUNDS = 2 };

/* `(a, 'b')` of a bound: the SQL of its values. */
struct values {
    const char **items;
    size_t count;
};

struct bound {
    struct values lists[RANGE_BOUNDS]; /* IN; or FROM and TO */
    size_t list_count;                 /* 0: of a hash or default partition */
};

static struct bound read_bound(struct arena *arena, const char *text)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};
    struct bound bound = {.list_count = 0};

    sql_tokens_read(&tokens, text);
    for (size_t i = 1; i < tokens.count && bound.list_count < RANGE_BOUNDS; i++) {
        const struct sql_token *word = &tokens.items[i - 1];

        if (sql_token_is(&tokens.items[i], "(") &&
            (sql_token_is(word, "IN") || sql_token_is(word, "FROM") || sql_token_is(word, "TO"))) {
            struct values *values = &bound.lists[bound.list_count++];
            values->count = sql_list_items(arena, &tokens, i, &values->items);
        }
    }
    return bound;
}

/* --- What the server is asked --- */

enum { TYPE, COLLATION, LESS, EQUAL };

static void append_value(struct text *sql, const PGresult *key, size_t place, const char *value)
{
    text_appendf(sql, "(%s)::%s%s", value, PQgetvalue(key, (int)place, TYPE), PQgetvalue(key, (int)place, COLLATION));
}

/* Below all values, one of them, or above all. */
static int rank(const char *value)
{
    return strcmp(value, "MINVALUE") == 0 ? -1 : strcmp(value, "MAXVALUE") == 0;
}

static void append_less(struct text *sql, const PGresult *key, const struct values *a, const struct values *b,
                        size_t place)
{
    if (place >= a->count || place >= b->count || (int)place >= PQntuples(key)) {
        text_append(sql, "false");
        return;
    }
    int left = rank(a->items[place]), right = rank(b->items[place]);
    if (left != 0 || right != 0) {
        text_append(sql, left < right ? "true" : "false");
        return;
    }
    for (int i = LESS; i <= EQUAL; i++) {
        text_append(sql, i == LESS ? "(" : " OR (");
        append_value(sql, key, place, a->items[place]);
        text_appendf(sql, " %s ", PQgetvalue(key, (int)place, i));
        append_value(sql, key, place, b->items[place]);
    }
    text_append(sql, " AND ");
    append_less(sql, key, a, b, place + 1);
    text_append(sql, "))");
}

static void append_rows_of_values(struct text *sql, const PGresult *key, const struct values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        text_append(sql, i == 0 ? "(VALUES (" : ", (");
        append_value(sql, key, 0, values->items[i]);
        text_append(sql, ")");
    }
    text_append(sql, ")");
}

static void append_overlap(struct text *sql, const PGresult *key, const struct bound *a, const struct bound *b)
{
    if (a->list_count == RANGE_BOUNDS) {
        append_less(sql, key, &a->lists[0], &b->lists[1], 0);
        text_append(sql, " AND ");
        append_less(sql, key, &b->lists[0], &a->lists[1], 0);
        return;
    }
    text_append(sql, "EXISTS (SELECT FROM ");
    append_rows_of_values(sql, key, &a->lists[0]);
    text_append(sql, " AS a (v), ");
    append_rows_of_values(sql, key, &b->lists[0]);
    text_appendf(sql, " AS b (v) WHERE a.v %s b.v OR (a.v IS NULL AND b.v IS NULL))", PQgetvalue(key, 0, EQUAL));
}

/* --- Pairs of partitions --- */

struct neighbours {
    const struct object *new, *kept; /* main's, and the stand-in's */
    PGresult *key;                   /* of their table: partition_key.sql */
};

static const char *bound_of(const struct object *partition)
{
    return object_field(partition, "partition_bound");
}

/* What the server does not know yet, it says when the partition is attached. */
static bool ask_overlap(const struct checks *checks, const struct neighbours *pair, bool *overlap, struct error *err)
{
    struct connection *connection = &checks->preflight->standin->connections[0];
    struct bound new = read_bound(checks->arena, bound_of(pair->new));
    struct bound kept = read_bound(checks->arena, bound_of(pair->kept));
    cleanup(text_free) struct text sql = {0};
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(error_clear) struct error refusal = {0};

    if (PQntuples(pair->key) == 0 || new.list_count == 0 || new.list_count != kept.list_count)
        return true;
    text_append(&sql, "SELECT ");
    append_overlap(&sql, pair->key, &new, &kept);
    if (!connection_attempt(connection, sql.data, 0, NULL, &result, &refusal, err))
        return false;
    *overlap = result != NULL && strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    return true;
}

/* Rows of the default partition that are within the other's bounds: the stand-in's of one that stays. */
static bool count_inside(struct checks *checks, const struct neighbours *pair, struct finding *finding,
                         struct error *err)
{
    const struct question question = {"partition", pair->new->schema, pair->new->name, NULL};
    struct condition *condition;
    cleanup(text_free) struct text sql = {0};

    if (!conditions_read(checks, MAIN, &question, 1, &condition, err))
        return false;
    if (condition->kind == NULL || strcmp(condition->kind, "check") != 0)
        return true;
    text_append(&sql, "SELECT count(*), NULL FROM ");
    append_source(&sql, checks, STANDIN, pair->kept->schema, pair->kept->name, true, pair->kept->name);
    text_appendf(&sql, " WHERE NOT (%s)", condition->bad);
    return count_query(&checks->preflight->standin->connections[0], sql.data, finding, err);
}

static bool is_default(const struct object *partition)
{
    return strcmp(bound_of(partition), "DEFAULT") == 0;
}

/* Main's hash partitions are all that there can be. */
static bool is_hash(const struct object *partition)
{
    return strncmp(bound_of(partition), "FOR VALUES WITH ", strlen("FOR VALUES WITH ")) == 0;
}

static bool compare_pair(struct checks *checks, const struct neighbours *pair, struct text *lines, struct error *err)
{
    bool overlap = (is_hash(pair->new) && is_hash(pair->kept)) || (is_default(pair->new) && is_default(pair->kept));
    cleanup(finding_free) struct finding finding = {.state = PRECONDITION_HOLDS};

    if (!overlap && is_default(pair->kept) && !count_inside(checks, pair, &finding, err))
        return error_context(err, "checking the stand-in's rows of %s", pair->kept->identity);
    if (!overlap && !ask_overlap(checks, pair, &overlap, err))
        return error_context(err, "comparing the bounds of %s", pair->kept->identity);
    if (overlap)
        text_appendf(lines, "\ntable %s takes rows of table %s", pair->kept->identity, pair->new->identity);
    else if (finding.rows > 0)
        text_appendf(lines, "\ntable %s has %" PRIu64 " row%s within the bounds of table %s", pair->kept->identity,
                     finding.rows, finding.rows == 1 ? "" : "s", pair->new->identity);
    return true;
}

/* --- Which there are --- */

static bool differs(const struct object *new, const struct object *old, const char *field)
{
    const char *a = object_field(new, field), *b = object_field(old, field);

    return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

/* Is main's table made a partition by the plan? */
static bool is_attached(const struct preflight *preflight, const struct object *new, const bool *gone)
{
    const struct object *old = new->class == CLASS_TABLE &&bound_of(new) != NULL ? in_standin(preflight, new) : NULL;

    return new->class == CLASS_TABLE &&bound_of(new) != NULL &&
           (old == NULL || gone[old->number] || differs(new, old, "partition_of") ||
            differs(new, old, "partition_bound"));
}

static bool compare_kept(struct checks *checks, const struct object *new, const bool *gone, struct text *lines,
                         struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    const char *parent_name = object_field(new, "partition_of");
    const struct object *parent = catalog_find(preflight->standin_catalog, CLASS_TABLE, parent_name);
    struct neighbours pair = {.new = new};
    cleanup(result_clear) PGresult *key = NULL;

    if (parent == NULL || gone[parent->number])
        return true;
    for (size_t i = 0; i < preflight->standin_catalog->count; i++) {
        pair.kept = preflight->standin_catalog->objects[i];
        if (pair.kept->class != CLASS_TABLE || gone[i] || bound_of(pair.kept) == NULL ||
            strcmp(object_field(pair.kept, "partition_of"), parent_name) != 0 ||
            catalog_find(preflight->main_catalog, CLASS_TABLE, pair.kept->identity) != NULL)
            continue;
        const struct renamed_table *renamed = renames_find(preflight->renames, parent->schema, parent->name);
        const char *const name[] = {parent->schema, renamed != NULL ? renamed->old_name : parent->name};
        if (key == NULL &&
            !connection_query(&preflight->standin->connections[0], sql_partition_key, 2, name, &key, err))
            return error_context(err, "reading the partition key of %s", parent_name);
        pair.key = key;
        if (!compare_pair(checks, &pair, lines, err))
            return false;
    }
    return true;
}

bool check_bounds(struct checks *checks, struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    cleanup(text_free) struct text lines = {0};
    bool *gone = mark_gone(preflight), good = true;

    for (size_t i = 0; good && i < preflight->main_catalog->count; i++)
        if (is_attached(preflight, preflight->main_catalog->objects[i], gone))
            good = compare_kept(checks, preflight->main_catalog->objects[i], gone, &lines, err);
    free(gone);
    if (!good || lines.length == 0)
        return good;
    error_set(err, ERROR_REFUSED, "what main lacks is in the way of what main has");
    error_detail(err, "%s", lines.data + 1);
    return error_hint(err, "Use --clean-extra, or drop or detach these on the stand-in, or move their rows.");
}
