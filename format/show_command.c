/* `show FILE` and `verify FILE`, which both programs have. */
#include "format/show_command.h"

#include "common/memory.h"
#include "format/plan_reader.h"
#include "format/show.h"
#include "format/verify.h"

bool show_command(const struct command_words *words, int *status, struct error *err)
{
    struct program_options common = {0};
    bool sql = false, json = false, done;
    const char *file;
    const struct option options[] = {
        {OPTION_GROUP, .name = "What to show, instead of the summary"},
        {OPTION_BOOL, .name = "sql", .target = &sql, .help = "one script that psql can run in place of apply"},
        {OPTION_BOOL, .name = "json", .target = &json, .help = "a document for programs"},
        PROGRAM_OPTIONS(common),
    };
    cleanup(free_string) char *usage = format_string("  %s show [options] FILE\n", words->program);
    const struct command_line line = {
        .program = words->program,
        .usage = usage,
        .description = "Shows what a plan holds: destructive steps first, then the statements and the rows per table. "
                       "The file is verified first.",
        .options = options,
        .option_count = array_length(options),
    };
    cleanup(plan_close) struct plan plan = {.descriptor = -1};

    (void)status;
    if (!program_parse(&line, words, &common, &file, &done, err) || done)
        return done;
    if (sql && json)
        return error_set(err, ERROR_USAGE, "--sql and --json exclude each other");
    if (!plan_open(&plan, file, err))
        return false;
    return sql    ? show_script(&plan, stdout, err)
           : json ? show_json(&plan, stdout, err)
                  : show_summary(&plan, stdout, err);
}

bool verify_command(const struct command_words *words, int *status, struct error *err)
{
    struct program_options common = {0};
    bool done;
    const char *file;
    const struct option options[] = {PROGRAM_OPTIONS(common)};
    cleanup(free_string) char *usage = format_string("  %s verify [options] FILE\n", words->program);
    const struct command_line line = {
        .program = words->program,
        .usage = usage,
        .description =
            "Checks a plan file as far as that is possible without a database: its structure, its limits, the "
            "SHA-256 of every entry, and what the entries hold. Names every fault that it finds. Exit "
            "status 5 means damaged or unsafe.",
        .options = options,
        .option_count = array_length(options),
    };

    (void)status;
    if (!program_parse(&line, words, &common, &file, &done, err) || done)
        return done;
    return plan_verify(file, stdout, err);
}
