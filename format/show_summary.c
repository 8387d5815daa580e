/* The summary of a plan: what is lost first, then everything in the order in which it happens. */
#include "common/escape.h"
#include "common/memory.h"
#include "format/large_objects.h"
#include "format/show.h"
#include "format/show_parts.h"

#include <inttypes.h>

bool statement_is_destructive(const struct plan_statement *statement)
{
    for (size_t i = 0; i < statement->risks.count; i++)
        if (strcmp(statement->risks.items[i], "destructive") == 0)
            return true;
    return false;
}

static void print_risks(const struct plan_statement *statement, FILE *out)
{
    for (size_t i = 0; i < statement->risks.count; i++) {
        fputs(i == 0 ? "  [" : ", ", out);
        print_escaped(out, statement->risks.items[i]);
    }
    if (statement->risks.count > 0)
        fputc(']', out);
}

static void print_bytes(uint64_t bytes, FILE *out)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double shown = (double)bytes;
    size_t unit = 0;

    for (; shown >= 1024 && unit + 1 < array_length(units); unit++)
        shown /= 1024;
    fprintf(out, "%.*f %s", unit > 0 ? 1 : 0, shown, units[unit]);
}

/* "touches public.t: 8.2 MiB, about 120000 rows" */
static void print_touches(const struct plan_statement *statement, FILE *out)
{
    for (size_t i = 0; i < statement->touched_count; i++) {
        const struct plan_touched *touched = &statement->touches[i];
        fputs(i == 0 ? "            touches " : "; ", out);
        print_escaped(out, touched->table);
        fputs(": ", out);
        print_bytes(touched->bytes, out);
        if (touched->rows_known)
            fprintf(out, ", about %" PRIu64 " row%s", touched->rows, touched->rows == 1 ? "" : "s");
    }
    if (statement->touched_count > 0)
        fputc('\n', out);
}

static void print_examples(const struct plan_precondition *precondition, FILE *out)
{
    for (size_t i = 0; i < precondition->examples.count; i++) {
        fputs(i == 0 ? ", such as " : ", ", out);
        print_escaped(out, precondition->examples.items[i]);
    }
}

static void print_precondition(const struct plan_precondition *precondition, FILE *out)
{
    print_escaped(out, precondition->condition);
    switch (precondition->state) {
    case PRECONDITION_HOLDS:
        fputs(": holds", out);
        break;
    case PRECONDITION_BROKEN:
        fprintf(out, ": broken by %" PRIu64 " row%s of ", precondition->rows, precondition->rows == 1 ? "" : "s");
        print_escaped(out, precondition->rows_of);
        print_examples(precondition, out);
        break;
    case PRECONDITION_UNKNOWN:
        fputs(": not known", out);
        break;
    }
    if (precondition->note != NULL) {
        fputs(" (", out);
        print_escaped(out, precondition->note);
        fputc(')', out);
    }
    fputc('\n', out);
}

static void print_preconditions(const struct plan_statement *statement, FILE *out)
{
    for (size_t i = 0; i < statement->precondition_count; i++) {
        fputs("            needs ", out);
        print_precondition(&statement->preconditions[i], out);
    }
}

static bool statement_is_doomed(const struct plan_statement *statement)
{
    for (size_t i = 0; i < statement->precondition_count; i++)
        if (statement->preconditions[i].state == PRECONDITION_BROKEN)
            return true;
    return false;
}

static void print_statement(const struct plan_statement *statement, FILE *out)
{
    fprintf(out, "  %4" PRIu64 "  %-10s  %-7s  ", statement->id, phase_name(statement->phase),
            action_name(statement->action));
    print_escaped(out, statement->class);
    fputc(' ', out);
    print_escaped(out, statement->object);
    print_risks(statement, out);
    fputc('\n', out);
}

static void print_table_name(const struct plan_table *table, FILE *out)
{
    if (is_large_objects(&table->shape)) {
        fputs("large objects, by pages", out);
        return;
    }
    print_escaped(out, table->shape.schema);
    fputc('.', out);
    print_escaped(out, table->shape.name);
}

static void print_destructive(const struct manifest *manifest, FILE *out)
{
    uint64_t statements = 0, tables = 0;

    for (size_t i = 0; i < manifest->statement_count; i++)
        statements += statement_is_destructive(&manifest->statements[i]);
    for (size_t i = 0; i < manifest->table_count; i++)
        tables += manifest->tables[i].deletes > 0;
    if (statements + tables == 0) {
        fputs("\nNothing in this plan is destructive.\n", out);
        return;
    }
    fputs("\nDestructive:\n", out);
    for (size_t i = 0; i < manifest->statement_count; i++)
        if (statement_is_destructive(&manifest->statements[i]))
            print_statement(&manifest->statements[i], out);
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        if (table->deletes == 0)
            continue;
        fprintf(out, "        rows        delete   %" PRIu64 " of ", table->deletes);
        print_table_name(table, out);
        fputc('\n', out);
    }
}

static void print_doomed(const struct manifest *manifest, FILE *out)
{
    bool any = false;

    for (size_t i = 0; i < manifest->statement_count; i++) {
        const struct plan_statement *statement = &manifest->statements[i];
        if (!statement_is_doomed(statement))
            continue;
        if (!any)
            fputs("\nWould fail on the rows as they are:\n", out);
        any = true;
        print_statement(statement, out);
        print_preconditions(statement, out);
    }
}

static bool print_statements(const struct manifest *manifest, const struct statement_source *source, FILE *out,
                             struct error *err)
{
    if (manifest->statement_count > 0)
        fputs("\nStatements:\n", out);
    for (size_t i = 0; i < manifest->statement_count; i++) {
        cleanup(free_string) char *sql = NULL;
        cleanup(text_free) struct text shown = {0};

        if (!source->load(source->context, i, &sql, err))
            return false;
        print_statement(&manifest->statements[i], out);
        if (source->sizes)
            print_touches(&manifest->statements[i], out);
        print_preconditions(&manifest->statements[i], out);
        escape_block(&shown, sql, 12);
        if (shown.length > 0)
            fwrite(shown.data, 1, shown.length, out);
    }
    return true;
}

static bool is_shown(const struct plan_table *table)
{
    return table->inserts + table->updates + table->deletes > 0 || table->note != NULL;
}

static void print_rows(const struct manifest *manifest, FILE *out)
{
    size_t same = 0;
    bool any = false;

    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        if (!is_shown(table)) {
            same++;
            continue;
        }
        if (!any)
            fprintf(out, "\nRows:\n  %12s %12s %12s %14s  table\n", "insert", "update", "delete", "bytes");
        any = true;
        fprintf(out, "  %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %14" PRIu64 "  ", table->inserts, table->updates,
                table->deletes, table->bytes);
        print_table_name(table, out);
        if (table->note != NULL) {
            fputs("  (", out);
            print_escaped(out, table->note);
            fputc(')', out);
        }
        fputc('\n', out);
    }
    if (any && manifest->options.fdw_mode)
        fprintf(out, "  Main's rows are not in the plan: apply fetches them from --maindsn.%s\n",
                manifest->options.before_images ? " The stand-in's old rows are (--before-images)." : "");
    if (same > 0)
        fprintf(out, "%s%zu table%s compared and found equal.\n", any ? "  " : "\nRows: ", same, same == 1 ? "" : "s");
}

static void print_sequences(const struct manifest *manifest, FILE *out)
{
    if (manifest->sequence_count > 0)
        fputs("\nSequences:\n", out);
    for (size_t i = 0; i < manifest->sequence_count; i++) {
        const struct plan_sequence *sequence = &manifest->sequences[i];
        fputs("  ", out);
        print_escaped(out, sequence->schema);
        fputc('.', out);
        print_escaped(out, sequence->name);
        fprintf(out, " to %s%s\n", sequence->last_value, sequence->is_called ? "" : " (not called yet)");
    }
}

static void print_warnings(const struct manifest *manifest, FILE *out)
{
    if (manifest->warnings.count > 0)
        fputs("\nWarnings:\n", out);
    for (size_t i = 0; i < manifest->warnings.count; i++) {
        fputs("  ", out);
        print_escaped(out, manifest->warnings.items[i]);
        fputc('\n', out);
    }
}

static void print_database(const char *side, const struct database_identity *identity, FILE *out)
{
    fprintf(out, "  %-9s ", side);
    print_escaped(out, identity->dbname);
    fputs(", PostgreSQL ", out);
    print_escaped(out, identity->server_version);
    fputc('\n', out);
}

/* What kept rows from being looked at. */
static void print_way(const struct manifest *manifest, FILE *out)
{
    if (manifest->options.updated_at_column == NULL)
        return;
    fputs("Only rows whose ", out);
    print_escaped(out, manifest->options.updated_at_column);
    fputs(" is ", out);
    print_escaped(out, manifest->options.last_sync_time);
    fputs(" (", out);
    print_escaped(out, manifest->options.time_zone);
    fputs(") or later were compared, and the keys of all.\n", out);
}

bool summary_print(const struct manifest *manifest, const struct statement_source *source, FILE *out, struct error *err)
{
    uint64_t inserts = 0, updates = 0, deletes = 0;

    for (size_t i = 0; i < manifest->table_count; i++) {
        inserts += manifest->tables[i].inserts;
        updates += manifest->tables[i].updates;
        deletes += manifest->tables[i].deletes;
    }
    print_database("main", &manifest->main, out);
    print_database("stand-in", &manifest->standin, out);
    fprintf(out,
            "\n%" PRIu64 " objects to create, %" PRIu64 " to alter, %" PRIu64 " to drop; rows +%" PRIu64 " ~%" PRIu64
            " -%" PRIu64 "; %zu sequence%s to set\n",
            manifest->objects.create, manifest->objects.alter, manifest->objects.drop, inserts, updates, deletes,
            manifest->sequence_count, manifest->sequence_count == 1 ? "" : "s");
    print_way(manifest, out);
    print_doomed(manifest, out);
    print_destructive(manifest, out);
    if (!print_statements(manifest, source, out, err))
        return false;
    print_rows(manifest, out);
    print_sequences(manifest, out);
    print_warnings(manifest, out);
    return true;
}

bool load_statement_of_plan(const void *context, size_t statement, char **sql, struct error *err)
{
    const struct plan *plan = context;
    size_t length;

    if (!plan_load_entry(plan, plan->manifest->statements[statement].entry, sql, &length, err))
        return false;
    return strlen(*sql) == length ||
           error_set(err, ERROR_ARCHIVE, "%s holds a NUL byte", plan->manifest->statements[statement].entry);
}

bool show_summary(const struct plan *plan, FILE *out, struct error *err)
{
    const struct statement_source source = {.load = load_statement_of_plan, .context = plan, .sizes = true};
    const struct manifest *manifest = plan->manifest;

    fprintf(out, "Plan %s, made ", manifest->plan_id);
    print_escaped(out, manifest->created);
    fputs(" by ", out);
    print_escaped(out, manifest->tool);
    fputs("\n\n", out);
    return summary_print(manifest, &source, out, err) && finish_output(out, err);
}

bool finish_output(FILE *out, struct error *err)
{
    return (fflush(out) == 0 && !ferror(out)) || error_set(err, ERROR_INTERNAL, "cannot write the output");
}
