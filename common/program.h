/*
 * What the two programs' main() have in common: finding the command, its options for messages, --help and --version,
 * and the one place where an error is printed and becomes the exit status.
 */
#pragma once

#include "common/options.h"
#include "common/progress.h"

/* The words of one command, its name taken out. */
struct command_words {
    const char *program; /* "pgsyncer-plan" */
    int count;
    const char *const *words; /* words[0] is the program */
};

struct command {
    const char *name;
    /* Sets *status where the exit status of success is not 0. */
    bool (*run)(const struct command_words *words, int *status, struct error *err);
};

/*
 * Runs the command that the first word names, else commands[0], and returns the exit status. Where commands[0] has no
 * argument of its own (`takes_file` false), a first word that is no option and no command is refused.
 */
int program_run(const struct command *commands, size_t command_count, bool takes_file, int argc, char **argv);

/* The targets of PROGRAM_OPTIONS and PROGRESS_OPTION. */
struct program_options {
    int progress, color, log_format; /* enum progress_mode, log_color, log_format */
    bool quiet, verbose, help, version;
};

/* For commands that take their time. `options` is a struct program_options, here and below. */
#define PROGRESS_OPTION(options)                                                                                       \
    {                                                                                                                  \
        OPTION_CHOICE, .name = "progress", .argument = "WHEN", .target = &(options).progress,                          \
                       .choices = program_when_choices, .shown_default = "auto",                                       \
                       .help = "show progress on standard error: auto, always, never"                                  \
    }

/* The group that ends every option table. */
#define PROGRAM_OPTIONS(options)                                                                                       \
    {OPTION_GROUP, .name = "Messages"},                                                                                \
        {OPTION_CHOICE,                                                                                                \
         .name = "color",                                                                                              \
         .argument = "WHEN",                                                                                           \
         .target = &(options).color,                                                                                   \
         .choices = program_when_choices,                                                                              \
         .shown_default = "auto",                                                                                      \
         .help = "colors: auto, always, never"},                                                                       \
        {OPTION_CHOICE,                                                                                                \
         .name = "log-format",                                                                                         \
         .argument = "FORMAT",                                                                                         \
         .target = &(options).log_format,                                                                              \
         .choices = program_log_format_choices,                                                                        \
         .shown_default = "text",                                                                                      \
         .help = "messages as text, or as json: one object per line"},                                                 \
        {OPTION_BOOL, .name = "quiet", .letter = 'q', .target = &(options).quiet, .help = "only warnings and errors"}, \
        {OPTION_BOOL, .name = "verbose", .letter = 'v', .target = &(options).verbose, .help = "more messages"},        \
        {OPTION_BOOL, .name = "help", .target = &(options).help, .help = "print this help and exit"},                  \
    {                                                                                                                  \
        OPTION_BOOL, .name = "version", .target = &(options).version, .help = "print the version and exit"             \
    }

extern const char *const program_when_choices[];
extern const char *const program_log_format_choices[];

/*
 * Parses the command's words and sets the logger up. *done is set when --help or --version was asked for and answered.
 * `file` is where the one argument goes that the command needs; NULL where it takes none.
 */
bool program_parse(const struct command_line *line, const struct command_words *words, struct program_options *options,
                   const char **file, bool *done, struct error *err) must_check;
