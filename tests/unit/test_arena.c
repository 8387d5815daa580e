/* Many small allocations that are released together. */
#include "common/arena.h"
#include "common/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_allocations(void **state)
{
    (void)state;
    cleanup(arena_cleanup) struct arena *arena = arena_new();

    for (size_t size = 1; size < 5000; size += 7) {
        unsigned char *memory = arena_allocate(arena, 1, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
}

static void test_large_ones(void **state)
{
    (void)state;
    cleanup(arena_cleanup) struct arena *arena = arena_new();
    char *before = arena_string(arena, "before"), *large = arena_allocate(arena, 3, 1 << 20);
    char *after = arena_string(arena, "after");

    memset(large, 'x', 3 << 20);
    assert_string_equal(before, "before");
    assert_string_equal(after, "after");
}

static void test_strings(void **state)
{
    (void)state;
    cleanup(arena_cleanup) struct arena *arena = arena_new();

    assert_null(arena_string(arena, NULL));
    assert_memory_equal(arena_bytes(arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(arena_format(arena, "%s.%d", "t", 7), "t.7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allocations),
        cmocka_unit_test(test_large_ones),
        cmocka_unit_test(test_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
