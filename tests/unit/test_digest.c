/* Digests: what is written is read, and what is malformed is refused. */
#include "tests/unit/sample_plan.h"

#include "common/text.h"
#include "format/digest.h"

static void test_round_trip(void **state)
{
    (void)state;
    struct error err = {0};
    char hostile[] = "a\\b\nc\td\re\x1b\b\f\v", empty[] = "", mark[] = "\\.";
    char *bounds[] = {empty, hostile, mark};
    struct digest_chunk chunks[] = {{.number = 0, .main = {.rows = 1, .sum = UINT64_MAX}},
                                    {.number = 7, .main = {.rows = 0, .sum = 0}}};
    struct digest_slice touched[] = {{.number = 3, .main = {.rows = 5, .sum = 1}, .base = {.rows = 6, .sum = 2}}};
    const struct digest digest = {
        .bounds = bounds, .bound_count = 3, .chunks = chunks, .chunk_count = 2, .touched = touched, .touched_count = 1};
    struct digest read;
    size_t length;
    cleanup(free_string) char *text = digest_write(&digest, &length);

    must(digest_read(text, length, &read, &err));
    assert_int_equal(read.bound_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(read.bounds[i], bounds[i]);
    assert_int_equal(read.chunk_count, 2);
    assert_true(read.chunks[0].main.sum == UINT64_MAX);
    assert_int_equal(read.chunks[1].number, 7);
    assert_int_equal(read.touched_count, 1);
    assert_int_equal(read.touched[0].base.rows, 6);
    size_t again_length;
    cleanup(free_string) char *again = digest_write(&read, &again_length);
    assert_string_equal(text, again);
    digest_free(&read);
}

static void test_empty(void **state)
{
    (void)state;
    struct error err = {0};
    struct digest digest;

    must(digest_read("", 0, &digest, &err));
    assert_int_equal(digest.chunk_count, 0);
}

#define SUM "0123456789abcdef"

static void test_malformed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\n",
        "chunk 0 1 " SUM,
        "chunk 0 1 " SUM " \n",
        "chunk  0 1 " SUM "\n",
        "chunk 00 1 " SUM "\n",
        "chunk -1 1 " SUM "\n",
        "chunk 0 1 0123456789ABCDEF\n",
        "chunk 0 1 0123456789abcde\n",
        "chunk 0 1 " SUM "0\n",
        "chunk 0 99999999999999999999 " SUM "\n",
        "chunk 0 9007199254740992 " SUM "\n",
        "chunk 1 1 " SUM "\nchunk 0 1 " SUM "\n",
        "chunk 1 1 " SUM "\nchunk 1 1 " SUM "\n",
        "chunk 1 1 " SUM "\nbound a\n",
        "slice 1 1 " SUM "\n",
        "slice 1 1 " SUM " 1 " SUM "\nchunk 1 1 " SUM "\n",
        "bound a\\\n",
        "bound a\\x\n",
        "bound a\tb\n",
        "bound",
        "weather fine\n",
    };

    for (size_t i = 0; i < array_length(texts); i++) {
        struct error err = {0};
        struct digest digest;
        if (digest_read(texts[i], strlen(texts[i]), &digest, &err))
            fail_msg("accepted: %s", texts[i]);
        assert_int_equal(err.code, ERROR_ARCHIVE);
        assert_null(digest.chunks);
        error_clear(&err);
    }
    struct error err = {0};
    struct digest digest;
    must_refuse(digest_read("bound a\0b\n", 10, &digest, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
