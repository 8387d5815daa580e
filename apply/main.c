/* pgsyncer-apply: the command line. */
#include "apply/apply.h"
#include "common/memory.h"
#include "format/show_command.h"

static const char usage[] = "  pgsyncer-apply [apply] FILE --standindsn DSN [options]\n"
                            "  pgsyncer-apply check FILE --standindsn DSN\n"
                            "  pgsyncer-apply status | history --standindsn DSN\n"
                            "  pgsyncer-apply show [--sql | --json] FILE\n"
                            "  pgsyncer-apply verify FILE\n";

static const char *const verify_choices[] = {"touched", "full", "none", NULL}; /* in the order of enum verify_scope */

#define STANDIN_OPTION(dsn)                                                                                            \
    {OPTION_GROUP, .name = "Database"},                                                                                \
    {                                                                                                                  \
        OPTION_STRING, .name = "standindsn", .argument = "DSN", .environment = "STANDIN_DSN", .target = &(dsn),        \
                       .help = "the stand-in, as a libpq URI or conninfo string"                                       \
    }

#define MAIN_OPTION(dsn)                                                                                               \
    {                                                                                                                  \
        OPTION_STRING, .name = "maindsn", .argument = "DSN", .environment = "MAIN_DSN", .target = &(dsn),              \
                       .help = "main, for a plan made with --fdw-mode: as the stand-in's server reaches it, too"       \
    }

/* MAIN_DSN may be set for pgsyncer-plan; where the option says the same, it might as well. */
static bool is_named(const char *dsn)
{
    const char *environment = getenv("MAIN_DSN");

    return dsn != NULL && (environment == NULL || strcmp(dsn, environment) != 0);
}

static bool require_standin(const char *dsn, struct error *err)
{
    if (dsn != NULL)
        return true;
    error_set(err, ERROR_USAGE, "which database is the stand-in?");
    return error_hint(err, "Give --standindsn, or set STANDIN_DSN.");
}

static bool apply_command(const struct command_words *words, int *status, struct error *err)
{
    struct program_options common = {0};
    struct apply_options apply = {.journal = true, .lock_timeout = "10s", .statement_timeout = "0", .psql = "psql"};
    int verify = VERIFY_TOUCHED;
    bool done;
    const struct option options[] = {
        STANDIN_OPTION(apply.standin_dsn),
        MAIN_OPTION(apply.main_dsn),
        {OPTION_STRING, .name = "lock-timeout", .argument = "TIME", .shown_default = "10s",
         .target = &apply.lock_timeout, .help = "how long to wait for a lock, as PostgreSQL's setting takes it"},
        {OPTION_STRING, .name = "statement-timeout", .argument = "TIME", .shown_default = "0",
         .target = &apply.statement_timeout, .help = "how long one statement may take; 0 is without end"},
        {OPTION_GROUP, .name = "What is done"},
        {OPTION_BOOL, .name = "yes", .target = &apply.yes, .shown_default = "false",
         .help = "ask no question; without it and without a terminal, apply refuses"},
        {OPTION_BOOL, .name = "dry-run", .target = &apply.dry_run, .shown_default = "false",
         .help = "do everything, on the same path, then roll back"},
        {OPTION_CHOICE, .name = "verify", .argument = "SCOPE", .target = &verify, .choices = verify_choices,
         .shown_default = "touched",
         .help = "what is proved equal to main before COMMIT: touched chunks, full tables, none"},
        {OPTION_BOOL, .name = "no-journal", .target = &apply.journal, .shown_default = "false",
         .help = "keep no table on the stand-in: no status, and no answer after a lost COMMIT"},
        {OPTION_BOOL, .name = "force-psql", .target = &apply.force_psql, .shown_default = "false",
         .help = "let psql run the plan, as one script: the same transaction, checks and proof"},
        {OPTION_STRING, .name = "psql", .argument = "PATH", .target = &apply.psql, .shown_default = "psql",
         .help = "the program for --force-psql"},
        {OPTION_STRING, .name = "receipt", .argument = "FILE", .target = &apply.receipt_path,
         .help = "write there what was applied and proved, as JSON"},
        PROGRAM_OPTIONS(common),
        PROGRESS_OPTION(common),
    };
    const struct command_line line = {
        .program = words->program,
        .usage = usage,
        .description = "Applies a plan to the stand-in in one transaction and proves the result before COMMIT. "
                       "pgsyncer-apply COMMAND --help shows a command's options; those of apply are:",
        .options = options,
        .option_count = array_length(options),
    };

    (void)status;
    if (!program_parse(&line, words, &common, &apply.plan_path, &done, err) || done)
        return done;
    if (!require_standin(apply.standin_dsn, err))
        return false;
    apply.main_named = is_named(apply.main_dsn);
    apply.verify = (enum verify_scope)verify;
    apply.progress = (enum progress_mode)common.progress;
    return apply_plan(&apply, stdout, err);
}

static bool check_command(const struct command_words *words, int *status, struct error *err)
{
    struct program_options common = {0};
    struct apply_options apply = {.journal = true, .lock_timeout = "10s", .statement_timeout = "0"};
    bool done;
    const struct option options[] = {STANDIN_OPTION(apply.standin_dsn), MAIN_OPTION(apply.main_dsn),
                                     PROGRAM_OPTIONS(common)};
    const struct command_line line = {
        .program = words->program,
        .usage = "  pgsyncer-apply check FILE --standindsn DSN\n",
        .description = "Says whether the plan could be applied now: the file, the stand-in's state, privileges. "
                       "Changes nothing.",
        .options = options,
        .option_count = array_length(options),
    };

    (void)status;
    if (!program_parse(&line, words, &common, &apply.plan_path, &done, err) || done)
        return done;
    apply.progress = (enum progress_mode)common.progress;
    apply.main_named = is_named(apply.main_dsn);
    return require_standin(apply.standin_dsn, err) && apply_check(&apply, stdout, err);
}

/* `status` and `history`: they differ in what they read of the journal. */
static bool journal_command(const struct command_words *words, const char *command_usage, const char *description,
                            bool (*report)(const char *standin_dsn, FILE *out, struct error *err), struct error *err)
{
    struct program_options common = {0};
    const char *dsn = NULL;
    bool done;
    const struct option options[] = {STANDIN_OPTION(dsn), PROGRAM_OPTIONS(common)};
    const struct command_line line = {
        .program = words->program,
        .usage = command_usage,
        .description = description,
        .options = options,
        .option_count = array_length(options),
    };

    if (!program_parse(&line, words, &common, NULL, &done, err) || done)
        return done;
    return require_standin(dsn, err) && report(dsn, stdout, err);
}

static bool status_command(const struct command_words *words, int *status, struct error *err)
{
    (void)status;
    return journal_command(words, "  pgsyncer-apply status --standindsn DSN\n",
                           "Says which plan the stand-in is at, also after a connection was lost during COMMIT.",
                           apply_status, err);
}

static bool history_command(const struct command_words *words, int *status, struct error *err)
{
    (void)status;
    return journal_command(words, "  pgsyncer-apply history --standindsn DSN\n",
                           "Lists every plan that was applied to the stand-in, oldest first.", apply_history, err);
}

int main(int argc, char **argv)
{
    static const struct command commands[] = {
        {"apply", apply_command},   {"check", check_command},   {"show", show_command},
        {"verify", verify_command}, {"status", status_command}, {"history", history_command},
    };

    return program_run(commands, array_length(commands), true, argc, argv);
}
