/* Foreign data wrappers, servers and user mappings, and the options that these and foreign tables have. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

/* An option is NAME=VALUE. */
static void append_option(struct text *sql, const char *option)
{
    const char *equals = strchr(option, '=');
    cleanup(free_string) char *name = copy_bytes(option, equals != NULL ? (size_t)(equals - option) : strlen(option));

    quote_identifier(sql, name);
    text_append_char(sql, ' ');
    quote_literal(sql, equals != NULL ? equals + 1 : "");
}

static bool same_name(const char *a, const char *b)
{
    size_t length = strcspn(a, "=");

    return length == strcspn(b, "=") && strncmp(a, b, length) == 0;
}

void append_foreign_options(struct text *sql, struct arena *arena, const char *options)
{
    const char **items;
    size_t count;

    if (!array_text_parse(arena, options, &items, &count) || count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i == 0 ? " OPTIONS (" : ", ");
        append_option(sql, items[i]);
    }
    text_append_char(sql, ')');
}

static const char *find_option(const char **items, size_t count, const char *option)
{
    for (size_t i = 0; i < count; i++)
        if (same_name(items[i], option))
            return items[i];
    return NULL;
}

/* ` OPTIONS (ADD …, SET …, DROP …)`; nothing where they are the same. */
static void append_option_changes(struct text *sql, struct arena *arena, const char *new_options,
                                  const char *old_options)
{
    const char **new_items, **old_items;
    size_t new_count, old_count, written = 0;

    if (!array_text_parse(arena, new_options, &new_items, &new_count) ||
        !array_text_parse(arena, old_options, &old_items, &old_count))
        return;
    for (size_t i = 0; i < new_count; i++) {
        const char *old = find_option(old_items, old_count, new_items[i]);
        if (old != NULL && strcmp(old, new_items[i]) == 0)
            continue;
        text_appendf(sql, "%s%s ", written++ == 0 ? " OPTIONS (" : ", ", old != NULL ? "SET" : "ADD");
        append_option(sql, new_items[i]);
    }
    for (size_t i = 0; i < old_count; i++) {
        if (find_option(new_items, new_count, old_items[i]) != NULL)
            continue;
        cleanup(free_string) char *name = copy_bytes(old_items[i], strcspn(old_items[i], "="));
        text_appendf(sql, "%sDROP ", written++ == 0 ? " OPTIONS (" : ", ");
        quote_identifier(sql, name);
    }
    text_append(sql, written > 0 ? ")" : "");
}

static void append_user(struct text *sql, const struct item *mapping)
{
    if (strcmp(mapping->object->name, "public") == 0)
        text_append(sql, "PUBLIC");
    else
        quote_identifier(sql, mapping->object->name);
}

ALTERATION(alter_foreign_options)
{
    (void)err;
    const char *field = new->object->class == CLASS_COLUMN ? "foreign_options" : "options";
    cleanup(text_free) struct text options = {0};
    struct text *sql = &alteration->sql;

    append_option_changes(&options, changes->scratch, item_field(new, field),
                          old != NULL ? item_field(old, field) : NULL);
    if (options.length == 0)
        return true;
    if (new->object->class == CLASS_USER_MAPPING) {
        text_append(sql, "ALTER USER MAPPING FOR ");
        append_user(sql, new);
        text_appendf(sql, " SERVER %s", new->parent->object->identity);
    } else if (new->object->class == CLASS_COLUMN) {
        text_appendf(sql, "ALTER FOREIGN TABLE %s ALTER COLUMN ", new->parent->object->identity);
        quote_identifier(sql, new->object->name);
    } else {
        text_appendf(sql, "ALTER %s %s", class_keyword(new->object->class), new->object->identity);
    }
    text_appendf(sql, "%s;\n", options.data);
    return true;
}

CREATES(create_foreign_data_wrapper)
{
    (void)step, (void)replace, (void)err;
    const char *handler = item_field(item, "handler"), *validator = item_field(item, "validator");

    text_appendf(sql, "CREATE FOREIGN DATA WRAPPER %s", item->object->identity);
    if (handler != NULL)
        text_appendf(sql, " HANDLER %s", handler);
    if (validator != NULL)
        text_appendf(sql, " VALIDATOR %s", validator);
    append_foreign_options(sql, changes->scratch, item_field(item, "options"));
    text_append(sql, ";\n");
    return true;
}

CREATES(create_server)
{
    (void)step, (void)replace, (void)err;

    text_appendf(sql, "CREATE SERVER %s", item->object->identity);
    if (!field_is(item, "type", NULL)) {
        text_append(sql, " TYPE ");
        quote_literal(sql, item_field(item, "type"));
    }
    if (!field_is(item, "version", NULL)) {
        text_append(sql, " VERSION ");
        quote_literal(sql, item_field(item, "version"));
    }
    text_append(sql, " FOREIGN DATA WRAPPER ");
    quote_identifier(sql, item_field(item, "wrapper"));
    append_foreign_options(sql, changes->scratch, item_field(item, "options"));
    text_append(sql, ";\n");
    return true;
}

CREATES(create_user_mapping)
{
    (void)step, (void)replace, (void)err;

    text_append(sql, "CREATE USER MAPPING FOR ");
    append_user(sql, item);
    text_appendf(sql, " SERVER %s", item->parent->object->identity);
    append_foreign_options(sql, changes->scratch, item_field(item, "options"));
    text_append(sql, ";\n");
    return true;
}

bool drop_user_mapping(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    text_append(sql, "DROP USER MAPPING FOR ");
    append_user(sql, item);
    text_appendf(sql, " SERVER %s;\n", item->parent->object->identity);
    return true;
}
