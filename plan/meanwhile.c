/* What is done for each of the two databases while their schemas are compared. */
#include "plan/meanwhile.h"

#include "common/memory.h"
#include "format/catalog_json.h"
#include "format/entry_name.h"

/* The server's part comes first: it works while we wait for our turn of the processor. */
static bool do_side(void *context, struct error *err)
{
    struct meanwhile_side *side = context;

    if (side->selection != NULL &&
        !table_list_read(side->connection, side->selection, side->catalog, &side->tables, err))
        return false;
    side->same = side->written != NULL && catalog_equal(side->written, side->catalog);
    return side->same || catalog_json_write(side->catalog, side->part, err);
}

bool meanwhile_start(struct meanwhile *meanwhile, struct database *databases[2], const struct catalog *main,
                     const struct catalog *base, const struct selection *selection, struct plan_writer *writer,
                     struct error *err)
{
    struct meanwhile_side *sides = meanwhile->sides;

    sides[0].catalog = main;
    sides[1].catalog = base;
    sides[1].written = main;
    for (size_t i = 0; i < array_length(meanwhile->sides); i++) {
        sides[i].selection = selection;
        sides[i].connection = &databases[i]->connections[databases[i]->connection_count - 1];
    }
    if (!plan_part_open(writer, ENTRY_MAIN_SCHEMA, &sides[0].part, err) ||
        !plan_part_open(writer, ENTRY_BASE_SCHEMA, &sides[1].part, err))
        return false;
    both_start(&meanwhile->both, do_side, &sides[0], &sides[1]);
    return databases[0]->connection_count > 1 || both_finish(&meanwhile->both, err);
}

bool meanwhile_finish(struct meanwhile *meanwhile, struct error *err)
{
    const struct meanwhile_side *base = &meanwhile->sides[1];

    if (!both_finish(&meanwhile->both, err) || !plan_part_close(take(meanwhile->sides[0].part), 0, err))
        return false;
    struct plan_part *part = take(meanwhile->sides[1].part);
    return base->same ? plan_part_close_like(part, ENTRY_MAIN_SCHEMA, err) : plan_part_close(part, 0, err);
}

void meanwhile_release(struct meanwhile *meanwhile)
{
    struct error late = {0};

    if (!both_finish(&meanwhile->both, &late))
        error_clear(&late);
    for (size_t i = 0; i < array_length(meanwhile->sides); i++) {
        plan_part_abandon(take(meanwhile->sides[i].part));
        table_list_free(&meanwhile->sides[i].tables);
    }
}
