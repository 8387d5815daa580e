/* What stands on standard error. */
#include "common/log.h"
#include "common/memory.h"
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Sends standard error to a file while `write` runs, and returns what came. */
static char *captured(void (*write_messages)(void))
{
    char buffer[8192];
    int saved = dup(STDERR_FILENO);
    FILE *file = tmpfile();

    assert_non_null(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    write_messages();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    size_t length = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    return copy_bytes(buffer, length);
}

static void write_each_level(void)
{
    log_warning("careful with %s", "t");
    log_notice("done");
    log_debug("details");
}

static void write_error(void)
{
    cleanup(error_clear) struct error err = {0};

    error_set(&err, ERROR_CONNECTION, "main: permission denied\nfor \"t\"\033[2J");
    error_detail(&err, "some detail");
    error_hint(&err, "some hint");
    error_context(&err, "reading");
    error_sqlstate(&err, "42501");
    log_error(&err);
}

static void expect(void (*write_messages)(void), const char *expected)
{
    cleanup(free_string) char *output = captured(write_messages);

    assert_string_equal(output, expected);
}

static void test_levels(void **state)
{
    (void)state;
    log_configure(LOG_NOTICE, LOG_TEXT, COLOR_NEVER);
    expect(write_each_level, "warning: careful with t\ndone\n");
    log_configure(LOG_WARNING, LOG_TEXT, COLOR_NEVER);
    expect(write_each_level, "warning: careful with t\n");
    log_configure(LOG_DEBUG, LOG_TEXT, COLOR_NEVER);
    expect(write_each_level, "warning: careful with t\ndone\ndebug: details\n");
}

static void test_error_as_text(void **state)
{
    (void)state;
    log_configure(LOG_WARNING, LOG_TEXT, COLOR_NEVER);
    expect(write_error, "error: main: permission denied\n    for \"t\"\\x1B[2J\ndetail: some detail\nhint: some hint\n"
                        "context: reading\nSQLSTATE: 42501\n");
}

static void test_colour(void **state)
{
    (void)state;
    log_configure(LOG_WARNING, LOG_TEXT, COLOR_ALWAYS);
    expect(write_each_level, "\033[1;33mwarning: \033[0mcareful with t\n");
}

static void test_error_as_json(void **state)
{
    (void)state;
    log_configure(LOG_WARNING, LOG_JSON, COLOR_ALWAYS);
    cleanup(free_string) char *output = captured(write_error);
    const char *rest = strstr(output, "\"level\"");

    assert_memory_equal(output, "{\"time\":\"20", 11);
    assert_non_null(rest);
    assert_string_equal(rest, "\"level\":\"error\",\"message\":\"main: permission denied\\nfor \\\"t\\\"\\u001b[2J\","
                              "\"detail\":\"some detail\",\"hint\":\"some hint\",\"context\":\"reading\","
                              "\"sqlstate\":\"42501\",\"exit_status\":4}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_error_as_text),
        cmocka_unit_test(test_colour),
        cmocka_unit_test(test_error_as_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
