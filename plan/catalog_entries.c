/* The catalogs of both databases go into the plan while schemas and rows are compared. */
#include "plan/catalog_entries.h"

#include "common/memory.h"
#include "format/catalog_json.h"
#include "format/entry_name.h"

static bool write_entry(void *context, struct error *err)
{
    struct catalog_entry *entry = context;

    entry->same = entry->written != NULL && catalog_equal(entry->written, entry->catalog);
    return entry->same || catalog_json_write(entry->catalog, entry->part, err);
}

bool catalog_entries_start(struct catalog_entries *entries, const struct catalog *main, const struct catalog *base,
                           struct plan_writer *writer, struct error *err)
{
    struct catalog_entry *sides = entries->sides;

    sides[0].catalog = main;
    sides[1].catalog = base;
    sides[1].written = main;
    if (!plan_part_open(writer, ENTRY_MAIN_SCHEMA, &sides[0].part, err) ||
        !plan_part_open(writer, ENTRY_BASE_SCHEMA, &sides[1].part, err))
        return false;
    both_start(&entries->both, write_entry, &sides[0], &sides[1]);
    return true;
}

bool catalog_entries_finish(struct catalog_entries *entries, struct error *err)
{
    const struct catalog_entry *base = &entries->sides[1];

    if (!both_finish(&entries->both, err) || !plan_part_close(take(entries->sides[0].part), 0, err))
        return false;
    struct plan_part *part = take(entries->sides[1].part);
    return base->same ? plan_part_close_like(part, ENTRY_MAIN_SCHEMA, err) : plan_part_close(part, 0, err);
}

void catalog_entries_release(struct catalog_entries *entries)
{
    struct error late = {0};

    if (!both_finish(&entries->both, &late))
        error_clear(&late);
    for (size_t i = 0; i < array_length(entries->sides); i++)
        plan_part_abandon(take(entries->sides[i].part));
}
