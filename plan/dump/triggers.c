/* Triggers, policies and statistics objects of a dump. */
#include "plan/dump/entries.h"

#include "common/memory.h"

const char *take_enabled_state(struct cursor *statement)
{
    return cursor_words(statement, "DISABLE")          ? "disabled"
           : cursor_words(statement, "ENABLE REPLICA") ? "replica"
           : cursor_words(statement, "ENABLE ALWAYS")  ? "always"
           : cursor_words(statement, "ENABLE")         ? "origin"
                                                       : NULL;
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
    object_set(entry->object, "definition", cloned ? NULL : cursor_text(dump->arena, whole));
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
    object_set(entry->object, "definition", cursor_text(dump->arena, whole));
    while (next_statement(&entry->cursor, &statement)) {
        cursor_until_words(&statement, set);
        if (!cursor_words(&statement, set[0]))
            return unexpected(entry, err);
        object_set(entry->object, "statistics", cursor_text(dump->arena, statement));
    }
    return true;
}
