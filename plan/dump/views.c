/* Views, materialized views and rules of a dump. */
#include "plan/dump/entries.h"

#include "common/memory.h"

/* The query as pg_get_viewdef() gives it: after AS and its line end, without what pg_dump puts behind it. */
static bool take_query(struct entry *entry, struct cursor statement, const char **check_option)
{
    static const char *const endings[] = {"WITH LOCAL CHECK OPTION", "WITH CASCADED CHECK OPTION", "WITH CHECK OPTION",
                                          "WITH NO DATA", "WITH DATA"};
    static const char *const options[] = {"check_option=local", "check_option=cascaded", "check_option=cascaded"};
    const struct sql_token *as = statement.at, *end = statement.end;

    *check_option = NULL;
    if (!cursor_words(&statement, "AS") || cursor_done(&statement))
        return false;
    for (size_t i = 0; i < array_length(endings); i++)
        for (size_t words = 2; words <= 4 && words < (size_t)(end - as); words++) {
            struct cursor tail = {statement.end - words, statement.end};
            if (cursor_words(&tail, endings[i]) && cursor_done(&tail)) {
                end = statement.end - words;
                *check_option = i < array_length(options) ? options[i] : NULL;
            }
        }
    const char *start = as->text + as->length + 1;
    const struct sql_token *last = end - 1;
    if (last == as)
        return false;
    object_set(entry->object, "definition",
               arena_format(entry->dump->arena, "%.*s;", (int)(last->text + last->length - start), start));
    return true;
}

static bool take_view(struct entry *entry, struct cursor statement, struct error *err)
{
    struct cursor inside = {0};
    const char *check_option;

    if (cursor_words(&statement, "WITH") && !cursor_group(&statement, &inside))
        return unexpected(entry, err);
    if (!take_query(entry, statement, &check_option))
        return unexpected(entry, err);
    return set_storage_options(entry, inside, check_option, err);
}

static bool create_view(struct entry *entry, enum object_class class, const char *words, struct error *err)
{
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';');
    const struct view_rest *rest = dump_view(entry->dump, entry->archive->object);
    const char *schema, *name;

    if (!cursor_words(&statement, words) || !cursor_qualified(&statement, entry->dump->arena, &schema, &name))
        return unexpected(entry, err);
    if (!entry_add(entry, class, NULL, schema, name, NULL, &entry->object, err))
        return false;
    if (rest != NULL) {
        object_set(entry->object, "columns", rest->columns);
        object_set(entry->object, "populated", rest->populated);
    }
    return take_view(entry, statement, err);
}

bool parse_view(struct entry *entry, struct error *err)
{
    return create_view(entry, CLASS_VIEW, "CREATE VIEW", err);
}

bool parse_materialized_view(struct entry *entry, struct error *err)
{
    cleanup(items_free) struct items extensions = {0};
    struct cursor statement;

    if (!create_view(entry, CLASS_MATERIALIZED_VIEW, "CREATE MATERIALIZED VIEW", err))
        return false;
    object_set(entry->object, "tablespace", entry->archive->tablespace);
    const char *method = entry->archive->access_method;
    object_set(entry->object, "access_method", method != NULL ? method : "heap");
    /* What else follows are settings of columns, which are read from the server with the columns. */
    while (next_statement(&entry->cursor, &statement))
        take_extension(entry->dump, statement, &extensions);
    items_sort(&extensions);
    object_set_list(entry->dump, entry->object, "depends_on_extensions", &extensions);
    return true;
}

/* Of two views that need each other, pg_dump writes one with columns of NULL first, and its query as a rule. */
static bool replace_view(struct entry *entry, struct cursor statement, struct error *err)
{
    const char *schema, *name;
    struct object *rule = entry->object;

    if (!cursor_qualified(&statement, entry->dump->arena, &schema, &name) ||
        (entry->object = dump_relation(entry->dump, schema, name)) == NULL)
        return unexpected(entry, err);
    bool taken = take_view(entry, statement, err);
    entry->object = rule;
    return taken;
}

bool parse_rule(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    static const char *const to[] = {"TO", NULL};
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';'), whole = statement;
    const char *schema, *table, *name;
    struct object *parent;

    if (cursor_words(&statement, "CREATE OR REPLACE VIEW"))
        return replace_view(entry, statement, err);
    if (!cursor_words(&statement, "CREATE RULE") || !cursor_name(&statement, dump->arena, &name))
        return unexpected(entry, err);
    cursor_until_words(&statement, to);
    if (!cursor_words(&statement, "TO") || !cursor_qualified(&statement, dump->arena, &schema, &table) ||
        (parent = dump_relation(dump, schema, table)) == NULL)
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_RULE, parent, NULL, name, NULL, &entry->object, err))
        return false;
    object_set(entry->object, "definition", arena_format(dump->arena, "%s;", cursor_text(dump->arena, whole)));
    object_set(entry->object, "enabled", "origin");
    while (next_statement(&entry->cursor, &statement)) {
        if (!cursor_words(&statement, "ALTER TABLE") || !cursor_qualified(&statement, dump->arena, &schema, &table))
            return unexpected(entry, err);
        object_set(entry->object, "enabled", take_enabled_state(&statement));
    }
    return true;
}
