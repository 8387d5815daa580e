/* Tests of the reader of pg_dump's archives, whole and damaged. */
#include "common/memory.h"
#include "common/text.h"
#include "plan/dump/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void put_integer(struct text *archive, int value)
{
    unsigned int size = (unsigned int)(value < 0 ? -value : value);

    text_append_char(archive, value < 0);
    for (int i = 0; i < 4; i++)
        text_append_char(archive, (char)(size >> (8 * i)));
}

static void put_string(struct text *archive, const char *string)
{
    put_integer(archive, string != NULL ? (int)strlen(string) : -1);
    if (string != NULL)
        text_append(archive, string);
}

static void put_head(struct text *archive, int minor, int entries)
{
    text_append(archive, "PGDMP");
    text_append_char(archive, 1);
    text_append_char(archive, (char)minor);
    text_append_char(archive, 0);
    text_append_char(archive, 4); /* size of an integer */
    text_append_char(archive, 8); /* and of an offset */
    text_append_char(archive, 1); /* custom */
    if (minor >= 15)
        text_append_char(archive, 0);
    else
        put_integer(archive, -1);
    for (int i = 0; i < 7; i++)
        put_integer(archive, i);
    put_string(archive, "shop");
    put_string(archive, "15.18");
    put_string(archive, "16.2");
    put_integer(archive, entries);
}

static void put_entry(struct text *archive, int minor, int dump_id, const char *definition)
{
    put_integer(archive, dump_id);
    put_integer(archive, 0);
    put_string(archive, "1259");
    put_string(archive, "4294967295");
    put_string(archive, "t");
    put_string(archive, "TABLE");
    put_integer(archive, 2);
    put_string(archive, definition);
    put_string(archive, "DROP TABLE public.t;\n");
    put_string(archive, NULL);
    put_string(archive, "public");
    put_string(archive, "");
    if (minor >= 14)
        put_string(archive, "heap");
    if (minor >= 16)
        put_integer(archive, 'r');
    put_string(archive, "o'wner");
    put_string(archive, "false");
    put_string(archive, "7");
    put_string(archive, "12");
    put_string(archive, NULL);
    for (int i = 0; i < 9; i++)
        text_append_char(archive, 3);
}

static void put_archive(struct text *archive, int minor)
{
    put_head(archive, minor, 2);
    put_entry(archive, minor, 5, "CREATE TABLE public.t (\n);\n");
    put_entry(archive, minor, 6, NULL);
}

static void reads_each_version(void **state)
{
    (void)state;
    for (int minor = 12; minor <= 16; minor++) {
        cleanup(text_free) struct text bytes = {0};
        cleanup(arena_cleanup) struct arena *arena = arena_new();
        cleanup(error_clear) struct error err = {0};
        struct archive archive;

        put_archive(&bytes, minor);
        assert_true(archive_read(arena, bytes.data, bytes.length, &archive, &err));
        assert_string_equal(archive.server_version, "15.18");
        assert_string_equal(archive.dump_version, "16.2");
        assert_int_equal(archive.entry_count, 2);
        const struct archive_entry *entry = &archive.entries[0];
        assert_int_equal(entry->dump_id, 5);
        assert_int_equal(entry->class, 1259);
        assert_int_equal(entry->object, UINT32_MAX);
        assert_string_equal(entry->tag, "t");
        assert_string_equal(entry->description, "TABLE");
        assert_string_equal(entry->definition, "CREATE TABLE public.t (\n);\n");
        assert_string_equal(entry->schema, "public");
        assert_null(entry->tablespace);
        assert_string_equal(entry->owner, "o'wner");
        assert_int_equal(entry->depend_count, 2);
        assert_int_equal(entry->depends[0], 7);
        assert_int_equal(entry->depends[1], 12);
        if (minor >= 14)
            assert_string_equal(entry->access_method, "heap");
        assert_string_equal(archive.entries[1].definition, "");
    }
}

static bool reads(const void *bytes, size_t length)
{
    cleanup(arena_cleanup) struct arena *arena = arena_new();
    cleanup(error_clear) struct error err = {0};
    struct archive archive;
    /* Of its own size, so that a sanitizer sees a read behind its end. */
    char *copy = copy_bytes(bytes, length), *exact = length > 0 ? reallocate(copy, length, 1) : copy;
    bool good = archive_read(arena, exact, length, &archive, &err);

    assert_true(good || err.code == ERROR_ARCHIVE);
    free(exact);
    return good;
}

static void refuses_what_is_cut_off(void **state)
{
    cleanup(text_free) struct text bytes = {0};

    (void)state;
    put_archive(&bytes, 14);
    for (size_t length = 0; length < bytes.length; length++)
        assert_false(reads(bytes.data, length));
    assert_true(reads(bytes.data, bytes.length));
}

/* Whatever a byte says, the reader ends and stays inside. */
static void survives_every_byte(void **state)
{
    static const unsigned char values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};

    (void)state;
    for (int minor = 13; minor <= 16; minor += 3) {
        cleanup(text_free) struct text bytes = {0};
        put_archive(&bytes, minor);
        for (size_t at = 0; at < bytes.length; at++)
            for (size_t i = 0; i < array_length(values); i++) {
                char before = bytes.data[at];
                bytes.data[at] = (char)values[i];
                (void)reads(bytes.data, bytes.length);
                bytes.data[at] = before;
            }
    }
}

static void refuses_other_versions(void **state)
{
    (void)state;
    for (int minor = 10; minor <= 18; minor++) {
        cleanup(text_free) struct text bytes = {0};
        put_archive(&bytes, minor);
        assert_int_equal(reads(bytes.data, bytes.length), minor >= 12 && minor <= 16);
    }
    assert_false(reads("PK\003\004 something else", 18));
    assert_false(reads("", 0));
}

static void refuses_more_entries_than_fit(void **state)
{
    static const int counts[] = {3, 1000000, INT32_MAX, -1};

    (void)state;
    for (size_t i = 0; i < array_length(counts); i++) {
        cleanup(text_free) struct text bytes = {0};
        put_head(&bytes, 14, counts[i]);
        put_entry(&bytes, 14, 5, "x");
        put_entry(&bytes, 14, 6, "y");
        assert_false(reads(bytes.data, bytes.length));
    }
}

static void refuses_a_nul_in_a_string(void **state)
{
    cleanup(text_free) struct text bytes = {0};

    (void)state;
    put_archive(&bytes, 14);
    char *name = memmem(bytes.data, bytes.length, "CREATE", 6);
    assert_non_null(name);
    name[2] = '\0';
    assert_false(reads(bytes.data, bytes.length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_version),
        cmocka_unit_test(refuses_what_is_cut_off),
        cmocka_unit_test(survives_every_byte),
        cmocka_unit_test(refuses_other_versions),
        cmocka_unit_test(refuses_more_entries_than_fit),
        cmocka_unit_test(refuses_a_nul_in_a_string),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
