/* The order of steps: needs, phases, ties, cycles. */
#include "common/memory.h"
#include "plan/schema/stages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TABLES = 4 };

/* Two catalogs with the tables a, b, c and d; the tests add steps to main's. */
struct fixture {
    struct catalog *main, *standin;
    struct arena *arena;
    struct changes changes;
    struct schema_diff_options options;
};

static void begin(struct fixture *fixture)
{
    static const char *const names[TABLES] = {"a", "b", "c", "d"};
    struct error err = {0};
    struct object *object;

    *fixture = (struct fixture){.main = catalog_new(), .standin = catalog_new(), .arena = arena_new()};
    for (size_t i = 0; i < TABLES; i++) {
        assert_true(catalog_add(fixture->main, CLASS_TABLE, names[i], "s", names[i], 0, &object, &err));
        assert_true(catalog_add(fixture->standin, CLASS_TABLE, names[i], "s", names[i], 0, &object, &err));
    }
    catalog_finish(fixture->main);
    catalog_finish(fixture->standin);
    changes_begin(&fixture->changes, fixture->main, fixture->standin, &fixture->options, fixture->arena);
}

static void end(struct fixture *fixture)
{
    changes_end(&fixture->changes);
    arena_free(fixture->arena);
    catalog_free(fixture->main);
    catalog_free(fixture->standin);
}

static struct step *alter(struct fixture *fixture, size_t table, enum timing timing, const char *sql)
{
    cleanup(text_free) struct text text = {0};

    text_append(&text, sql);
    return step_add(&fixture->changes, STEP_ALTER, &fixture->changes.main[table], timing, &text, NULL);
}

static void expect_order(struct fixture *fixture, const char *expected)
{
    cleanup(text_free) struct text found = {0};
    struct error err = {0};

    if (!order_steps(&fixture->changes, &err))
        fail_msg("%s: %s", err.message, err.detail);
    for (size_t i = 0; i < fixture->changes.step_count; i++)
        text_append(&found, fixture->changes.steps[i]->sql);
    assert_string_equal(found.data, expected);
}

static void test_ties_go_by_name(void **state)
{
    (void)state;
    struct fixture fixture;

    begin(&fixture);
    alter(&fixture, 2, TIMING_BEFORE, "c");
    alter(&fixture, 0, TIMING_BEFORE, "a");
    alter(&fixture, 1, TIMING_BEFORE, "b");
    expect_order(&fixture, "abc");
    end(&fixture);
}

static void test_timing_comes_before_name(void **state)
{
    (void)state;
    struct fixture fixture;

    begin(&fixture);
    alter(&fixture, 0, TIMING_FINISH, "f");
    alter(&fixture, 1, TIMING_AFTER, "p");
    alter(&fixture, 2, TIMING_BEFORE, "b");
    alter(&fixture, 3, TIMING_PRE_COMMIT, "e");
    expect_order(&fixture, "ebpf");
    end(&fixture);
}

/* A step that needs another one of a later phase moves there, and takes along what needs it in turn. */
static void test_needs_move_steps_to_later_phases(void **state)
{
    (void)state;
    struct fixture fixture;

    begin(&fixture);
    struct step *first = alter(&fixture, 3, TIMING_AFTER, "d");
    struct step *second = alter(&fixture, 0, TIMING_BEFORE, "a");
    struct step *third = alter(&fixture, 1, TIMING_BEFORE, "b");
    alter(&fixture, 2, TIMING_AFTER, "c");
    step_needs(second, first);
    step_needs(third, second);
    expect_order(&fixture, "cdab");
    assert_int_equal(second->timing, TIMING_AFTER);
    assert_int_equal(third->timing, TIMING_AFTER);
    end(&fixture);
}

static void test_soft_need_gives_way(void **state)
{
    (void)state;
    struct fixture fixture;

    begin(&fixture);
    struct step *a = alter(&fixture, 0, TIMING_BEFORE, "a"), *b = alter(&fixture, 1, TIMING_BEFORE, "b");
    step_needs(a, b);
    step_prefers(b, a);
    expect_order(&fixture, "ba");
    end(&fixture);
}

static void test_cycle_is_reported_with_its_members(void **state)
{
    (void)state;
    struct fixture fixture;
    struct error err = {0};

    begin(&fixture);
    struct step *a = alter(&fixture, 0, TIMING_BEFORE, "a"), *b = alter(&fixture, 1, TIMING_BEFORE, "b");
    alter(&fixture, 2, TIMING_BEFORE, "c");
    step_needs(a, b);
    step_needs(b, a);
    assert_false(order_steps(&fixture.changes, &err));
    assert_int_equal(err.code, ERROR_INTERNAL);
    assert_non_null(strstr(err.detail, "alter table a"));
    assert_non_null(strstr(err.detail, "alter table b"));
    assert_null(strstr(err.detail, "alter table c"));
    error_clear(&err);
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ties_go_by_name),
        cmocka_unit_test(test_timing_comes_before_name),
        cmocka_unit_test(test_needs_move_steps_to_later_phases),
        cmocka_unit_test(test_soft_need_gives_way),
        cmocka_unit_test(test_cycle_is_reported_with_its_members),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
