/* Constraints of domains: they are checked wherever a column is of the domain, in every schema of the stand-in. */
#include "common/memory.h"
#include "common/quote.h"
#include "plan/preflight/parts.h"
#include "plan/preflight/sql.h"

/* What breaks it, over a column called "value": the word VALUE of the domain's definition then means that column. */
static bool find_bad(const struct checks *checks, const struct object *domain, const struct object *constraint,
                     char **bad, struct error *err)
{
    static const char query[] = "SELECT (SELECT format('(%s) IS FALSE', pg_get_expr(k.conbin, 0)) FROM pg_constraint k "
                                "JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace "
                                "WHERE n.nspname = $1 AND t.typname = $2 AND k.conname = $3)";

    if (constraint == NULL) {
        *bad = copy_string("value IS NULL");
        return true;
    }
    return connection_value(&checks->preflight->main->connections[0], query, 3,
                            (const char *const[]){domain->schema, domain->name, constraint->name}, bad, err);
}

static bool check_column(struct checks *checks, size_t statement, const char *bad, const char *what,
                         const PGresult *columns, int row, struct error *err)
{
    const char *schema = PQgetvalue(columns, row, 0), *table = PQgetvalue(columns, row, 1);
    const char *column = PQgetvalue(columns, row, 2);
    const struct preflight *preflight = checks->preflight;
    cleanup(finding_free) struct finding finding = {.state = PRECONDITION_HOLDS};
    cleanup(text_free) struct text identity = {0}, renamed = {0}, sql = {0};

    quote_qualified(&identity, schema, table);
    quote_qualified(&renamed, schema, renames_new_name(preflight->renames, schema, table));
    bool chosen = catalog_find(preflight->main_catalog, CLASS_TABLE, renamed.data) != NULL;
    bool mains = chosen && preflight->rows_follow && preflight->diff->statements[statement].phase == PHASE_POST_DATA;
    if (!mains || !preflight->delete_rows) {
        text_append(&sql, "SELECT count(*) OVER (), (d.example) COLLATE \"C\" FROM (SELECT ");
        quote_identifier(&sql, column);
        text_append(&sql, " AS value, ");
        append_values(&sql, &column, 1, table);
        text_appendf(&sql, " AS example FROM ONLY %s AS ", identity.data);
        quote_identifier(&sql, table);
        text_appendf(&sql, ") AS d WHERE %s ORDER BY 2 LIMIT 5", bad);
        if (!count_query(&preflight->standin->connections[0], sql.data, &finding, err))
            return error_context(err, "checking the rows of %s", identity.data);
    }
    if (mains && finding.state == PRECONDITION_BROKEN)
        finding.note = copy_string("rows that main replaces are counted too");
    cleanup(free_string) char *text = format_string("%s: %s for every value of %s", identity.data, what, column);
    add_precondition(checks, statement, text, !mains ? "stand-in" : preflight->delete_rows ? "main" : "both", &finding);
    return true;
}

bool check_domain(struct checks *checks, size_t statement, const struct object *object, struct error *err)
{
    const struct preflight *preflight = checks->preflight;
    const struct schema_statement *of = &preflight->diff->statements[statement];
    const struct object *constraint = object->class == CLASS_CONSTRAINT ? object : NULL;
    const struct object *domain = constraint != NULL ? constraint->parent : object;
    const struct object *old = in_standin(preflight, domain);
    cleanup(result_clear) PGresult *columns = NULL;
    cleanup(free_string) char *bad = NULL;

    if (old == NULL || (constraint != NULL ? !is_true(constraint, "validated")
                                           : of->action != ACTION_ALTER || strstr(of->sql, " NOT NULL;") == NULL ||
                                                 strstr(of->sql, " DROP NOT NULL;") != NULL))
        return true;
    if (!find_bad(checks, domain, constraint, &bad, err) ||
        !connection_query(&preflight->standin->connections[0], sql_domain_columns, 2,
                          (const char *const[]){domain->schema, domain->name}, &columns, err))
        return error_context(err, "looking for columns of %s", domain->identity);
    const char *what = constraint != NULL ? object_field(constraint, "definition") : "no NULL";
    for (int row = 0; bad != NULL && row < PQntuples(columns); row++)
        if (!check_column(checks, statement, bad, what, columns, row, err))
            return false;
    return true;
}
