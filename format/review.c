/* The entries that let a plan be reviewed with stock tools alone. */
#include "format/review.h"

#include "common/escape.h"
#include "common/memory.h"
#include "common/text.h"
#include "format/entry_name.h"
#include "format/show_parts.h"

#include <errno.h>
#include <inttypes.h>

/* A stdio stream that ends in a part of the plan; stdio cannot carry our errors, so they wait here. */
struct part_stream {
    struct plan_part *part;
    struct error *err;
};

static ssize_t write_to_part(void *context, const char *bytes, size_t length)
{
    struct part_stream *stream = context;

    if (plan_part_write(stream->part, bytes, length, stream->err))
        return (ssize_t)length;
    errno = EIO;
    return 0;
}

struct reviewing {
    const struct manifest *manifest;
    const char *const *sql;
};

static bool load_given(const void *context, size_t statement, char **sql, struct error *err)
{
    const struct reviewing *reviewing = context;

    (void)err;
    *sql = copy_string(reviewing->sql[statement]);
    return true;
}

static bool print_summary(const struct reviewing *reviewing, FILE *out, struct error *err)
{
    const struct statement_source source = {.load = load_given, .context = reviewing};

    return summary_print(reviewing->manifest, &source, out, err);
}

static void print_comment(FILE *out, const struct plan_statement *statement)
{
    fprintf(out, "\n-- %" PRIu64 ". %s, %s ", statement->id, phase_name(statement->phase),
            action_name(statement->action));
    print_escaped(out, statement->class);
    fputc(' ', out);
    print_escaped(out, statement->object);
    for (size_t i = 0; i < statement->risks.count; i++) {
        fputs(i == 0 ? " -- " : ", ", out);
        print_escaped(out, statement->risks.items[i]);
    }
    fputc('\n', out);
}

static void print_phase(const struct reviewing *reviewing, enum phase phase, FILE *out)
{
    for (size_t i = 0; i < reviewing->manifest->statement_count; i++) {
        cleanup(text_free) struct text shown = {0};

        if (reviewing->manifest->statements[i].phase != phase)
            continue;
        print_comment(out, &reviewing->manifest->statements[i]);
        escape_block(&shown, reviewing->sql[i], 0);
        if (shown.length > 0)
            fwrite(shown.data, 1, shown.length, out);
    }
}

static void print_tables(const struct manifest *manifest, FILE *out)
{
    fputs(manifest->options.fdw_mode ? "\n-- Rows, whose keys are here as COPY text; pgsyncer-apply fetches them from "
                                       "main:\n"
                                     : "\n-- Rows, as COPY text:\n",
          out);
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        if (table->inserts + table->updates + table->deletes == 0)
            continue;
        cleanup(free_string) char *entry =
            entry_name_rows(i + 1, table->shape.schema, table->shape.name, ROWS_INSERT, 1);
        fputs("-- ", out);
        print_escaped(out, table->shape.schema);
        fputc('.', out);
        print_escaped(out, table->shape.name);
        fprintf(out, ": +%" PRIu64 " ~%" PRIu64 " -%" PRIu64, table->inserts, table->updates, table->deletes);
        if (rows_form(table, ROWS_INSERT, true) == ROWS_NONE)
            fputs(": all rows that main has\n", out);
        else
            fprintf(out, " in %.*s\n", (int)(strrchr(entry, '/') + 1 - entry), entry);
    }
}

static bool print_script(const struct reviewing *reviewing, FILE *out, struct error *err)
{
    (void)err;
    fputs("-- The statements of this plan, for reading. It is not meant to be run", out);
    fputs(reviewing->manifest->options.fdw_mode ? ".\n"
                                                : ": `show --sql` prints a script that is,\n"
                                                  "-- with the rows and all checks.\n",
          out);
    print_phase(reviewing, PHASE_PRE_COMMIT, out);
    print_phase(reviewing, PHASE_PRE_DATA, out);
    print_tables(reviewing->manifest, out);
    print_phase(reviewing, PHASE_POST_DATA, out);
    return true;
}

static bool write_entry(struct plan_writer *writer, const char *name, const struct reviewing *reviewing,
                        bool (*print)(const struct reviewing *, FILE *, struct error *), struct error *err)
{
    struct part_stream stream = {.err = err};
    const cookie_io_functions_t functions = {.write = write_to_part};

    if (!plan_part_open(writer, name, &stream.part, err))
        return false;
    FILE *out = fopencookie(&stream, "w", functions);
    bool printed = out != NULL && print(reviewing, out, err) && finish_output(out, err);
    if (out == NULL)
        error_set(err, ERROR_INTERNAL, "cannot write %s", name);
    else
        fclose(out);
    if (printed)
        return plan_part_close(stream.part, 0, err);
    plan_part_abandon(stream.part);
    return false;
}

bool review_write(const struct manifest *manifest, const char *const *sql, struct plan_writer *writer,
                  struct error *err)
{
    const struct reviewing reviewing = {.manifest = manifest, .sql = sql};

    return write_entry(writer, ENTRY_SUMMARY, &reviewing, print_summary, err) &&
           write_entry(writer, ENTRY_SCRIPT, &reviewing, print_script, err);
}
