/* Foreign data wrappers, servers, user mappings and publications of a dump. */
#include "plan/dump/entries.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/text.h"
#include "plan/dump/render.h"

/* HANDLER f, VALIDATOR f: nothing where the word does not come. */
static bool take_routine(struct entry *entry, struct cursor *rest, const char *word, const char *field)
{
    const char *schema, *name;

    if (!cursor_words(rest, word))
        return true;
    struct cursor shown = {rest->at, rest->at};
    if (!cursor_qualified(rest, entry->dump->arena, &schema, &name))
        return false;
    shown.end = rest->at;
    object_set(entry->object, field, as_regprocedure(entry->dump, shown));
    return true;
}

static bool take_options(struct entry *entry, struct cursor *rest, struct error *err)
{
    struct cursor inside;

    if (cursor_words(rest, "OPTIONS")) {
        if (!cursor_group(rest, &inside))
            return unexpected(entry, err);
        if (!set_options(entry, entry->object, "options", inside, OPTIONS_SECRET, err))
            return false;
    }
    return cursor_done(rest) || unexpected(entry, err);
}

bool parse_foreign_data_wrapper(struct entry *entry, struct error *err)
{
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';');
    const char *name;
    struct object *object;

    if (!cursor_words(&rest, "CREATE FOREIGN DATA WRAPPER") || !cursor_name(&rest, entry->dump->arena, &name))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_FOREIGN_DATA_WRAPPER, NULL, NULL, name, NULL, &object, err))
        return false;
    if (!take_routine(entry, &rest, "HANDLER", "handler") || !take_routine(entry, &rest, "VALIDATOR", "validator"))
        return unexpected(entry, err);
    return take_options(entry, &rest, err);
}

bool parse_server(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';');
    const char *name, *value;
    struct object *object;

    if (!cursor_words(&rest, "CREATE SERVER") || !cursor_name(&rest, dump->arena, &name))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_SERVER, NULL, NULL, name, NULL, &object, err))
        return false;
    if (cursor_words(&rest, "TYPE") && cursor_string(&rest, dump->arena, &value))
        object_set(object, "type", value);
    if (cursor_words(&rest, "VERSION") && cursor_string(&rest, dump->arena, &value))
        object_set(object, "version", value);
    if (!cursor_words(&rest, "FOREIGN DATA WRAPPER") || !cursor_name(&rest, dump->arena, &value))
        return unexpected(entry, err);
    object_set(object, "wrapper", value);
    return take_options(entry, &rest, err);
}

bool parse_user_mapping(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';');
    const char *role, *server_name;
    struct object *server, *object;

    if (!cursor_words(&rest, "CREATE USER MAPPING FOR") || !cursor_name(&rest, dump->arena, &role) ||
        !cursor_words(&rest, "SERVER") || !cursor_name(&rest, dump->arena, &server_name))
        return unexpected(entry, err);
    server = dump_find(dump, CLASS_SERVER, dump_identity(dump, NULL, server_name));
    if (server == NULL)
        return true; /* an extension's */
    return entry_add(entry, CLASS_USER_MAPPING, server, NULL, role, NULL, &object, err) &&
           take_options(entry, &rest, err);
}

bool parse_publication(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(pairs_free) struct pairs pairs = {0};
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), inside;
    const char *name;
    struct object *object;

    if (!cursor_words(&rest, "CREATE PUBLICATION") || !cursor_name(&rest, dump->arena, &name))
        return unexpected(entry, err);
    bool all = cursor_words(&rest, "FOR ALL TABLES");
    if (cursor_words(&rest, "WITH") && (!cursor_group(&rest, &inside) || !pairs_read(dump, inside, &pairs)))
        return unexpected(entry, err);
    const struct pair *publish = pairs_find(&pairs, "publish"), *generated;
    const struct pair *via_root = pairs_find(&pairs, "publish_via_partition_root");
    generated = pairs_find(&pairs, "publish_generated_columns");
    if (!cursor_done(&rest) || publish == NULL)
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_PUBLICATION, NULL, NULL, name, NULL, &object, err))
        return false;
    object_set_bool(object, "all_tables", all);
    object_set(object, "publish", publish->value);
    object_set(object, "via_partition_root", via_root != NULL ? via_root->value : "false");
    if (generated != NULL && generated->value != NULL && strcmp(generated->value, "none") != 0)
        object_set(object, "generated_columns", arena_bytes(dump->arena, generated->value, 1));
    return true;
}

static struct object *take_publication(struct entry *entry, struct cursor *rest)
{
    const char *name;

    if (!cursor_words(rest, "ALTER PUBLICATION") || !cursor_name(rest, entry->dump->arena, &name))
        return NULL;
    return dump_find(entry->dump, CLASS_PUBLICATION, dump_identity(entry->dump, NULL, name));
}

static bool set_columns(struct entry *entry, struct cursor inside)
{
    cleanup(items_free) struct items columns = {0};
    const char *name;

    do {
        if (!cursor_name(&inside, entry->dump->arena, &name))
            return false;
        items_add(&columns, name);
    } while (cursor_symbol(&inside, ','));
    items_sort(&columns);
    object_set_list(entry->dump, entry->object, "columns", &columns);
    return true;
}

bool parse_publication_table(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), inside;
    struct object *publication = take_publication(entry, &rest), *object;
    const char *schema, *name;

    if (publication == NULL || !cursor_words(&rest, "ADD TABLE"))
        return unexpected(entry, err);
    cursor_words(&rest, "ONLY");
    if (!cursor_qualified(&rest, dump->arena, &schema, &name))
        return unexpected(entry, err);
    const char *table = dump_identity(dump, schema, name);
    if (!entry_add(entry, CLASS_PUBLICATION_TABLE, publication, NULL, NULL, arena_format(dump->arena, " %s", table),
                   &object, err))
        return false;
    object_set(object, "table", table);
    if (cursor_group(&rest, &inside) && !set_columns(entry, inside))
        return unexpected(entry, err);
    if (cursor_words(&rest, "WHERE") && cursor_group(&rest, &inside))
        object_set(object, "row_filter", cursor_expression(dump->arena, inside));
    return cursor_done(&rest) || unexpected(entry, err);
}

bool parse_publication_schema(struct entry *entry, struct error *err)
{
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';');
    struct object *publication = take_publication(entry, &rest), *object;
    const char *name;

    if (publication == NULL || !cursor_words(&rest, "ADD TABLES IN SCHEMA") ||
        !cursor_name(&rest, entry->dump->arena, &name))
        return unexpected(entry, err);
    return entry_add(entry, CLASS_PUBLICATION_SCHEMA, publication, NULL, name, NULL, &object, err);
}
