/*
 * A plan as one script that psql can run in place of apply.
 *
 * A plan is not trusted just because somebody runs its script, and psql acts on more than SQL: a backslash outside of
 * quotes starts a command of its own (`\!` runs a shell), a colon before a name is replaced by a variable (arr[1:n]),
 * and
 * `\.` ends the data of a COPY, after which lines are commands again. So nothing of the plan stands where psql looks
 * for those: statements go to the server as a dollar-quoted text by \gexec, whose results psql sends without looking
 * into them; names stand in double quotes; comments are escaped to one line; rows that hold `\.` are refused.
 */
#include "common/escape.h"
#include "common/fingerprint.h"
#include "common/memory.h"
#include "common/quote.h"
#include "format/json.h"
#include "format/row_statements.h"
#include "format/show.h"
#include "format/show_parts.h"
#include "format/sql.h"

#include <inttypes.h>
#include <unistd.h>

/* The text in dollar quotes whose tag it does not contain. The newlines keep it from touching the quotes. */
static void print_dollar_quoted(FILE *out, const char *text)
{
    cleanup(free_string) char *tag = copy_string("$pgsyncer$");

    for (unsigned number = 1; strstr(text, tag) != NULL; number++) {
        free(tag);
        tag = format_string("$pgsyncer%u$", number);
    }
    fprintf(out, "%s\n%s\n%s", tag, text, tag);
}

/* A comment, and then a block of PL/pgSQL. */
static void print_block(FILE *out, const char *body)
{
    fputs("DO ", out);
    print_dollar_quoted(out, body);
    fputs(";\n", out);
}

static void print_comment(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void print_comment(FILE *out, const char *format, ...)
{
    cleanup(text_free) struct text text = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&text, format, arguments);
    va_end(arguments);
    fputs("\n-- ", out);
    print_escaped(out, text.data);
    fputc('\n', out);
}

static bool is_touched(const struct plan_table *table)
{
    return table->inserts + table->updates + table->deletes > 0;
}

/* Where the sums of all rows are known: then they must fit the counts. */
static bool has_fingerprints(const struct plan_table *table)
{
    return table->strategy != STRATEGY_SKIP && !table->main_partly && !table->base_partly &&
           table->main.rows == table->base.rows + table->inserts - table->deletes;
}

static bool print_statements(const struct plan *plan, enum phase phase, FILE *out, struct error *err)
{
    for (size_t i = 0; i < plan->manifest->statement_count; i++) {
        const struct plan_statement *statement = &plan->manifest->statements[i];
        cleanup(free_string) char *sql = NULL;

        if (statement->phase != phase)
            continue;
        if (!load_statement_of_plan(plan, i, &sql, err))
            return false;
        print_comment(out, "%" PRIu64 ". %s, %s %s %s", statement->id, phase_name(phase),
                      action_name(statement->action), statement->class, statement->object);
        fputs("SELECT ", out);
        print_dollar_quoted(out, sql);
        fputs(" \\gexec\n", out);
    }
    return true;
}

static bool has_phase(const struct manifest *manifest, enum phase phase)
{
    for (size_t i = 0; i < manifest->statement_count; i++)
        if (manifest->statements[i].phase == phase)
            return true;
    return false;
}

/* The touched tables as JSON in a setting, for the blocks of format/sql. */
static void print_touched(const struct manifest *manifest, FILE *out)
{
    cleanup(json_release) json_t *touched = json_array();
    cleanup(text_free) struct text body = {0};

    for (size_t i = 0; i < manifest->table_count; i++)
        if (is_touched(&manifest->tables[i]))
            json_array_append_new(touched, json_pack("{s:s, s:s}", "schema", manifest->tables[i].shape.schema, "name",
                                                     manifest->tables[i].shape.name));
    char *json = json_dumps(touched, JSON_COMPACT);
    text_append(&body, "BEGIN PERFORM pg_catalog.set_config('pgsyncer.touched', ");
    quote_literal(&body, json != NULL ? json : "[]");
    text_append(&body, ", true); END");
    free(json);
    print_block(out, body.data);
}

static void print_locks(const struct manifest *manifest, FILE *out)
{
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        cleanup(text_free) struct text name = {0};

        if (!is_touched(table) || table->created)
            continue;
        quote_qualified(&name, table->shape.schema, table->base_name != NULL ? table->base_name : table->shape.name);
        fprintf(out, "LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE;\n", name.data);
    }
}

/* All rows of the table must add up to the fingerprint: before, that of the stand-in as it was planned for; after,
 * main's. */
static void print_fingerprint_check(const struct plan_table *table, const struct fingerprint *expected,
                                    const char *complaint, FILE *out)
{
    cleanup(text_free) struct text body = {0}, name = {0}, message = {0};

    quote_qualified(&name, table->shape.schema, table->shape.name);
    text_appendf(&message, "%s: %s", name.data, complaint);
    text_append(&body, "#variable_conflict use_column\nDECLARE\n    pgsyncer_rows bigint;\n    pgsyncer_sum numeric;\n"
                       "BEGIN\n    SELECT count(*), mod(mod(coalesce(sum(");
    fingerprint_row(&body, &table->shape, NULL, "t");
    text_appendf(&body,
                 "), 0), 18446744073709551616) + 18446744073709551616, 18446744073709551616)\n"
                 "    INTO pgsyncer_rows, pgsyncer_sum FROM ONLY %s AS t;\n"
                 "    IF pgsyncer_rows <> %" PRIu64 " OR pgsyncer_sum <> %" PRIu64 " THEN\n"
                 "        RAISE EXCEPTION USING MESSAGE = ",
                 name.data, expected->rows, expected->sum);
    quote_literal(&body, message.data);
    text_append(&body, ";\n    END IF;\nEND");
    print_block(out, body.data);
}

static void print_conflict_check(const struct plan_table *table, const char *find_conflicts, FILE *out)
{
    cleanup(text_free) struct text body = {0}, name = {0}, message = {0};

    quote_qualified(&name, table->shape.schema, table->shape.name);
    text_appendf(&message, "%s: rows are not as the plan saw them", name.data);
    text_appendf(&body,
                 "#variable_conflict use_column\nDECLARE\n    pgsyncer_conflict record;\n    pgsyncer_lines text;\n"
                 "BEGIN\n    FOR pgsyncer_conflict IN\n%s\n    LOOP\n"
                 "        pgsyncer_lines := concat_ws(E'\\n', pgsyncer_lines, concat_ws(' ', pgsyncer_conflict.kind,\n"
                 "                                    pgsyncer_conflict.change, pgsyncer_conflict.row));\n"
                 "    END LOOP;\n    IF pgsyncer_lines IS NOT NULL THEN\n"
                 "        RAISE EXCEPTION USING DETAIL = pgsyncer_lines, MESSAGE = ",
                 find_conflicts);
    quote_literal(&body, message.data);
    text_append(&body, ";\n    END IF;\nEND");
    print_block(out, body.data);
}

/* Rows on their way into the script, and what was last seen of them. */
struct copy_data {
    FILE *out;
    char last;
    bool escaped; /* the byte before was a backslash that escapes */
};

static bool print_rows(void *context, const char *bytes, size_t length, struct error *err)
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

/* Which plan the part belongs to, beside where it goes. */
struct part_printing {
    const struct plan *plan;
    struct copy_data data;
};

static bool print_part(void *context, const struct plan_entry *entry, struct error *err)
{
    struct part_printing *printing = context;

    printing->data.last = '\n';
    printing->data.escaped = false;
    if (!plan_read_entry(printing->plan, entry, print_rows, &printing->data, err))
        return error_context(err, "%s", entry->name);
    return (printing->data.last == '\n' && !printing->data.escaped) ||
           error_set(err, ERROR_ARCHIVE, "the last row of %s does not end", entry->name);
}

static bool print_copy(const struct plan *plan, size_t table, enum rows_kind kind, const char *copy, FILE *out,
                       struct error *err)
{
    struct part_printing printing = {.plan = plan, .data = {.out = out}};

    fprintf(out, "%s;\n", copy);
    if (!plan_visit_rows(plan, table, kind, print_part, &printing, err))
        return false;
    fputs("\\.\n", out);
    return true;
}

static void print_optional(FILE *out, const char *sql)
{
    if (sql != NULL)
        fprintf(out, "%s;\n", sql);
}

static bool print_delta(const struct plan *plan, size_t number, const struct row_statements *statements, FILE *out,
                        struct error *err)
{
    const struct plan_table *table = &plan->manifest->tables[number];

    for (int kind = 0; kind < ROWS_KINDS; kind++) {
        if (statements->create[kind] == NULL)
            continue;
        print_optional(out, statements->create[kind]);
        if (!print_copy(plan, number, (enum rows_kind)kind, statements->copy[kind], out, err))
            return false;
    }
    print_optional(out, statements->analyze);
    if (statements->find_conflicts != NULL)
        print_conflict_check(table, statements->find_conflicts, out);
    if (statements->copy_straight != NULL &&
        !print_copy(plan, number, ROWS_INSERT, statements->copy_straight, out, err))
        return false;
    print_optional(out, statements->delete);
    print_optional(out, statements->keep);
    print_optional(out, statements->delete_moved);
    print_optional(out, statements->update);
    print_optional(out, statements->insert);
    print_optional(out, statements->insert_moved);
    print_optional(out, statements->drop);
    return true;
}

static bool print_table(const struct plan *plan, size_t number, FILE *out, struct error *err)
{
    const struct manifest *manifest = plan->manifest;
    const struct plan_table *table = &manifest->tables[number];
    cleanup(row_statements_free) struct row_statements statements = {0};

    if (!is_touched(table))
        return true;
    print_comment(out, "Rows of %s.%s: +%" PRIu64 " ~%" PRIu64 " -%" PRIu64, table->shape.schema, table->shape.name,
                  table->inserts, table->updates, table->deletes);
    if (!row_statements_make(table, manifest->options.before_images, &statements, err))
        return false;
    if (has_fingerprints(table))
        print_fingerprint_check(table, &table->base, "the rows are not those that the plan was made for", out);
    if (!print_delta(plan, number, &statements, out, err))
        return false;
    if (has_fingerprints(table) && manifest->options.delete_rows)
        print_fingerprint_check(table, &table->main, "the rows would not be those of main", out);
    return true;
}

static bool print_tables(const struct plan *plan, FILE *out, struct error *err)
{
    bool any = false;

    for (size_t i = 0; i < plan->manifest->table_count; i++)
        any = any || is_touched(&plan->manifest->tables[i]);
    if (!any)
        return true;
    fprintf(out, "\n%s", sql_script_silence);
    for (size_t i = 0; i < plan->manifest->table_count; i++)
        if (!print_table(plan, i, out, err))
            return false;
    fputs("\nSET LOCAL session_replication_role = origin;\n", out);
    return true;
}

/* RESTART gives the sequence a new file, so that what setval writes there is rolled back with the transaction. */
static void print_sequences(const struct manifest *manifest, FILE *out)
{
    for (size_t i = 0; i < manifest->sequence_count; i++) {
        const struct plan_sequence *sequence = &manifest->sequences[i];
        cleanup(text_free) struct text name = {0}, body = {0};

        quote_qualified(&name, sequence->schema, sequence->name);
        text_append(&body, "BEGIN PERFORM pg_catalog.setval(");
        quote_literal(&body, name.data);
        text_appendf(&body, "::regclass, %s, %s); END", sequence->last_value, sequence->is_called ? "true" : "false");
        fprintf(out, "\nALTER SEQUENCE %s RESTART;\n", name.data);
        print_block(out, body.data);
    }
}

static bool print_script(const struct plan *plan, FILE *out, struct error *err)
{
    const struct manifest *manifest = plan->manifest;

    fprintf(out, "-- Plan %s, made ", manifest->plan_id);
    print_escaped(out, manifest->created);
    fputs(" by ", out);
    print_escaped(out, manifest->tool);
    fprintf(out, "\n%s", sql_script_head);
    if (has_phase(manifest, PHASE_PRE_COMMIT)) {
        print_comment(out, "First, and in a transaction of its own, what the rest can use only once it is committed.");
        fputs(sql_script_begin, out);
        if (!print_statements(plan, PHASE_PRE_COMMIT, out, err))
            return false;
        fputs("COMMIT;\n", out);
    }
    fprintf(out, "\n%s", sql_script_begin);
    print_touched(manifest, out);
    print_locks(manifest, out);
    if (!print_statements(plan, PHASE_PRE_DATA, out, err) || !print_tables(plan, out, err) ||
        !print_statements(plan, PHASE_POST_DATA, out, err))
        return false;
    print_sequences(manifest, out);
    fprintf(out, "\n%s", sql_script_end);
    return true;
}

bool show_script(const struct plan *plan, FILE *out, struct error *err)
{
    if (!isatty(fileno(out)))
        return print_script(plan, out, err) && finish_output(out, err);

    /* A terminal gets it escaped: to be read, not to be run. */
    FILE *escaped = escape_open(out);
    if (escaped == NULL)
        return error_set(err, ERROR_INTERNAL, "cannot write the output");
    bool printed = print_script(plan, escaped, err);
    fclose(escaped);
    return printed && finish_output(out, err);
}
