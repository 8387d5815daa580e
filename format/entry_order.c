/* The order of a plan file's entries. */
#include "format/entry_order.h"

#include "common/memory.h"
#include "format/entry_name.h"
#include "format/limits.h"

/* Takes the name (free()s it). */
static bool walk_required(char *made, entry_present present, void *context, enum error_code code, struct error *err)
{
    cleanup(free_string) char *name = made;

    return present(context, &(struct entry_place){.name = name}) ||
           error_set(err, code, "entry %s is missing or not in its place", name);
}

/* Of 10,000 tables most have no row to change. */
static bool has_rows(const struct plan_table *table, enum rows_kind kind)
{
    return kind == ROWS_DELETE   ? table->deletes > 0
           : kind == ROWS_UPDATE ? table->updates > 0
           : kind == ROWS_INSERT ? table->inserts > 0
                                 : table->updates + table->deletes > 0;
}

static void walk_rows(size_t number, const struct plan_table *table, entry_present present, void *context)
{
    for (int kind = 0; kind < ROWS_KINDS; kind++)
        for (unsigned part = 1; has_rows(table, (enum rows_kind)kind) && part <= LIMIT_PARTS; part++) {
            cleanup(free_string) char *name =
                entry_name_rows(number, table->shape.schema, table->shape.name, (enum rows_kind)kind, part);
            const struct entry_place place = {.name = name, .table = number, .kind = (enum rows_kind)kind};
            if (!present(context, &place))
                break;
        }
}

bool entry_order_walk(const struct manifest *manifest, entry_present present, void *context, enum error_code code,
                      struct error *err)
{
    static const char *const fixed[] = {ENTRY_SUMMARY, ENTRY_SCRIPT, ENTRY_MAIN_SCHEMA, ENTRY_BASE_SCHEMA};

    for (size_t i = 0; i < array_length(fixed); i++)
        present(context, &(struct entry_place){.name = fixed[i]});
    for (size_t i = 0; i < manifest->statement_count; i++)
        if (!walk_required(entry_name_statement(manifest->statements[i].id), present, context, code, err))
            return false;
    for (size_t i = 0; i < manifest->table_count; i++)
        walk_rows(i + 1, &manifest->tables[i], present, context);
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct plan_table *table = &manifest->tables[i];
        if (table->digest_entry != NULL &&
            !walk_required(entry_name_digest(i + 1, table->shape.schema, table->shape.name), present, context, code,
                           err))
            return false;
    }
    return true;
}
