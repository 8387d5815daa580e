/* The catalogs of both databases go into the plan while other things are read and compared. */
#include "plan/catalog_entries.h"

#include "common/memory.h"
#include "format/catalog_json.h"
#include "format/entry_name.h"

static bool write_entry(void *context, struct error *err)
{
    const struct catalog_entry *entry = context;

    return catalog_json_write(entry->catalog, entry->part, err);
}

bool catalog_entries_open(struct catalog_entries *entries, struct plan_writer *writer, struct error *err)
{
    return plan_part_open(writer, ENTRY_MAIN_SCHEMA, &entries->main.part, err) &&
           plan_part_open(writer, ENTRY_BASE_SCHEMA, &entries->base.part, err);
}

static void write_side(struct side_call *call, struct catalog_entry *entry, const struct catalog *catalog)
{
    entry->catalog = catalog;
    side_start(call, write_entry, entry);
}

void catalog_entries_write_base(struct catalog_entries *entries, const struct catalog *base)
{
    write_side(&entries->both.calls[1], &entries->base, base);
}

void catalog_entries_write_main(struct catalog_entries *entries, const struct catalog *main, bool same)
{
    entries->same = same;
    if (!same)
        write_side(&entries->both.calls[0], &entries->main, main);
}

bool catalog_entries_finish(struct catalog_entries *entries, struct error *err)
{
    if (!both_finish(&entries->both, err) || !plan_part_close(take(entries->base.part), 0, err))
        return false;
    struct plan_part *part = take(entries->main.part);
    return entries->same ? plan_part_close_like(part, ENTRY_BASE_SCHEMA, err) : plan_part_close(part, 0, err);
}

void catalog_entries_release(struct catalog_entries *entries)
{
    struct error late = {0};

    if (!both_finish(&entries->both, &late))
        error_clear(&late);
    plan_part_abandon(take(entries->main.part));
    plan_part_abandon(take(entries->base.part));
}
