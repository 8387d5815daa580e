/* Publications with their tables and schemas, and subscriptions. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/template.h"

#include "common/catalog/array_text.h"
#include "common/quote.h"

CREATES(create_publication)
{
    (void)changes, (void)step, (void)replace, (void)err;

    text_appendf(sql, "CREATE PUBLICATION %s%s WITH (publish = ", item->object->identity,
                 field_is(item, "all_tables", "true") ? " FOR ALL TABLES" : "");
    quote_literal(sql, item_field(item, "publish"));
    if (field_is(item, "via_partition_root", "true"))
        text_append(sql, ", publish_via_partition_root = true");
    text_append(sql, ");\n");
    return true;
}

static void append_names(struct text *sql, struct arena *arena, const char *array)
{
    const char **items;
    size_t count;

    if (!array_text_parse(arena, array, &items, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i > 0 ? ", " : "");
        quote_identifier(sql, items[i]);
    }
}

CREATES(create_publication_table)
{
    (void)step, (void)replace, (void)err;

    template_expand(sql, "ALTER PUBLICATION %p ADD TABLE ONLY %{table}", item, NULL, NULL);
    sql->data[--sql->length] = '\0';
    if (!field_is(item, "columns", NULL)) {
        text_append(sql, " (");
        append_names(sql, changes->scratch, item_field(item, "columns"));
        text_append_char(sql, ')');
    }
    if (!field_is(item, "row_filter", NULL))
        text_appendf(sql, " WHERE (%s)", item_field(item, "row_filter"));
    text_append(sql, ";\n");
    return true;
}

CREATES(create_publication_schema)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "ALTER PUBLICATION %p ADD TABLES IN SCHEMA %n;", item, NULL, NULL);
    return true;
}

/* --- Subscriptions: the connection string is not in the model, for it may hold a password --- */

CREATES(create_subscription)
{
    (void)step, (void)replace, (void)sql, (void)err;
    changes_warn(changes, "subscription %s is not created: its connection string is not read from main",
                 item->object->identity);
    return true;
}

/* The slot on the publisher stays: it is not this database's. */
bool drop_subscription(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    template_expand(sql, "ALTER SUBSCRIPTION %o DISABLE;", item, NULL, NULL);
    template_expand(sql, "ALTER SUBSCRIPTION %o SET (slot_name = NONE);", item, NULL, NULL);
    template_expand(sql, "DROP SUBSCRIPTION %o;", item, NULL, NULL);
    return true;
}

ALTERATION(alter_subscription_publications)
{
    (void)old, (void)err;
    text_appendf(&alteration->sql, "ALTER SUBSCRIPTION %s SET PUBLICATION ", new->object->identity);
    append_names(&alteration->sql, changes->scratch, item_field(new, "publications"));
    text_append(&alteration->sql, " WITH (refresh = false);\n");
    return true;
}

/* Only CREATE SUBSCRIPTION can set it, and that takes the connection string. */
static void keep_option(struct changes *changes, const struct item *new, const struct item *old, const char *option,
                        const char *why)
{
    const char *value = item_field(new, option), *old_value = item_field(old, option);

    if (!same_field(new, old, option))
        changes_warn(changes, "subscription %s keeps %s = %s (main: %s): %s", new->object->identity, option,
                     old_value != NULL ? old_value : "false", value != NULL ? value : "false", why);
}

ALTERATION(keep_slot_options)
{
    (void)alteration, (void)err;
    if (old != NULL) {
        keep_option(changes, new, old, "two_phase", "it would have to be created anew");
        keep_option(changes, new, old, "failover", "the server changes it in no transaction");
    }
    return true;
}
