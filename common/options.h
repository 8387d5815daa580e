/*
 * Command lines as cli.md promises them: --name=value and --name value, booleans as --x, --x=false, --no-x, short
 * options, "--", options before and after arguments, and a --help that is grouped, at most 100 columns wide and gives
 * every default.
 */
#pragma once

#include "common/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_type {
    OPTION_BOOL,   /* bool *; a name that begins with "no-" clears its target */
    OPTION_STRING, /* const char ** */
    OPTION_LIST,   /* struct option_list *: repeatable; the first one given replaces the default */
    OPTION_NUMBER, /* uint64_t *, between minimum and maximum */
    OPTION_CHOICE, /* int *: the index into choices */
    OPTION_GROUP,  /* no option: a heading of --help */
};

struct option_list {
    const char **items;
    size_t count, capacity;
};

struct option {
    enum option_type type;
    const char *name;           /* without the dashes; the heading for OPTION_GROUP */
    char letter;                /* '\0': none */
    const char *argument;       /* "DSN", for --help */
    const char *help;           /* one sentence, wrapped by us */
    const char *shown_default;  /* NULL: none is shown */
    const char *environment;    /* the variable that gives the value where the option is not given; NULL: none */
    void *target;               /* holds the default before parsing */
    const char *const *choices; /* ends in NULL */
    uint64_t minimum, maximum;
    bool *given; /* set when the command line or the environment named it; may be NULL */
};

struct command_line {
    const char *program;     /* "pgsyncer-plan" */
    const char *usage;       /* lines after "Usage:" */
    const char *description; /* a paragraph */
    const struct option *options;
    size_t option_count;
};

/* Parses; arguments that are no options are left in *arguments (borrowed from argv). A wrong one is ERROR_USAGE with a
 * hint. */
bool options_parse(const struct command_line *line, int argc, const char *const *argv, struct option_list *arguments,
                   struct error *err) must_check;
void options_help(const struct command_line *line, FILE *out);
void option_list_add(struct option_list *list, const char *item); /* item is borrowed */
void option_list_free(struct option_list *list);
