/* The rows half of the script for psql. The SQL is format/row_statements.c's, as in apply/rows.c. */
#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/quote.h"
#include "format/large_objects.h"
#include "format/row_statements.h"
#include "format/script_parts.h"
#include "format/sql.h"
#include "format/touched.h"

#include <inttypes.h>

/* Rows on their way into the script, and what was last seen of them. */
struct copy_data {
    const struct plan *plan;
    FILE *out;
    char last;
    bool escaped; /* the byte before was a backslash that escapes */
};

static bool print_bytes(void *context, const char *bytes, size_t length, struct error *err)
{
    struct copy_data *data = context;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\0' || bytes[i] == '\r' || (data->escaped && (bytes[i] == '.' || bytes[i] == '\n')))
            return error_set(err, ERROR_ARCHIVE, "the rows hold what would end their COPY");
        data->escaped = bytes[i] == '\\' && !data->escaped;
        data->last = bytes[i];
    }
    fwrite(bytes, 1, length, data->out);
    return !ferror(data->out) || error_set(err, ERROR_INTERNAL, "cannot write the output");
}

static bool print_part(void *context, const struct plan_entry *entry, struct error *err)
{
    struct copy_data *data = context;

    data->last = '\n';
    data->escaped = false;
    if (!plan_read_entry(data->plan, entry, print_bytes, data, err))
        return error_context(err, "%s", entry->name);
    return (data->last == '\n' && !data->escaped) ||
           error_set(err, ERROR_ARCHIVE, "the last row of %s does not end", entry->name);
}

static bool print_copy(const struct plan *plan, size_t table, enum rows_kind kind, const char *copy, FILE *out,
                       struct error *err)
{
    struct copy_data data = {.plan = plan, .out = out};

    fprintf(out, "%s;\n", copy);
    if (!plan_visit_rows(plan, table, kind, print_part, &data, err))
        return false;
    fputs("\\.\n", out);
    return true;
}

static void append_execute(struct text *body, const char *sql)
{
    text_append(body, "EXECUTE ");
    script_quote(body, sql);
}

/* What came must be as many rows as the plan counts. */
static void append_count_check(struct text *body, const struct plan_table *table, enum rows_kind kind, const char *from,
                               uint64_t expected)
{
    cleanup(free_string) char *query = format_string("SELECT count(*) FROM %s", from);
    cleanup(free_string) char *message =
        format_string("%s.%s: the plan counts %" PRIu64 " rows to %s and holds others", table->shape.schema,
                      table->shape.name, expected, rows_kind_name(kind));

    append_execute(body, query);
    text_appendf(body, " INTO counted;\nIF counted <> %" PRIu64 " THEN ", expected);
    script_raise(body, "PS005", message);
    text_append(body, " END IF;\n");
}

static void append_conflict_check(struct text *body, const struct plan_table *table, const char *find_conflicts)
{
    cleanup(free_string) char *name = format_string("%s.%s", table->shape.schema, table->shape.name);

    text_append(body, "FOR conflict IN ");
    append_execute(body, find_conflicts);
    text_append(body,
                " LOOP\n    shown := shown + 1;\n    lines := concat_ws(E'\\n', lines, concat(conflict.kind, ' ', "
                "conflict.change, ' ', conflict.row, ': ', CASE conflict.kind WHEN 'NOTFOUND' THEN 'the row is gone' "
                "WHEN 'CONFLICT' THEN 'a row is there already' ELSE 'the row to be ' || "
                "CASE conflict.change WHEN 'delete' THEN 'deleted' ELSE 'updated' END || ' has changed' END));\n"
                "    total := conflict.total;\nEND LOOP;\nIF total > 0 THEN\n    IF total > shown THEN "
                "lines := lines || format(E'\\nand %s more', total - shown); END IF;\n"
                "    RAISE EXCEPTION USING ERRCODE = 'PS009', DETAIL = lines,\n        HINT = ");
    quote_literal(body, row_statements_hint(table));
    text_append(body, ", MESSAGE = format('%s: %s row%s not as the plan saw %s', ");
    quote_literal(body, name);
    text_append(body, ", total, CASE WHEN total = 1 THEN ' is' ELSE 's are' END, CASE WHEN total = 1 THEN 'it' ELSE "
                      "'them' END);\nEND IF;\n");
}

static void append_counted(struct text *body, const char *sql, const char *variable)
{
    if (sql == NULL)
        return;
    append_execute(body, sql);
    text_appendf(body, ";\nGET DIAGNOSTICS counted = ROW_COUNT;\n%s := %s + counted;\n", variable, variable);
}

static void begin_body(struct text *body)
{
    text_append(body, "DECLARE\n    inserted bigint := 0; updated bigint := 0; deleted bigint := 0; moved bigint := 0; "
                      "kept bigint := 0;\n    counted bigint; conflict record; shown bigint := 0; total bigint := 0; "
                      "lines text;\nBEGIN\n");
}

/* What was done with the table: for the journal, and for whoever watches. */
static void end_body(struct text *body, const struct plan_table *table, size_t number)
{
    cleanup(free_string) char *words = format_string("rows %zu", number + 1);
    cleanup(text_free) struct text name = {0}, said = {0};

    quote_qualified(&name, table->shape.schema, table->shape.name);
    text_append(&said, "format('+%s ~%s -%s %s', inserted, updated, deleted, ");
    quote_literal(&said, name.data);
    text_append(&said, ")");
    text_append(
        body, "PERFORM set_config('pgsyncer.inserted', (current_setting('pgsyncer.inserted')::bigint + inserted)::text,"
              " true), set_config('pgsyncer.updated', (current_setting('pgsyncer.updated')::bigint + updated)::text,"
              " true), set_config('pgsyncer.deleted', (current_setting('pgsyncer.deleted')::bigint + deleted)::text,"
              " true);\n");
    script_info(body, words, said.data);
    text_append(body, "END");
}

static bool print_straight(const struct plan *plan, size_t number, const struct row_statements *statements, FILE *out,
                           struct error *err)
{
    const struct plan_table *table = &plan->manifest->tables[number];
    cleanup(text_free) struct text body = {0}, before = {0}, rows = {0};

    if (statements->find_conflicts != NULL) {
        begin_body(&before);
        append_conflict_check(&before, table, statements->find_conflicts);
        text_append(&before, "END");
        script_block(out, before.data);
    }
    if (!print_copy(plan, number, ROWS_INSERT, statements->copy_straight, out, err))
        return false;
    fingerprint_source(&rows, &table->shape, NULL);
    begin_body(&body);
    append_count_check(&body, table, ROWS_INSERT, rows.data, table->inserts);
    text_append(&body, "inserted := counted;\n");
    end_body(&body, table, number);
    script_block(out, body.data);
    return true;
}

static bool print_delta(const struct plan *plan, size_t number, const struct row_statements *statements, FILE *out,
                        struct error *err)
{
    const struct plan_table *table = &plan->manifest->tables[number];
    const uint64_t expected[ROWS_KINDS] = {
        [ROWS_DELETE] = table->deletes,
        [ROWS_UPDATE] = table->updates,
        [ROWS_INSERT] = table->inserts,
        [ROWS_BEFORE] = table->deletes + table->updates,
    };
    cleanup(text_free) struct text body = {0};

    begin_body(&body);
    for (enum rows_kind kind = 0; kind < ROWS_KINDS; kind++) {
        if (statements->create[kind] == NULL)
            continue;
        fprintf(out, "%s;\n", statements->create[kind]);
        if (!print_copy(plan, number, kind, statements->copy[kind], out, err))
            return false;
        append_count_check(&body, table, kind, row_statements_temporary(kind), expected[kind]);
    }
    if (statements->analyze != NULL)
        fprintf(out, "%s;\n", statements->analyze);
    if (statements->empty != NULL) {
        append_execute(&body, statements->empty);
        text_append(&body, ";\n");
    }
    if (statements->find_conflicts != NULL)
        append_conflict_check(&body, table, statements->find_conflicts);
    if (statements->keep != NULL) {
        append_execute(&body, statements->keep);
        text_append(&body, ";\n");
    }
    append_counted(&body, statements->delete, "deleted");
    append_counted(&body, statements->delete_moved, "moved");
    append_counted(&body, statements->update, "updated");
    append_counted(&body, statements->insert_moved, "kept");
    append_counted(&body, statements->insert, "inserted");
    if (statements->insert_moved != NULL)
        text_append(&body, "inserted := inserted + kept;\n");
    text_append(&body, "updated := updated + moved; inserted := inserted - least(moved, inserted);\n");
    end_body(&body, table, number);
    script_block(out, body.data);
    if (statements->drop != NULL)
        fprintf(out, "%s;\n", statements->drop);
    return true;
}

static bool print_table(const struct plan *plan, size_t number, bool report, FILE *out, struct error *err)
{
    const struct plan_table *table = &plan->manifest->tables[number];
    cleanup(row_statements_free) struct row_statements statements = {0};

    script_comment(out, "Rows of %s.%s: +%" PRIu64 " ~%" PRIu64 " -%" PRIu64, table->shape.schema, table->shape.name,
                   table->inserts, table->updates, table->deletes);
    if (report) {
        cleanup(free_string) char *words = format_string("table %zu", number + 1);
        script_say(out, words);
    }
    if (!row_statements_make(table, plan->manifest->options.before_images, &statements, err))
        return false;
    return (statements.copy_straight != NULL ? print_straight : print_delta)(plan, number, &statements, out, err);
}

static bool is_of_tables(const struct plan_table *table)
{
    return table_is_touched(table) && !is_large_objects(&table->shape);
}

/* Before triggers are silenced: those of the view are what writes. */
static bool print_large_objects(const struct plan *plan, bool report, FILE *out, struct error *err)
{
    cleanup(text_free) struct text sql = {0};

    script_comment(out, "Large objects, as a view that can be written");
    large_objects_make(&sql, plan->manifest);
    fputs(sql.data, out);
    for (size_t i = 0; i < plan->manifest->table_count; i++) {
        const struct plan_table *table = &plan->manifest->tables[i];
        if (table_is_touched(table) && is_large_objects(&table->shape) && !print_table(plan, i, report, out, err))
            return false;
    }
    return true;
}

bool script_rows(const struct plan *plan, bool report, FILE *out, struct error *err)
{
    bool any = false, configuration = false;

    for (size_t i = 0; i < plan->manifest->table_count; i++)
        configuration = configuration || plan->manifest->tables[i].extension != NULL;
    if (configuration)
        fprintf(out, "\n%s", sql_script_configuration);
    if (plan->manifest->options.large_objects && !print_large_objects(plan, report, out, err))
        return false;
    for (size_t i = 0; i < plan->manifest->table_count; i++)
        any = any || is_of_tables(&plan->manifest->tables[i]);
    if (!any)
        return true;
    fprintf(out, "\n%s%s%s", sql_script_silent, sql_script_lift, sql_script_silence);
    for (size_t i = 0; i < plan->manifest->table_count; i++)
        if (is_of_tables(&plan->manifest->tables[i]) && !print_table(plan, i, report, out, err))
            return false;
    fprintf(out, "\n%s%s%s%s", sql_script_immediate, sql_script_restore, sql_script_constraints, sql_script_restore);
    fputs(sql_script_aloud, out);
    return true;
}
