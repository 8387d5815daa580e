/* CREATE for what is neither a table nor a type nor a function of its own: policies, operator families, text search. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/template.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

CREATES(create_definition)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "%{definition};", item, NULL, NULL);
    return true;
}

CREATES(create_rule)
{
    (void)changes, (void)step, (void)replace, (void)err;
    append_query(sql, item_field(item, "definition"));
    text_append_char(sql, '\n');
    return true;
}

/* --- Policies --- */

static void append_roles(struct text *sql, struct arena *arena, const char *roles)
{
    const char **items;
    size_t count;

    if (!array_text_parse(arena, roles, &items, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i > 0 ? ", " : "");
        if (strcmp(items[i], "public") == 0)
            text_append(sql, "PUBLIC");
        else
            quote_identifier(sql, items[i]);
    }
}

static void append_policy_expressions(struct text *sql, const struct item *policy)
{
    static const struct {
        const char *field, *word;
    } expressions[] = {{"using", " USING ("}, {"check", " WITH CHECK ("}};

    for (size_t i = 0; i < array_length(expressions); i++) {
        if (field_is(policy, expressions[i].field, NULL))
            continue;
        text_append(sql, expressions[i].word);
        append_query(sql, item_field(policy, expressions[i].field));
        text_append_char(sql, ')');
    }
    text_append(sql, ";\n");
}

CREATES(create_policy)
{
    (void)step, (void)replace, (void)err;

    text_append(sql, "CREATE POLICY ");
    quote_identifier(sql, item->object->name);
    text_appendf(sql, " ON %s AS %s FOR %s TO ", item->parent->object->identity,
                 field_is(item, "permissive", "true") ? "PERMISSIVE" : "RESTRICTIVE", item_field(item, "command"));
    append_roles(sql, changes->scratch, item_field(item, "roles"));
    append_policy_expressions(sql, item);
    return true;
}

/* ALTER POLICY cannot take an expression away. */
bool policy_alterable(const struct item *new, const struct item *old)
{
    return (!field_is(new, "using", NULL) || field_is(old, "using", NULL)) &&
           (!field_is(new, "check", NULL) || field_is(old, "check", NULL));
}

ALTERATION(alter_policy)
{
    (void)old, (void)err;
    struct text *sql = &alteration->sql;

    text_append(sql, "ALTER POLICY ");
    quote_identifier(sql, new->object->name);
    text_appendf(sql, " ON %s TO ", new->parent->object->identity);
    append_roles(sql, changes->scratch, item_field(new, "roles"));
    append_policy_expressions(sql, new);
    alteration->refers = true;
    return true;
}

/* --- Operator families: what belongs to no class of theirs --- */

/* `OPERATOR 1 public.=(integer, integer) FOR …` is dropped as `OPERATOR 1 (integer, integer)`. */
static void append_member_key(struct text *sql, const char *member)
{
    const char *number = strchr(member, ' '), *after = number != NULL ? strchr(number + 1, ' ') : NULL;
    const char *open = after != NULL ? strchr(after, '(') : NULL, *close = open != NULL ? strchr(open, ')') : NULL;

    if (close == NULL) {
        text_append(sql, member);
        return;
    }
    text_append_bytes(sql, member, (size_t)(after - member + 1));
    text_append_bytes(sql, open, (size_t)(close - open + 1));
}

static bool contains(const char **items, size_t count, const char *item)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i], item) == 0)
            return true;
    return false;
}

ALTERATION(alter_members)
{
    (void)err;
    const char **new_items, **old_items;
    size_t new_count, old_count;
    struct text *sql = &alteration->sql;

    if (!array_text_parse(changes->scratch, item_field(new, "members"), &new_items, &new_count) ||
        !array_text_parse(changes->scratch, old != NULL ? item_field(old, "members") : NULL, &old_items, &old_count))
        return true;
    for (size_t i = 0; i < old_count; i++) {
        if (contains(new_items, new_count, old_items[i]))
            continue;
        text_appendf(sql, "ALTER OPERATOR FAMILY %s DROP ", new->object->identity);
        append_member_key(sql, old_items[i]);
        text_append(sql, ";\n");
    }
    for (size_t i = 0; i < new_count; i++)
        if (!contains(old_items, old_count, new_items[i]))
            text_appendf(sql, "ALTER OPERATOR FAMILY %s ADD %s;\n", new->object->identity, new_items[i]);
    alteration->refers = true;
    return true;
}

CREATES(create_operator_family)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "CREATE OPERATOR FAMILY %o;", item, NULL, NULL);
    return true;
}

CREATES(create_family_member)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "ALTER OPERATOR FAMILY %{family} ADD %{definition};", item, NULL, NULL);
    return true;
}

bool drop_family_member(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    template_expand(sql, "ALTER OPERATOR FAMILY %{family} DROP ", item, NULL, NULL);
    sql->data[--sql->length] = '\0'; /* the template's newline */
    append_member_key(sql, item_field(item, "definition"));
    text_append(sql, ";\n");
    return true;
}

/* --- Text search --- */

CREATES(create_text_search_dictionary)
{
    (void)changes, (void)step, (void)replace, (void)err;
    text_appendf(sql, "CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %s", item->object->identity,
                 item_field(item, "template"));
    if (!field_is(item, "options", NULL))
        text_appendf(sql, ", %s", item_field(item, "options"));
    text_append(sql, ");\n");
    return true;
}

CREATES(create_text_search_configuration)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "CREATE TEXT SEARCH CONFIGURATION %o (PARSER = %{parser});", item, NULL, NULL);
    return true;
}

static void map_tokens(struct text *sql, struct arena *arena, const struct item *mapping, const char *verb)
{
    const char **items;
    size_t count;

    text_appendf(sql, "ALTER TEXT SEARCH CONFIGURATION %s %s MAPPING FOR ", mapping->parent->object->identity, verb);
    quote_identifier(sql, mapping->object->name);
    if (array_text_parse(arena, item_field(mapping, "dictionaries"), &items, &count))
        for (size_t i = 0; i < count; i++)
            text_appendf(sql, "%s%s", i == 0 ? " WITH " : ", ", items[i]);
    text_append(sql, ";\n");
}

CREATES(create_text_search_mapping)
{
    (void)step, (void)replace, (void)err;
    map_tokens(sql, changes->scratch, item, "ADD");
    return true;
}

ALTERATION(alter_text_search_mapping)
{
    (void)old, (void)err;
    map_tokens(&alteration->sql, changes->scratch, new, "ALTER");
    return true;
}

/* --- Materialized views --- */

/* Filled at the end, when all rows are there: what it holds is not in the plan. */
CREATES(create_materialized_view)
{
    (void)replace, (void)err;
    const char *definition = item_field(item, "definition"), *access_method = item_field(item, "access_method");
    cleanup(text_free) struct text options = {0};
    size_t length = strlen(definition);

    while (length > 0 && (definition[length - 1] == ';' || definition[length - 1] == '\n'))
        length--;
    const char *query = arena_bytes(changes->scratch, definition, length);
    text_appendf(sql, "CREATE MATERIALIZED VIEW %s", item->object->identity);
    if (access_method != NULL && changes->standin_version >= 120000) { /* before, heap is all there is */
        text_append(sql, " USING ");
        quote_identifier(sql, access_method);
    }
    append_storage_options(&options, changes->scratch, item_field(item, "options"), "", " WITH (");
    append_storage_options(&options, changes->scratch, item_field(item, "toast_options"), "toast.",
                           options.length > 0 ? ", " : " WITH (");
    if (options.length > 0)
        text_appendf(sql, "%s)", options.data);
    if (!field_is(item, "tablespace", NULL)) {
        text_append(sql, " TABLESPACE ");
        quote_identifier(sql, item_field(item, "tablespace"));
    }
    text_append(sql, " AS\n");
    append_query(sql, query);
    text_append(sql, "\n  WITH NO DATA;\n");
    for (size_t i = 0; i < item->child_count; i++) {
        if (item->children[i]->object->class == CLASS_VIEW_COLUMN)
            item->children[i]->created_by = step;
    }
    return true;
}

/* --- What goes with an extension --- */

ALTERATION(alter_extension_dependence)
{
    (void)err;
    const char **new_items, **old_items;
    size_t new_count, old_count;
    struct text *sql = &alteration->sql;
    cleanup(text_free) struct text target = {0};

    if (!array_text_parse(changes->scratch, item_field(new, "depends_on_extensions"), &new_items, &new_count) ||
        !array_text_parse(changes->scratch, old != NULL ? item_field(old, "depends_on_extensions") : NULL, &old_items,
                          &old_count))
        return true;
    template_expand(&target, new->object->class == CLASS_TRIGGER ? "ALTER TRIGGER %n ON %p" : "ALTER %k %o", new, NULL,
                    NULL);
    target.data[--target.length] = '\0';
    for (size_t i = 0; i < old_count; i++)
        if (!contains(new_items, new_count, old_items[i])) {
            text_appendf(sql, "%s NO DEPENDS ON EXTENSION ", target.data);
            quote_identifier(sql, old_items[i]);
            text_append(sql, ";\n");
        }
    for (size_t i = 0; i < new_count; i++)
        if (!contains(old_items, old_count, new_items[i])) {
            text_appendf(sql, "%s DEPENDS ON EXTENSION ", target.data);
            quote_identifier(sql, new_items[i]);
            text_append(sql, ";\n");
        }
    return true;
}
