/* Command lines. */
#include "common/memory.h"
#include "common/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What one command line of the tests fills in. */
struct values {
    const char *dsn, *output;
    bool sync, owners, quiet, dsn_given;
    uint64_t workers;
    int color;
    struct option_list schemas, arguments;
};

static struct values *values_new(void)
{
    struct values *values = allocate(1, sizeof *values);

    *values = (struct values){.sync = true, .owners = true, .workers = 4};
    values->schemas.items = allocate(1, sizeof *values->schemas.items);
    values->schemas.items[0] = "public";
    values->schemas.count = values->schemas.capacity = 1;
    return values;
}

static void values_free(struct values **values)
{
    option_list_free(&(*values)->schemas);
    option_list_free(&(*values)->arguments);
    free(*values);
}

static const char *const colors[] = {"auto", "always", "never", NULL};

/* Parses `words` (NULL-terminated, without the program). */
static bool parse(struct values *values, struct error *err, const char *const *words)
{
    const struct option options[] = {
        {OPTION_GROUP, .name = "Connections"},
        {OPTION_STRING, .name = "dsn", .argument = "DSN", .help = "the database", .target = &values->dsn,
         .environment = "TEST_OPTIONS_DSN", .given = &values->dsn_given},
        {OPTION_STRING, .name = "output", .letter = 'o', .argument = "FILE", .help = "where to",
         .target = &values->output},
        {OPTION_BOOL, .name = "sync", .help = "rows too", .target = &values->sync},
        {OPTION_BOOL, .name = "no-owner", .help = "leave out owners", .target = &values->owners},
        {OPTION_BOOL, .name = "quiet", .letter = 'q', .help = "less", .target = &values->quiet},
        {OPTION_LIST, .name = "schema", .argument = "PATTERN", .help = "which", .target = &values->schemas},
        {OPTION_NUMBER, .name = "workers", .argument = "N", .help = "how many", .target = &values->workers,
         .minimum = 1, .maximum = 64},
        {OPTION_CHOICE, .name = "color", .argument = "WHEN", .help = "colour", .target = &values->color,
         .choices = colors},
    };
    const struct command_line line = {
        .program = "test", .usage = "  test", .options = options, .option_count = array_length(options)};
    const char *argv[16] = {"test"};
    int argc = 1;

    while (words[argc - 1] != NULL) {
        argv[argc] = words[argc - 1];
        argc++;
    }
    return options_parse(&line, argc, argv, &values->arguments, err);
}

static struct values *parse_good(const char *const *words)
{
    struct values *values = values_new();
    struct error err = {0};

    assert_true(parse(values, &err, words));
    return values;
}

#define PARSE(variable, ...)                                                                                           \
    cleanup(values_free) struct values *variable = parse_good((const char *[]){__VA_ARGS__, NULL})

static void expect_refused(const char *message, const char *hint, const char *const *words)
{
    cleanup(values_free) struct values *values = values_new();
    cleanup(error_clear) struct error err = {0};

    assert_false(parse(values, &err, words));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_string_equal(err.message, message);
    if (hint != NULL)
        assert_string_equal(err.hint, hint);
}

#define REFUSED(message, hint, ...) expect_refused(message, hint, (const char *[]){__VA_ARGS__, NULL})

static void test_both_forms(void **state)
{
    (void)state;
    PARSE(values, "--dsn=a=b", "--output", "-", "--workers=64", "--color", "never");
    assert_string_equal(values->dsn, "a=b");
    assert_true(values->dsn_given);
    assert_string_equal(values->output, "-");
    assert_int_equal(values->workers, 64);
    assert_int_equal(values->color, 2);
}

static void test_one_dash(void **state)
{
    (void)state;
    PARSE(values, "-dsn", "x", "-workers=8", "-no-sync", "-o", "f", "-color=never");
    assert_string_equal(values->dsn, "x");
    assert_int_equal(values->workers, 8);
    assert_string_equal(values->output, "f");
    assert_int_equal(values->color, 2);
    REFUSED("there is no option -worker", "Did you mean --workers?", "-worker=8");
}

static void test_empty_values(void **state)
{
    (void)state;
    PARSE(values, "--dsn=", "--output", "");
    assert_string_equal(values->dsn, "");
    assert_string_equal(values->output, "");
}

static void test_booleans(void **state)
{
    (void)state;
    PARSE(defaults, "x");
    assert_true(defaults->sync);
    assert_true(defaults->owners);
    PARSE(negated, "--no-sync", "--no-owner", "--quiet=on");
    assert_false(negated->sync);
    assert_false(negated->owners);
    assert_true(negated->quiet);
    PARSE(assigned, "--sync=false", "--no-owner=false");
    assert_false(assigned->sync);
    assert_true(assigned->owners);
    PARSE(twice, "--no-sync", "--sync", "--no-owner", "--owner");
    assert_true(twice->sync);
    assert_true(twice->owners);
    PARSE(doubled, "--no-sync=false");
    assert_true(doubled->sync);
}

static void test_a_boolean_takes_no_word(void **state)
{
    (void)state;
    PARSE(values, "--sync", "false");
    assert_true(values->sync);
    assert_int_equal(values->arguments.count, 1);
    assert_string_equal(values->arguments.items[0], "false");
}

static void test_letters(void **state)
{
    (void)state;
    PARSE(values, "-qo", "file");
    assert_true(values->quiet);
    assert_string_equal(values->output, "file");
    PARSE(joined, "-ofile", "-q");
    assert_string_equal(joined->output, "file");
    assert_true(joined->quiet);
}

static void test_lists(void **state)
{
    (void)state;
    PARSE(defaults, "x");
    assert_int_equal(defaults->schemas.count, 1);
    assert_string_equal(defaults->schemas.items[0], "public");
    PARSE(values, "--schema=a", "--schema", "b");
    assert_int_equal(values->schemas.count, 2);
    assert_string_equal(values->schemas.items[0], "a");
    assert_string_equal(values->schemas.items[1], "b");
}

static void test_arguments(void **state)
{
    (void)state;
    PARSE(values, "show", "-q", "file", "-", "--", "--sync=false", "--");
    assert_true(values->sync);
    assert_int_equal(values->arguments.count, 5);
    assert_string_equal(values->arguments.items[0], "show");
    assert_string_equal(values->arguments.items[2], "-");
    assert_string_equal(values->arguments.items[3], "--sync=false");
    assert_string_equal(values->arguments.items[4], "--");
}

static void test_environment(void **state)
{
    (void)state;
    setenv("TEST_OPTIONS_DSN", "from the environment", 1);
    PARSE(values, "x");
    assert_string_equal(values->dsn, "from the environment");
    assert_true(values->dsn_given);
    PARSE(both, "--dsn=mine");
    assert_string_equal(both->dsn, "mine");
    setenv("TEST_OPTIONS_DSN", "", 1);
    PARSE(empty, "x");
    assert_null(empty->dsn);
    assert_false(empty->dsn_given);
    unsetenv("TEST_OPTIONS_DSN");
}

static void test_what_is_refused(void **state)
{
    (void)state;
    REFUSED("there is no option --worker", "Did you mean --workers?", "--worker=3");
    REFUSED("there is no option --zzzzzzzzz", "test --help lists the options.", "--zzzzzzzzz");
    REFUSED("there is no option --no-dsn", "Did you mean --dsn?", "--no-dsn");
    REFUSED("there is no option -z", NULL, "-qz");
    REFUSED("--dsn needs a value", NULL, "--dsn");
    REFUSED("--dsn needs a value and is followed by --output", NULL, "--dsn", "--output=secret");
    REFUSED("--sync: \"maybe\" is neither true nor false", NULL, "--sync=maybe");
    REFUSED("--color: \"red\" is none of auto, always, never", NULL, "--color=red");
}

static void test_numbers_that_are_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0", "65", "", "-1", " 4", "4x", "0x4", "+4", "99999999999999999999999"};

    for (size_t i = 0; i < array_length(wrong); i++) {
        cleanup(free_string) char *word = format_string("--workers=%s", wrong[i]);
        cleanup(free_string) char *message = format_string("--workers: \"%s\" is not a number from 1 to 64", wrong[i]);
        REFUSED(message, NULL, word);
    }
}

static void test_help(void **state)
{
    (void)state;
    const struct option options[] = {
        {OPTION_GROUP, .name = "Rows"},
        {OPTION_NUMBER, .name = "chunk-size", .letter = 'c', .argument = "N", .shown_default = "10000",
         .help = "rows per chunk, and so many words that they do not fit one line of a terminal that is one hundred "
                 "columns wide"},
        {OPTION_STRING, .name = "an-option-with-a-very-long-name", .argument = "VALUE", .help = "short",
         .environment = "LONG"},
    };
    const struct command_line line = {.program = "test",
                                      .usage = "  test [options]\n",
                                      .description = "What it does.",
                                      .options = options,
                                      .option_count = array_length(options)};
    char buffer[4096];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");

    options_help(&line, file);
    fclose(file);
    char *exit_status = strstr(buffer, "\nExit status:\n    0  done\n");
    assert_non_null(exit_status);
    assert_non_null(strstr(exit_status, "\n  130  interrupted"));
    *exit_status = '\0';
    assert_string_equal(
        buffer, "Usage:\n  test [options]\n\nWhat it does.\n\nRows:\n"
                "  -c, --chunk-size N              rows per chunk, and so many words that they do not fit one line of\n"
                "                                  a terminal that is one hundred columns wide [default: 10000]\n"
                "      --an-option-with-a-very-long-name VALUE\n"
                "                                  short [environment: LONG]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_forms),
        cmocka_unit_test(test_one_dash),
        cmocka_unit_test(test_empty_values),
        cmocka_unit_test(test_booleans),
        cmocka_unit_test(test_a_boolean_takes_no_word),
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_numbers_that_are_none),
        cmocka_unit_test(test_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
