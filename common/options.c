/* Command lines. */
#include "common/options.h"

#include "common/memory.h"
#include "common/text.h"

#include <errno.h>
#include <inttypes.h>

enum { HELP_WIDTH = 100, HELP_COLUMN = 34 };

void option_list_add(struct option_list *list, const char *item)
{
    array_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items);
    list->items[list->count++] = item;
}

void option_list_free(struct option_list *list)
{
    free((void *)list->items);
    *list = (struct option_list){0};
}

/* Is `name` the option's own name without its "no-", or with one? Such a name means the opposite. */
static bool is_negation(const char *name, const char *option_name)
{
    if (strncmp(option_name, "no-", 3) == 0)
        return strcmp(name, option_name + 3) == 0;
    return strncmp(name, "no-", 3) == 0 && strcmp(name + 3, option_name) == 0;
}

static const struct option *find_option(const struct command_line *line, const char *name, bool *negated)
{
    for (size_t i = 0; i < line->option_count; i++) {
        const struct option *option = &line->options[i];
        if (option->type == OPTION_GROUP)
            continue;
        *negated = option->type == OPTION_BOOL && is_negation(name, option->name);
        if (*negated || strcmp(name, option->name) == 0)
            return option;
    }
    return NULL;
}

static const struct option *find_letter(const struct command_line *line, char letter)
{
    for (size_t i = 0; i < line->option_count; i++)
        if (line->options[i].type != OPTION_GROUP && line->options[i].letter == letter)
            return &line->options[i];
    return NULL;
}

/* Levenshtein's distance, for the hint after a misspelling; names are short. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1], length = strlen(b);

    if (length > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[length];
}

static bool unknown_option(const struct command_line *line, const char *dashes, const char *name, struct error *err)
{
    const char *nearest = NULL;
    size_t best = 4; /* more than three edits away is no misspelling */

    error_set(err, ERROR_USAGE, "there is no option %s%s", dashes, name);
    for (size_t i = 0; i < line->option_count; i++) {
        size_t edits = line->options[i].type == OPTION_GROUP ? best : distance(name, line->options[i].name);
        if (edits < best) {
            best = edits;
            nearest = line->options[i].name;
        }
    }
    if (nearest != NULL)
        return error_hint(err, "Did you mean --%s?", nearest);
    return error_hint(err, "%s --help lists the options.", line->program);
}

static bool parse_bool(const char *value, bool *result)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true}, {"false", false}, {"t", true},    {"f", false}, {"yes", true},
                 {"no", false},  {"on", true},     {"off", false}, {"1", true},  {"0", false}};

    for (size_t i = 0; i < array_length(words); i++)
        if (strcasecmp(value, words[i].word) == 0) {
            *result = words[i].value;
            return true;
        }
    return false;
}

static bool set_bool(const struct option *option, const char *source, const char *value, bool negated,
                     struct error *err)
{
    bool parsed = true;

    if (value != NULL && !parse_bool(value, &parsed)) {
        error_set(err, ERROR_USAGE, "%s: \"%s\" is neither true nor false", source, value);
        return false;
    }
    *(bool *)option->target = parsed ^ negated ^ (strncmp(option->name, "no-", 3) == 0);
    return true;
}

static bool set_number(const struct option *option, const char *source, const char *value, struct error *err)
{
    char *end;

    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 || number < option->minimum ||
        number > option->maximum) {
        error_set(err, ERROR_USAGE, "%s: \"%s\" is not a number from %" PRIu64 " to %" PRIu64, source, value,
                  option->minimum, option->maximum);
        return false;
    }
    *(uint64_t *)option->target = number;
    return true;
}

static bool set_choice(const struct option *option, const char *source, const char *value, struct error *err)
{
    cleanup(text_free) struct text all = {0};

    for (int i = 0; option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            *(int *)option->target = i;
            return true;
        }
        text_appendf(&all, "%s%s", i > 0 ? ", " : "", option->choices[i]);
    }
    error_set(err, ERROR_USAGE, "%s: \"%s\" is none of %s", source, value, all.data);
    return false;
}

/* `source` names where the value came from, for messages: the option or the environment variable. */
static bool set_value(const struct option *option, const char *source, const char *value, bool negated, bool first,
                      struct error *err)
{
    switch (option->type) {
    case OPTION_BOOL:
        return set_bool(option, source, value, negated, err);
    case OPTION_STRING:
        *(const char **)option->target = value;
        return true;
    case OPTION_LIST:
        if (first)
            ((struct option_list *)option->target)->count = 0;
        option_list_add(option->target, value);
        return true;
    case OPTION_NUMBER:
        return set_number(option, source, value, err);
    case OPTION_CHOICE:
        return set_choice(option, source, value, err);
    case OPTION_GROUP:
        break;
    }
    return error_set(err, ERROR_INTERNAL, "%s has no type", source);
}

/* The words of one command line, and which options it has named so far. */
struct parser {
    const struct command_line *line;
    const char *const *words;
    int count, at;
    bool *named; /* parallel to line->options */
};

static bool take_value(struct parser *parser, const char *source, const char **value, struct error *err)
{
    if (parser->at + 1 >= parser->count)
        return error_set(err, ERROR_USAGE, "%s needs a value", source);
    *value = parser->words[++parser->at];
    /* More likely an empty variable than a value. */
    if (strncmp(*value, "--", 2) == 0) {
        error_set(err, ERROR_USAGE, "%s needs a value and is followed by %.*s", source, (int)strcspn(*value, "="),
                  *value);
        return error_hint(err, "Write %s=VALUE if the value begins with two dashes.", source);
    }
    return true;
}

static bool set_option(struct parser *parser, const struct option *option, const char *source, const char *value,
                       bool negated, struct error *err)
{
    bool *named = &parser->named[option - parser->line->options];

    if (value == NULL && option->type != OPTION_BOOL && !take_value(parser, source, &value, err))
        return false;
    if (!set_value(option, source, value, negated, !*named, err))
        return false;
    *named = true;
    return true;
}

/* `word` is without its dashes. */
static bool parse_long(struct parser *parser, const char *word, struct error *err)
{
    const char *equals = strchr(word, '=');
    cleanup(free_string) char *name = copy_bytes(word, strcspn(word, "="));
    cleanup(free_string) char *source = format_string("--%s", name);
    bool negated;
    const struct option *option = find_option(parser->line, name, &negated);

    if (option == NULL)
        return unknown_option(parser->line, "--", name, err);
    return set_option(parser, option, source, equals != NULL ? equals + 1 : NULL, negated, err);
}

/* Go's habit, which PGSyncer's first users have: `-workers=8` is `--workers=8`. */
static bool is_long_with_one_dash(const struct command_line *line, const char *word)
{
    cleanup(free_string) char *name = copy_bytes(word + 1, strcspn(word + 1, "="));
    bool negated;

    return name[0] != '\0' && name[1] != '\0' && find_option(line, name, &negated) != NULL;
}

/* -v, -qv, -o FILE, -oFILE */
static bool parse_letters(struct parser *parser, const char *word, struct error *err)
{
    for (const char *at = word + 1; *at != '\0'; at++) {
        const struct option *option = find_letter(parser->line, *at);
        const char source[] = {'-', *at, '\0'};
        bool takes_rest = option != NULL && option->type != OPTION_BOOL && at[1] != '\0';

        if (option == NULL && at == word + 1 && at[1] != '\0') {
            cleanup(free_string) char *name = copy_bytes(at, strcspn(at, "="));
            return unknown_option(parser->line, "-", name, err);
        }
        if (option == NULL) {
            error_set(err, ERROR_USAGE, "there is no option -%c", *at);
            return error_hint(err, "%s --help lists the options.", parser->line->program);
        }
        if (!set_option(parser, option, source, takes_rest ? at + 1 : NULL, false, err))
            return false;
        if (option->type != OPTION_BOOL)
            break;
    }
    return true;
}

/* Options that the command line did not name take their value from the environment. */
static bool read_environment(struct parser *parser, struct error *err)
{
    for (size_t i = 0; i < parser->line->option_count; i++) {
        const struct option *option = &parser->line->options[i];
        const char *value = option->environment != NULL ? getenv(option->environment) : NULL;

        if (parser->named[i] || value == NULL || *value == '\0')
            continue;
        if (!set_value(option, option->environment, value, false, true, err))
            return false;
        parser->named[i] = true;
    }
    return true;
}

static bool parse(struct parser *parser, struct option_list *arguments, struct error *err)
{
    bool options_over = false;

    for (; parser->at < parser->count; parser->at++) {
        const char *word = parser->words[parser->at];
        if (options_over || word[0] != '-' || word[1] == '\0')
            option_list_add(arguments, word);
        else if (strcmp(word, "--") == 0)
            options_over = true;
        else if (word[1] == '-'                              ? !parse_long(parser, word + 2, err)
                 : is_long_with_one_dash(parser->line, word) ? !parse_long(parser, word + 1, err)
                                                             : !parse_letters(parser, word, err))
            return false;
    }
    return read_environment(parser, err);
}

bool options_parse(const struct command_line *line, int argc, const char *const *argv, struct option_list *arguments,
                   struct error *err)
{
    struct parser parser = {.line = line, .words = argv, .count = argc, .at = 1};

    parser.named = allocate(line->option_count, sizeof *parser.named);
    bool parsed = parse(&parser, arguments, err);
    for (size_t i = 0; i < line->option_count; i++)
        if (line->options[i].given != NULL)
            *line->options[i].given = parser.named[i];
    free(parser.named);
    return parsed;
}

/*
 * Appends `words` wrapped at HELP_WIDTH; `column` is where the line stands now, later lines begin at `indent`. A tab
 * is a space that is not broken at.
 */
static void append_wrapped(struct text *text, const char *words, size_t column, size_t indent)
{
    bool first = true;

    while (*words != '\0') {
        size_t length = strcspn(words, " ");
        if (!first && column + 1 + length > HELP_WIDTH) {
            text_appendf(text, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            text_append_char(text, ' ');
            column++;
        }
        for (column += length; length > 0; length--, words++)
            text_append_char(text, (char)(*words == '\t' ? ' ' : *words));
        words += strspn(words, " ");
        first = false;
    }
    text_append_char(text, '\n');
}

static void append_option(struct text *text, const struct option *option)
{
    cleanup(text_free) struct text left = {0};
    cleanup(text_free) struct text right = {0};

    if (option->letter != '\0')
        text_appendf(&left, "  -%c, --%s", option->letter, option->name);
    else
        text_appendf(&left, "      --%s", option->name);
    if (option->argument != NULL)
        text_appendf(&left, " %s", option->argument);
    text_append(&right, option->help);
    if (option->shown_default != NULL)
        text_appendf(&right, " [default:\t%s]", option->shown_default);
    if (option->environment != NULL)
        text_appendf(&right, " [environment:\t%s]", option->environment);

    text_append(text, left.data);
    if (left.length + 2 > HELP_COLUMN)
        text_appendf(text, "\n%*s", HELP_COLUMN, "");
    else
        text_appendf(text, "%*s", (int)(HELP_COLUMN - left.length), "");
    append_wrapped(text, right.data, HELP_COLUMN, HELP_COLUMN);
}

void options_help(const struct command_line *line, FILE *out)
{
    cleanup(text_free) struct text text = {0};

    text_appendf(&text, "Usage:\n%s\n", line->usage);
    append_wrapped(&text, line->description, 0, 0);
    for (size_t i = 0; i < line->option_count; i++) {
        if (line->options[i].type == OPTION_GROUP)
            text_appendf(&text, "\n%s:\n", line->options[i].name);
        else
            append_option(&text, &line->options[i]);
    }
    text_append(&text, "\nExit status:\n");
    for (enum error_code code = ERROR_NONE; code <= ERROR_INTERRUPTED; code++)
        text_appendf(&text, "  %3d  %s\n", error_exit_status(code), error_meaning(code));
    fwrite(text.data, 1, text.length, out);
}
