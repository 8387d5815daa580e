/* Triggers, policies and statistics objects of a dump. */
#include "plan/dump/entries.h"

#include "common/memory.h"
#include "common/text.h"

const char *take_enabled_state(struct cursor *statement)
{
    return cursor_words(statement, "DISABLE")          ? "disabled"
           : cursor_words(statement, "ENABLE REPLICA") ? "replica"
           : cursor_words(statement, "ENABLE ALWAYS")  ? "always"
           : cursor_words(statement, "ENABLE")         ? "origin"
                                                       : NULL;
}

/* As servers from 12 on say it: before, it was EXECUTE PROCEDURE. */
static char *trigger_definition(struct dump *dump, struct cursor whole)
{
    static const char *const execute[] = {"EXECUTE PROCEDURE", NULL};
    struct cursor rest = whole, head = cursor_until_words(&rest, execute);

    if (!cursor_words(&rest, execute[0]))
        return cursor_text(dump->arena, whole);
    return arena_format(dump->arena, "%s EXECUTE FUNCTION %s", cursor_text(dump->arena, head),
                        cursor_text(dump->arena, rest));
}

/* CREATE TRIGGER, or of a partition's copy only ALTER TABLE … DISABLE TRIGGER … */
bool parse_trigger(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(items_free) struct items extensions = {0};
    static const char *const on[] = {"ON", NULL};
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';'), whole = statement;
    const char *schema, *table, *name, *enabled = "origin";
    struct object *parent;

    bool cloned = cursor_words(&statement, "ALTER");
    if (cloned) {
        cursor_words(&statement, "FOREIGN");
        if (!cursor_words(&statement, "TABLE") || !cursor_qualified(&statement, dump->arena, &schema, &table) ||
            (enabled = take_enabled_state(&statement)) == NULL || !cursor_words(&statement, "TRIGGER") ||
            !cursor_name(&statement, dump->arena, &name))
            return unexpected(entry, err);
    } else {
        if (!cursor_words(&statement, "CREATE"))
            return unexpected(entry, err);
        cursor_words(&statement, "CONSTRAINT");
        if (!cursor_words(&statement, "TRIGGER") || !cursor_name(&statement, dump->arena, &name))
            return unexpected(entry, err);
        cursor_until_words(&statement, on);
        if (!cursor_words(&statement, "ON") || !cursor_qualified(&statement, dump->arena, &schema, &table))
            return unexpected(entry, err);
    }
    if ((parent = dump_relation(dump, schema, table)) == NULL)
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_TRIGGER, parent, NULL, name, NULL, &entry->object, err))
        return false;
    object_set(entry->object, "definition", cloned ? NULL : trigger_definition(dump, whole));
    while (next_statement(&entry->cursor, &statement)) {
        if (take_extension(dump, statement, &extensions))
            continue;
        cursor_words(&statement, "ALTER");
        cursor_words(&statement, "FOREIGN");
        if (!cursor_words(&statement, "TABLE") || !cursor_qualified(&statement, dump->arena, &schema, &table) ||
            (enabled = take_enabled_state(&statement)) == NULL)
            return unexpected(entry, err);
    }
    object_set(entry->object, "enabled", enabled);
    object_set_bool(entry->object, "cloned", cloned);
    items_sort(&extensions);
    object_set_list(dump, entry->object, "depends_on_extensions", &extensions);
    return true;
}

static bool take_roles(struct entry *entry, struct cursor *statement, struct items *roles)
{
    const char *role;

    do {
        if (!cursor_name(statement, entry->dump->arena, &role))
            return false;
        items_add(roles, role);
    } while (cursor_symbol(statement, ','));
    return true;
}

bool parse_policy(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(items_free) struct items roles = {0};
    static const char *const commands[] = {"ALL", "SELECT", "INSERT", "UPDATE", "DELETE"};
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';'), inside;
    const char *schema, *table, *name, *command = "ALL";
    struct object *parent;

    if (!cursor_words(&statement, "CREATE POLICY") || !cursor_name(&statement, dump->arena, &name) ||
        !cursor_words(&statement, "ON") || !cursor_qualified(&statement, dump->arena, &schema, &table) ||
        (parent = dump_relation(dump, schema, table)) == NULL)
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_POLICY, parent, NULL, name, NULL, &entry->object, err))
        return false;
    object_set_bool(entry->object, "permissive", !cursor_words(&statement, "AS RESTRICTIVE"));
    if (cursor_words(&statement, "FOR"))
        for (size_t i = 0; i < array_length(commands); i++)
            if (cursor_words(&statement, commands[i]))
                command = commands[i];
    if (cursor_words(&statement, "TO") && !take_roles(entry, &statement, &roles))
        return unexpected(entry, err);
    if (roles.count == 0)
        items_add(&roles, "public");
    items_sort(&roles);
    object_set(entry->object, "command", command);
    object_set_list(dump, entry->object, "roles", &roles);
    if (cursor_words(&statement, "USING") && cursor_group(&statement, &inside))
        object_set(entry->object, "using", cursor_expression(dump->arena, inside));
    if (cursor_words(&statement, "WITH CHECK") && cursor_group(&statement, &inside))
        object_set(entry->object, "check", cursor_expression(dump->arena, inside));
    return cursor_done(&statement) || unexpected(entry, err);
}

/* The definition with its columns in the order of their names; expressions come after them. */
static const char *by_name(struct arena *arena, struct cursor definition)
{
    static const char *const on[] = {"ON", NULL}, *const from[] = {"FROM", NULL};
    cleanup(items_free) struct items columns = {0};
    cleanup(text_free) struct text text = {0};
    struct cursor before = definition, rest = definition, list, item;

    cursor_until_words(&rest, on);
    cursor_words(&rest, on[0]);
    before.end = rest.at;
    list = cursor_until_words(&rest, from);
    const struct sql_token *after = list.at;
    while (!cursor_done(&list)) {
        item = cursor_until_symbol(&list, ',');
        if (item.at + 1 != item.end)
            break;
        items_add(&columns, cursor_text(arena, item));
        after = list.at;
    }
    items_sort(&columns);
    text_appendf(&text, "%s ", cursor_text(arena, before));
    for (size_t i = 0; i < columns.count; i++)
        text_appendf(&text, "%s%s", i > 0 ? ", " : "", columns.items[i]);
    if (after != list.end) /* what is left of the list */
        text_appendf(&text, "%s%s", columns.count > 0 ? ", " : "", cursor_text(arena, (struct cursor){after, rest.at}));
    text_appendf(&text, " %s", cursor_text(arena, rest));
    return arena_string(arena, text.data);
}

bool parse_statistics(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    static const char *const from[] = {"FROM", NULL}, *const set[] = {"SET STATISTICS", NULL};
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';'), whole = statement;
    const char *schema, *name, *table_schema, *table;
    struct object *parent;

    if (!cursor_words(&statement, "CREATE STATISTICS") || !cursor_qualified(&statement, dump->arena, &schema, &name))
        return unexpected(entry, err);
    cursor_until_words(&statement, from);
    if (!cursor_words(&statement, "FROM") || !cursor_qualified(&statement, dump->arena, &table_schema, &table) ||
        (parent = dump_relation(dump, table_schema, table)) == NULL)
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_STATISTICS, parent, schema, name, NULL, &entry->object, err))
        return false;
    object_set(entry->object, "definition", by_name(dump->arena, whole));
    while (next_statement(&entry->cursor, &statement)) {
        cursor_until_words(&statement, set);
        if (!cursor_words(&statement, set[0]))
            return unexpected(entry, err);
        object_set(entry->object, "statistics", cursor_text(dump->arena, statement));
    }
    return true;
}
