/* What psql writes is understood: messages of the server, in pieces and with anything in them; results of COPY. */
#include "apply/psql.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_message(struct text *text, bool at_end, const char *sqlstate, bool is_error, const char *message,
                           const char *detail, const char *hint)
{
    cleanup(psql_message_free) struct psql_message found = {0};
    cleanup(text_free) struct text other = {0};

    assert_true(psql_message_take(text, "/usr/bin/psql", at_end, &found, &other));
    assert_string_equal(found.sqlstate, sqlstate);
    assert_int_equal(found.is_error, is_error);
    assert_string_equal(found.message.data, message);
    assert_string_equal(found.detail.data != NULL ? found.detail.data : "", detail);
    assert_string_equal(found.hint.data != NULL ? found.hint.data : "", hint);
}

static void test_messages(void **state)
{
    (void)state;
    static const char written[] =
        "psql:<stdin>:2: INFO:  00000: pgsyncer: rows 1 +0 ~0 -1 \"a\nDETAIL of nothing\"\n"
        "LOCATION:  exec_stmt_raise, pl_exec.c:3907\n"
        "psql:<stdin>:17: WARNING:  01000: w\nLOCATION:  x, y.c:1\n"
        "psql:<stdin>:18: FEHLER:  PS009: public.t: 1 row is\n  not\nDETAIL:  DATA update (7): a\nLINE of it\nHINT:  "
        "h1\nh2\nCONTEXT:  PL/pgSQL function\nline 3\nLOCATION:  x, y.c:1\n";
    cleanup(text_free) struct text text = {0}, other = {0};
    cleanup(psql_message_free) struct psql_message none = {0};

    /* It comes in any pieces: what is not complete waits. */
    for (size_t i = 0; i < strlen(written); i++) {
        text_append_char(&text, written[i]);
        if (strncmp(written + i + 1, "psql:<stdin>:17", 15) == 0)
            break;
        assert_false(psql_message_take(&text, "psql", false, &none, &other));
    }
    expect_message(&text, false, "00000", false, "pgsyncer: rows 1 +0 ~0 -1 \"a\nDETAIL of nothing\"", "", "");
    assert_int_equal(text.length, 0);

    text_append(&text, strstr(written, "psql:<stdin>:17"));
    expect_message(&text, false, "01000", false, "w", "", "");
    expect_message(&text, false, "PS009", true, "public.t: 1 row is\n  not", "DATA update (7): a\nLINE of it",
                   "h1\nh2");
    assert_false(psql_message_take(&text, "psql", true, &none, &other));
    assert_int_equal(other.length, 0);
}

static void test_last_words(void **state)
{
    (void)state;
    cleanup(text_free) struct text text = {0}, other = {0};
    cleanup(psql_message_free) struct psql_message message = {0};

    text_append(&text, "psql: error: connection to server failed: FATAL:  no such database");
    assert_false(psql_message_take(&text, "psql", false, &message, &other));
    assert_int_equal(other.length, 0);
    assert_false(psql_message_take(&text, "psql", true, &message, &other));
    assert_string_equal(other.data, "psql: error: connection to server failed: FATAL:  no such database");

    text_append(&text,
                "psql:<stdin>:9: FATAL:  57P01: terminating connection\npsql:<stdin>:9: ERROR:  57014: canceled\n");
    expect_message(&text, false, "57P01", true, "terminating connection", "", "");
    assert_false(psql_message_take(&text, "psql", false, &message, &other));
    expect_message(&text, true, "57014", true, "canceled", "", "");

    /* Of another program, or of no server. */
    text_append(
        &text, "other:<stdin>:9: ERROR:  57014: x\npsql:<stdin>:9: ERROR:  short: x\npsql:<stdin>: ERROR:  57014: x\n");
    assert_false(psql_message_take(&text, "psql", true, &message, &other));
}

static void test_results(void **state)
{
    (void)state;
    static const char csv[] = "a,\"b c\",d\n\"1\",,\"\"\n\"x\ny\"\"z,\",\"\\.\",\"NULL\"\n";
    cleanup(result_clear) PGresult *result = psql_result(csv, strlen(csv)), *empty = psql_result("a,b\n", 4);

    assert_non_null(result);
    assert_int_equal(PQnfields(result), 3);
    assert_int_equal(PQntuples(result), 2);
    assert_int_equal(PQfnumber(result, "\"b c\""), 1);
    assert_string_equal(PQgetvalue(result, 0, 0), "1");
    assert_true(PQgetisnull(result, 0, 1));
    assert_false(PQgetisnull(result, 0, 2));
    assert_string_equal(PQgetvalue(result, 0, 2), "");
    assert_string_equal(PQgetvalue(result, 1, 0), "x\ny\"z,");
    assert_string_equal(PQgetvalue(result, 1, 1), "\\.");
    assert_string_equal(PQgetvalue(result, 1, 2), "NULL");
    assert_non_null(empty);
    assert_int_equal(PQntuples(empty), 0);
    assert_int_equal(PQnfields(empty), 2);
    /* Cut off anywhere but between two rows, it is no result. */
    for (size_t length = 0; length < strlen(csv); length++) {
        cleanup(result_clear) PGresult *cut = psql_result(csv, length);
        if (cut != NULL)
            assert_true(csv[length - 1] == '\n');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_last_words),
        cmocka_unit_test(test_results),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
