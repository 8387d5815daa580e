/*
 * Brings main's rows over, for a plan of --fdw-mode.
 *
 * The plan has the fingerprint of every row that it wants. A row of main is the one that the plan saw if it has that
 * fingerprint, which the stand-in computes of what has arrived: so it proves the way as well. Keys only keep main from
 * sending more than is wanted. This also holds for rows without a key, of which the plan wants so many copies, and for
 * tables with children, whose rows postgres_fdw cannot leave out.
 */
#include "apply/fetch.h"

#include "apply/proof.h"
#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/quote.h"
#include "common/text.h"

#include <inttypes.h>

enum { EXAMPLES = 5 };

struct fetching {
    struct apply_job *job;
    const struct plan_table *table;
    size_t number;
    enum rows_kind kind;
    const char *source, *condition; /* a FROM item of the alias t; what of it is looked at, or NULL */
    uint64_t keys;                  /* at a time, with a condition */
    uint64_t missing;               /* of those wanted */
    size_t named;                   /* of these */
    struct text examples;
};

/* `prefix.a, prefix.b`, or `prefixN` for the N-th column with numbers; all but the generated ones. */
static void append_written(struct text *sql, const struct table_shape *shape, bool numbers, const char *prefix,
                           const char *separator)
{
    for (size_t i = 0; i < shape->column_count; i++) {
        if (shape->columns[i].generated)
            continue;
        text_appendf(sql, "%s%s", separator, prefix);
        if (numbers)
            text_appendf(sql, "%zu", i);
        else
            quote_identifier(sql, shape->columns[i].name);
        separator = ", ";
    }
}

/* ` (a, b)`, or nothing where there are no such columns. */
static void append_list(struct text *sql, const struct table_shape *shape)
{
    cleanup(text_free) struct text names = {0};

    append_written(&names, shape, false, "", "");
    if (names.length > 0)
        text_appendf(sql, " (%s)", names.data);
}

static bool put_names(void *context, const char *bytes, size_t length, struct error *err)
{
    const struct fetching *fetching = context;

    progress_bytes(fetching->job->progress, length);
    return connection_copy_put(&fetching->job->connection, bytes, length, err);
}

static bool put_part(void *context, const struct plan_entry *entry, struct error *err)
{
    const struct fetching *fetching = context;

    return plan_read_entry(&fetching->job->plan, entry, put_names, context, err);
}

/* pgsyncer_wanted: the key as k0, k1 …, the fingerprint f, and the number n, from 1. */
static bool load_names(struct fetching *fetching, uint64_t *wanted, struct error *err)
{
    const struct table_shape *shape = &fetching->table->shape;
    struct connection *connection = &fetching->job->connection;
    bool keyed =
        rows_form(fetching->table, fetching->kind, fetching->job->plan.manifest->options.before_images) == ROWS_KEYED;
    cleanup(text_free) struct text create = {0}, copy = {0};

    text_append(&create, "CREATE TEMPORARY TABLE pgsyncer_wanted ON COMMIT DROP AS SELECT ");
    text_append(&copy, "COPY pg_temp.pgsyncer_wanted (");
    for (size_t i = 0; keyed && i < shape->key_count; i++) {
        text_append(&create, "t.");
        quote_identifier(&create, shape->columns[shape->key[i]].name);
        text_appendf(&create, " AS k%zu, ", i);
        text_appendf(&copy, "k%zu, ", i);
    }
    text_append(&create, "0::int8 AS f FROM ONLY ");
    quote_qualified(&create, shape->schema, shape->name);
    text_append(&create, " AS t WITH NO DATA; ALTER TABLE pg_temp.pgsyncer_wanted"
                         " ADD n int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
    text_append(&copy, "f) FROM STDIN");
    return connection_run(connection, create.data, err) &&
           connection_query(connection, copy.data, 0, NULL, NULL, err) &&
           plan_visit_rows(&fetching->job->plan, fetching->number, fetching->kind, put_part, fetching, err) &&
           connection_copy_end(connection, wanted, err) &&
           connection_run(connection, "ANALYZE pg_temp.pgsyncer_wanted (f, n)", err);
}

/* What is looked at, with the fingerprint as f. OFFSET 0: it is computed once, and here, of what has arrived. */
static void append_source(struct text *sql, const struct fetching *fetching, bool columns)
{
    const struct table_shape *shape = &fetching->table->shape;

    text_append(sql, "(SELECT ");
    fingerprint_row(sql, shape, NULL, "t");
    text_append(sql, " AS f");
    for (size_t i = 0; columns && i < shape->column_count; i++) {
        if (shape->columns[i].generated)
            continue;
        text_append(sql, ", t.");
        quote_identifier(sql, shape->columns[i].name);
        text_appendf(sql, " AS c%zu", i);
    }
    text_appendf(sql, " FROM %s WHERE %s OFFSET 0)", fetching->source,
                 fetching->condition != NULL ? fetching->condition : "true");
}

/* $1 and $2 bound the numbers of those wanted. */
static char *fetch_statement(const struct fetching *fetching)
{
    const struct table_shape *shape = &fetching->table->shape;
    struct text sql = {0};

    text_appendf(&sql, "INSERT INTO pg_temp.pgsyncer_%s", rows_kind_name(fetching->kind));
    append_list(&sql, shape);
    text_append(&sql, "\nSELECT");
    append_written(&sql, shape, true, "r.c", " ");
    text_append(&sql, "\nFROM (SELECT s.*, row_number() OVER (PARTITION BY s.f) AS copy\n  FROM ");
    append_source(&sql, fetching, true);
    text_append(&sql,
                " AS s\n  WHERE s.f IN (SELECT w.f FROM pg_temp.pgsyncer_wanted AS w WHERE w.n >= $1 AND w.n < $2)"
                ") AS r\nJOIN (SELECT w.f, count(*) AS copies FROM pg_temp.pgsyncer_wanted AS w\n"
                "  WHERE w.n >= $1 AND w.n < $2 GROUP BY w.f) AS w ON w.f = r.f AND r.copy <= w.copies");
    return text_take(&sql);
}

/* Which of those wanted were not found: by key, where they have one. */
static char *missing_statement(const struct fetching *fetching)
{
    const struct table_shape *shape = &fetching->table->shape;
    struct text sql = {0};

    text_append(&sql, "SELECT left(ROW(");
    for (size_t i = 0; i < shape->key_count; i++)
        text_appendf(&sql, "%sw.k%zu", i > 0 ? ", " : "", i);
    text_append(&sql, ")::text, 200) FROM pg_temp.pgsyncer_wanted AS w WHERE w.n >= $1 AND w.n < $2"
                      " AND w.f NOT IN (SELECT s.f FROM ");
    append_source(&sql, fetching, false);
    text_append(&sql, " AS s) ORDER BY w.n LIMIT 10");
    return text_take(&sql);
}

static bool name_missing(struct fetching *fetching, const char *const *range, struct error *err)
{
    cleanup(free_string) char *sql = missing_statement(fetching);
    cleanup(result_clear) PGresult *rows = NULL;

    if (!connection_query(&fetching->job->connection, sql, 2, range, &rows, err))
        return false;
    for (int i = 0; i < PQntuples(rows) && fetching->named < EXAMPLES; i++, fetching->named++)
        text_appendf(&fetching->examples, "%s%s", fetching->named > 0 ? ", " : "", PQgetvalue(rows, i, 0));
    return true;
}

static bool fetch_range(struct fetching *fetching, const char *sql, uint64_t first, uint64_t end, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;
    char from[32], to[32];
    const char *const range[] = {from, to};

    snprintf(from, sizeof from, "%" PRIu64, first);
    snprintf(to, sizeof to, "%" PRIu64, end);
    if (!connection_query(&fetching->job->connection, sql, 2, range, &result, err))
        return false;
    uint64_t found = strtoull(PQcmdTuples(result), NULL, 10);
    progress_step(fetching->job->progress, fetching->table->shape.name, end - first);
    fetching->missing += end - first - found;
    return found == end - first || fetching->table->shape.key_count == 0 || fetching->named == EXAMPLES ||
           name_missing(fetching, range, err);
}

static bool fetch_batches(struct fetching *fetching, uint64_t wanted, struct error *err)
{
    uint64_t batch = fetching->condition != NULL ? fetching->keys : wanted; /* else all is read, once */
    cleanup(free_string) char *sql = fetch_statement(fetching);

    for (uint64_t first = 1, end; first <= wanted; first = end) {
        end = first + batch <= wanted ? first + batch : wanted + 1;
        if (!fetch_range(fetching, sql, first, end, err))
            return fetching->kind == ROWS_DELETE ? false : explain_main(err);
    }
    return true;
}

/* The stand-in's own rows are as the plan saw them, or in conflict with it; main's may have moved on. */
static bool judge_missing(const struct fetching *fetching, struct error *err)
{
    const struct table_shape *shape = &fetching->table->shape;
    uint64_t count = fetching->missing;

    if (count == 0)
        return true;
    if (fetching->kind != ROWS_DELETE) {
        job_note_moved(fetching->job, "%s.%s: %" PRIu64 " row%s to %s changed or gone%s%s", shape->schema, shape->name,
                       count, count == 1 ? "" : "s", rows_kind_name(fetching->kind),
                       fetching->named > 0 ? ", such as " : "", fetching->named > 0 ? fetching->examples.data : "");
        return true;
    }
    error_set(err, ERROR_CONFLICT, "%s.%s: %" PRIu64 " row%s not as the plan saw %s", shape->schema, shape->name, count,
              count == 1 ? " is" : "s are", count == 1 ? "it" : "them");
    error_detail(err, "NOTFOUND delete: the plan has only the fingerprints of these rows (--no-before-images)");
    return error_hint(err, "Nothing was changed. Make a new plan from the stand-in as it is now.");
}

bool fetch_named(struct apply_job *job, size_t number, enum rows_kind kind, const struct main_lookup *lookup,
                 struct error *err)
{
    const struct plan_table *table = &job->plan.manifest->tables[number];
    struct fetching fetching = {.job = job, .table = table, .number = number, .kind = kind};
    cleanup(text_free) struct text own = {0};
    uint64_t wanted = 0;

    fingerprint_source(&own, &table->shape, NULL);
    fetching.source = own.data;
    if (kind != ROWS_DELETE) {
        fetching.source = "pg_temp.pgsyncer_main AS t";
        fetching.condition = lookup->condition;
        fetching.keys = lookup->keys;
    }
    bool fetched =
        load_names(&fetching, &wanted, err) && fetch_batches(&fetching, wanted, err) && judge_missing(&fetching, err);
    text_free(&fetching.examples);
    return fetched && connection_run(&job->connection, "DROP TABLE pg_temp.pgsyncer_wanted", err);
}

/* A constraint that keeps a row out is the stand-in's own, whether main had that row when the plan was made or not. */
static bool explain_copy(struct error *err)
{
    if (err->code == ERROR_REFUSED) /* no partition takes it, and why is said */
        return false;
    if (strncmp(err->sqlstate, "23", 2) != 0)
        return explain_main(err);
    err->code = ERROR_CONFLICT;
    return error_hint(err,
                      "A row of main does not fit here: the stand-in has a constraint that main lacks, or main has "
                      "moved on since the plan was made.");
}

bool fetch_all(struct apply_job *job, size_t number, uint64_t *rows, struct error *err)
{
    const struct table_shape *shape = &job->plan.manifest->tables[number].shape;
    cleanup(result_clear) PGresult *result = NULL;
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "INSERT INTO ");
    quote_qualified(&sql, shape->schema, shape->name);
    append_list(&sql, shape);
    text_append(&sql, " OVERRIDING SYSTEM VALUE\nSELECT");
    append_written(&sql, shape, false, "t.", " ");
    text_append(&sql, "\nFROM pg_temp.pgsyncer_main AS t");
    if (!connection_query(&job->connection, sql.data, 0, NULL, &result, err))
        return explain_copy(err);
    *rows = strtoull(PQcmdTuples(result), NULL, 10);
    return proof_of_copy(job, number, err);
}
