/* The model of a schema: order, edges, lookup, comparison. */
#include "common/catalog/compare.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct object *add(struct catalog *catalog, enum object_class class, const char *identity, const char *field,
                          const char *value)
{
    cleanup(error_clear) struct error err = {0};
    struct object *object = NULL;

    assert_true(catalog_add(catalog, class, identity, "public", identity, field != NULL, &object, &err));
    if (field != NULL)
        object_own_fields(object)[0] = (struct field){field, value};
    return object;
}

static void test_class_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        enum object_class class;
        assert_true(class_from_name(class_name((enum object_class)i), &class));
        assert_int_equal(class, i);
    }
    enum object_class class;
    assert_false(class_from_name("tables", &class));
}

static void test_order_and_edges(void **state)
{
    (void)state;
    cleanup(catalog_cleanup) struct catalog *catalog = catalog_new();
    struct object *column = add(catalog, CLASS_COLUMN, "public.t.a", "type", "integer");
    struct object *z = add(catalog, CLASS_TABLE, "public.z", NULL, NULL);
    struct object *t = add(catalog, CLASS_TABLE, "public.t", NULL, NULL);

    column->parent = t;
    catalog_set_depends(catalog, column, (struct object *[]){z, t, z, column}, 4);
    catalog_finish(catalog);

    assert_ptr_equal(catalog->objects[0], t);
    assert_ptr_equal(catalog->objects[1], z);
    assert_ptr_equal(catalog->objects[2], column);
    assert_int_equal(column->number, 2);
    assert_int_equal(column->depend_count, 2);
    assert_ptr_equal(column->depends[0], t);
    assert_ptr_equal(column->depends[1], z);
    assert_ptr_equal(catalog_find(catalog, CLASS_TABLE, "public.t"), t);
    assert_null(catalog_find(catalog, CLASS_VIEW, "public.t"));
    assert_string_equal(object_field(column, "type"), "integer");
    assert_null(object_field(column, "collation"));
}

static void test_no_two_of_a_name(void **state)
{
    (void)state;
    cleanup(catalog_cleanup) struct catalog *catalog = catalog_new();
    cleanup(error_clear) struct error err = {0};
    struct object *object = NULL;

    add(catalog, CLASS_TABLE, "public.t", NULL, NULL);
    assert_false(catalog_add(catalog, CLASS_TABLE, "public.t", "public", "t", 0, &object, &err));
    assert_int_equal(err.code, ERROR_INTERNAL);
}

static void assert_comparison(const struct catalog *expected, const struct catalog *found, bool extras_allowed,
                              const char *lines)
{
    cleanup(text_free) struct text text = {0};

    catalog_compare(expected, found, extras_allowed, 100, &text);
    assert_string_equal(text.data != NULL ? text.data : "", lines);
}

static void test_compare(void **state)
{
    (void)state;
    cleanup(catalog_cleanup) struct catalog *expected = catalog_new();
    cleanup(catalog_cleanup) struct catalog *found = catalog_new();

    add(expected, CLASS_COLUMN, "public.t.a", "type", "bigint");
    add(found, CLASS_COLUMN, "public.t.a", "type", "integer");
    add(expected, CLASS_COLUMN, "public.t.b", "position", "2");
    add(found, CLASS_COLUMN, "public.t.b", "position", "3");
    add(expected, CLASS_TABLE, "public.m", NULL, NULL);
    add(found, CLASS_TABLE, "public.n", NULL, NULL);
    add(found, CLASS_VIEW, "public.v", "options", NULL);
    add(expected, CLASS_VIEW, "public.v", NULL, NULL);
    catalog_finish(expected);
    catalog_finish(found);

    assert_comparison(expected, expected, false, "");
    assert_comparison(expected, found, true,
                      "table public.m: missing\n"
                      "column public.t.a: type is integer, expected bigint\n");
    assert_comparison(expected, found, false,
                      "table public.m: missing\n"
                      "column public.t.a: type is integer, expected bigint\n"
                      "table public.n: not expected\n");

    cleanup(text_free) struct text text = {0};
    assert_int_equal(catalog_compare(expected, found, false, 1, &text), 3);
    assert_string_equal(text.data, "table public.m: missing\n");
}

static struct catalog *enum_catalog(const char *const *labels, size_t count)
{
    static const char *const positions[] = {"1", "2", "3", "4"};
    struct catalog *catalog = catalog_new();
    struct object *type = add(catalog, CLASS_ENUM, "public.e", NULL, NULL);

    for (size_t i = 0; i < count; i++)
        add(catalog, CLASS_ENUM_LABEL, labels[i], "position", positions[i])->parent = type;
    catalog_finish(catalog);
    return catalog;
}

static void test_compare_enum_labels(void **state)
{
    (void)state;
    cleanup(catalog_cleanup) struct catalog *expected = enum_catalog((const char *[]){"a", "b"}, 2);
    cleanup(catalog_cleanup) struct catalog *more = enum_catalog((const char *[]){"x", "a", "y", "b"}, 4);
    cleanup(catalog_cleanup) struct catalog *turned = enum_catalog((const char *[]){"b", "x", "a"}, 3);

    assert_comparison(expected, more, true, "");
    assert_comparison(expected, turned, true,
                      "enum label a: position is 3, expected 1\nenum label b: position is 1, expected 2\n");
}

static void test_compare_long_values(void **state)
{
    (void)state;
    cleanup(catalog_cleanup) struct catalog *expected = catalog_new();
    cleanup(catalog_cleanup) struct catalog *found = catalog_new();
    cleanup(text_free) struct text text = {0};
    char one[400], two[400];

    memset(one, 'x', sizeof one);
    memset(two, 'x', sizeof two);
    one[300] = '\n';
    one[399] = two[399] = '\0';
    add(expected, CLASS_VIEW, "public.v", "definition", one);
    add(found, CLASS_VIEW, "public.v", "definition", two);
    assert_int_equal(catalog_compare(expected, found, false, 1, &text), 1);
    assert_true(text.length < 250);
    assert_ptr_equal(strchr(text.data, '\n'), text.data + text.length - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_class_names),         cmocka_unit_test(test_order_and_edges),
        cmocka_unit_test(test_no_two_of_a_name),    cmocka_unit_test(test_compare),
        cmocka_unit_test(test_compare_enum_labels), cmocka_unit_test(test_compare_long_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
