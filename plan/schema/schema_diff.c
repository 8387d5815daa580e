/* From two catalogs to ordered statements: match, decide, make steps, put them in order. */
#include "plan/schema/rules/rename.h"
#include "plan/schema/stages.h"

#include "common/memory.h"

static const enum phase phases[] = {[TIMING_BEFORE] = PHASE_PRE_DATA,
                                    [TIMING_AFTER] = PHASE_POST_DATA,
                                    [TIMING_FOREIGN_KEYS] = PHASE_POST_DATA,
                                    [TIMING_FINISH] = PHASE_POST_DATA};

static const char **copy_list(struct arena *arena, const char **items, size_t count)
{
    const char **copy = arena_allocate(arena, count, sizeof *copy);

    for (size_t i = 0; i < count; i++)
        copy[i] = arena_string(arena, items[i]);
    return copy;
}

static void take_statements(struct schema_diff *diff, const struct changes *changes)
{
    diff->statements = arena_allocate(diff->arena, changes->step_count, sizeof *diff->statements);
    for (size_t i = 0; i < changes->step_count; i++) {
        const struct step *step = changes->steps[i];

        if (step->sql[0] == '\0')
            continue;
        diff->statements[diff->statement_count++] = (struct schema_statement){
            .phase = step->timing == TIMING_PRE_COMMIT ? PHASE_PRE_COMMIT : phases[step->timing],
            .action = step->action,
            .class = step->item->object->class,
            .object = arena_string(diff->arena, step->item->object->identity),
            .sql = step->sql,
            .risks = copy_list(diff->arena, step->risks, step->risk_count),
            .risk_count = step->risk_count,
        };
    }
}

/* Satellites and what is created along with its parent, or has another name that ALTER cannot give it, are not counted:
 * people count objects they named. */
static bool is_done(const struct step *step, const struct item *item)
{
    return step != NULL && step->item == item && step->sql[0] != '\0';
}

static void count_objects(struct schema_diff *diff, const struct changes *changes)
{
    for (size_t i = 0; i < changes->main_count; i++) {
        const struct item *item = &changes->main[i];

        if (is_created(item) && item->other == NULL)
            diff->objects_created += is_done(item->created_by, item);
        else
            diff->objects_altered += item->alter_count > 0 || is_created(item);
    }
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *item = &changes->standin[i];

        diff->objects_dropped += item->fate == FATE_DROP && is_done(item->dropped_by, item);
    }
}

static void list_tables(struct schema_diff *diff, const struct changes *changes)
{
    diff->created_tables = arena_allocate(diff->arena, changes->main_count, sizeof(char *));
    diff->dropped_tables = arena_allocate(diff->arena, changes->standin_count, sizeof(char *));
    for (size_t i = 0; i < changes->main_count; i++)
        if (changes->main[i].object->class == CLASS_TABLE && is_created(&changes->main[i]))
            diff->created_tables[diff->created_table_count++] =
                arena_string(diff->arena, changes->main[i].object->identity);
    for (size_t i = 0; i < changes->standin_count; i++)
        if (changes->standin[i].object->class == CLASS_TABLE && is_gone(&changes->standin[i]))
            diff->dropped_tables[diff->dropped_table_count++] =
                arena_string(diff->arena, changes->standin[i].object->identity);
}

static void list_gone(struct schema_diff *diff, const struct changes *changes)
{
    diff->gone = arena_allocate(diff->arena, changes->standin_count, sizeof *diff->gone);
    for (size_t i = 0; i < changes->standin_count; i++)
        if (is_gone(&changes->standin[i]))
            diff->gone[diff->gone_count++] = changes->standin[i].object;
}

bool schema_diff(const struct catalog *main, const struct catalog *standin, const struct schema_diff_options *options,
                 struct schema_diff *diff, struct error *err)
{
    struct changes changes;
    cleanup(map_free) struct map rebuilds = {0};
    bool ok;

    *diff = (struct schema_diff){.arena = arena_new()};
    if (options->same)
        return true;
    for (bool again = true; again;) {
        changes_begin(&changes, main, standin, options, diff->arena);
        changes.rebuilds = &rebuilds;
        pair_renamed(&changes);
        ok = compare_pairs(&changes, err);
        if (ok) {
            close_rebuilds(&changes);
            ok = check_kept(&changes, err) && make_steps(&changes, err) && order_steps(&changes, err);
        }
        again = ok && changes.again;
        if (again)
            changes_end(&changes);
    }
    if (ok) {
        take_statements(diff, &changes);
        count_objects(diff, &changes);
        list_tables(diff, &changes);
        list_gone(diff, &changes);
        diff->fates = arena_allocate(diff->arena, changes.fate_count, sizeof *diff->fates);
        for (size_t i = 0; i < changes.fate_count; i++)
            diff->fates[diff->fate_count++] = changes.fates[i];
        diff->warnings = copy_list(diff->arena, changes.warnings, changes.warning_count);
        diff->warning_count = changes.warning_count;
    }
    changes_end(&changes);
    if (!ok)
        schema_diff_free(diff);
    return ok;
}

void schema_diff_free(struct schema_diff *diff)
{
    arena_free(diff->arena);
    *diff = (struct schema_diff){0};
}
