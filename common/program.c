/* What the two programs' main() have in common. */
#include "common/program.h"

#include "common/interrupt.h"
#include "common/log.h"
#include "common/memory.h"
#include "common/text.h"

#include <errno.h>
#include <malloc.h>

/* In the order of enum progress_mode and enum log_color, and of enum log_format. */
const char *const program_when_choices[] = {"auto", "always", "never", NULL};
const char *const program_log_format_choices[] = {"text", "json", NULL};

static const struct command *find_command(const struct command *commands, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(commands[i].name, word) == 0)
            return &commands[i];
    return NULL;
}

static bool unknown_command(const struct command *commands, size_t count, const char *word, struct error *err)
{
    cleanup(text_free) struct text all = {0};

    for (size_t i = 0; i < count; i++)
        text_appendf(&all, "%s%s", i > 0 ? ", " : "", commands[i].name);
    error_set(err, ERROR_USAGE, "there is no command \"%s\"", word);
    return error_hint(err, "The commands are %s.", all.data);
}

static bool run(const struct command *commands, size_t count, bool takes_file, struct command_words *words, int *status,
                struct error *err)
{
    const struct command *command = &commands[0];
    const char *first = words->count > 1 ? words->words[1] : "-";

    if (first[0] != '-') {
        command = find_command(commands, count, first);
        if (command != NULL) {
            words->words++;
            words->count--;
        } else if (takes_file)
            command = &commands[0];
        else
            return unknown_command(commands, count, first, err);
    }
    if (!command->run(words, status, err))
        return false;
    if (fflush(stdout) != 0 || ferror(stdout))
        return error_set(err, ERROR_INTERNAL, "standard output: %s", strerror(errno));
    return true;
}

/*
 * Results of catalogs are tens of megabytes that come and go, in more than one thread. An arena of each thread's own
 * grows and shrinks by single pages, which is a call of the kernel each; one for all, with some room to spare, has
 * their memory ready for each other. Nothing allocates for each row of a table.
 */
static void choose_arena(void)
{
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, 4 * 1024 * 1024);
}

int program_run(const struct command *commands, size_t command_count, bool takes_file, int argc, char **argv)
{
    struct command_words words = {
        .program = program_invocation_short_name, .count = argc, .words = (const char *const *)argv};
    cleanup(error_clear) struct error err = {0};
    int status = 0;

    choose_arena();
    interrupt_install();
    if (run(commands, command_count, takes_file, &words, &status, &err))
        return status;
    log_error(&err);
    return error_exit_status(err.code);
}

static bool take_argument(const struct command_line *line, const struct option_list *arguments, const char **file,
                          struct error *err)
{
    size_t expected = file != NULL ? 1 : 0;

    if (arguments->count > expected) {
        error_set(err, ERROR_USAGE, "one argument too many: \"%s\"", arguments->items[expected]);
        return error_hint(err, "A command goes before its options; %s --help shows the usage.", line->program);
    }
    if (arguments->count < expected) {
        error_set(err, ERROR_USAGE, "which plan file?");
        return error_hint(err, "%s --help shows the usage.", line->program);
    }
    if (file != NULL)
        *file = arguments->items[0];
    return true;
}

bool program_parse(const struct command_line *line, const struct command_words *words, struct program_options *options,
                   const char **file, bool *done, struct error *err)
{
    cleanup(option_list_free) struct option_list arguments = {0};
    bool parsed = options_parse(line, words->count, words->words, &arguments, err);

    *done = false;
    log_configure(options->quiet     ? LOG_WARNING
                  : options->verbose ? LOG_DEBUG
                                     : LOG_NOTICE,
                  (enum log_format)options->log_format, (enum log_color)options->color);
    if (!parsed)
        return false;
    if (options->quiet && options->progress == PROGRESS_AUTO)
        options->progress = PROGRESS_NEVER;
    if (options->help)
        options_help(line, stdout);
    else if (options->version)
        printf("%s %s\n", line->program, PGSYNCER_VERSION);
    *done = options->help || options->version;
    return *done || take_argument(line, &arguments, file, err);
}
