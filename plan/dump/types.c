/* Types and domains of a dump. */
#include "plan/dump/render.h"

#include "common/memory.h"
#include "common/text.h"

static bool add_labels(struct entry *entry, struct cursor inside, struct error *err)
{
    struct object *label;
    size_t position = 0;

    while (!cursor_done(&inside)) {
        struct cursor item = cursor_until_symbol(&inside, ',');
        const char *name;
        if (!cursor_string(&item, entry->dump->arena, &name))
            return unexpected(entry, err);
        if (!dump_add(entry->dump, CLASS_ENUM_LABEL, entry->object, NULL, name, NULL, &label, err))
            return false;
        object_set(label, "position", arena_format(entry->dump->arena, "%zu", ++position));
    }
    return true;
}

static bool add_attributes(struct entry *entry, struct cursor inside, struct error *err)
{
    static const char *const collate[] = {"COLLATE", NULL};
    struct dump *dump = entry->dump;
    const struct column_rest *rest = dump_columns(dump, entry->archive->object);
    struct object *attribute;
    size_t position = 0;

    for (; !cursor_done(&inside); rest = rest->next) {
        struct cursor item = cursor_until_symbol(&inside, ',');
        const char *name;
        if (rest == NULL || !cursor_name(&item, dump->arena, &name) || strcmp(name, rest->name) != 0)
            return unexpected(entry, err);
        if (!dump_add(dump, CLASS_ATTRIBUTE, entry->object, NULL, name, NULL, &attribute, err))
            return false;
        addresses_add(&dump->reading->addresses, (struct address){PG_CLASS, rest->relation, rest->number}, attribute);
        object_set(attribute, "position", arena_format(dump->arena, "%zu", ++position));
        object_set(attribute, "type", cursor_text(dump->arena, cursor_until_words(&item, collate)));
        if (cursor_words(&item, "COLLATE"))
            object_set(attribute, "collation", cursor_text(dump->arena, item));
    }
    return true;
}

static bool set_list_definition(struct entry *entry, struct cursor inside, const char *head,
                                const struct rendering *renderings, size_t count, struct error *err)
{
    cleanup(text_free) struct text text = {0};

    text_append(&text, head);
    if (!render_list(entry->dump, inside, renderings, count, &text))
        return unexpected(entry, err);
    text_append_char(&text, ')');
    object_set_text(entry->dump, entry->object, "definition", text.data);
    return true;
}

static bool set_range(struct entry *entry, struct cursor inside, const char *shown, struct error *err)
{
    static const struct rendering renderings[] = {
        {"SUBTYPE", NULL, RAW},         {"MULTIRANGE_TYPE_NAME", NULL, RAW},
        {"SUBTYPE_OPCLASS", NULL, RAW}, {"COLLATION", NULL, RAW},
        {"CANONICAL", NULL, RAW},       {"SUBTYPE_DIFF", NULL, RAW},
    };

    return set_list_definition(entry, inside, arena_format(entry->dump->arena, "CREATE TYPE %s AS RANGE (", shown),
                               renderings, array_length(renderings), err);
}

static bool set_base(struct entry *entry, struct cursor inside, const char *shown, struct error *err)
{
    static const struct rendering renderings[] = {
        {"INPUT", NULL, RAW},          {"OUTPUT", NULL, RAW},        {"RECEIVE", NULL, RAW},
        {"SEND", NULL, RAW},           {"TYPMOD_IN", NULL, RAW},     {"TYPMOD_OUT", NULL, RAW},
        {"ANALYZE", NULL, RAW},        {"SUBSCRIPT", NULL, RAW},     {"INTERNALLENGTH", NULL, UPPER},
        {"PASSEDBYVALUE", NULL, FLAG}, {"ALIGNMENT", NULL, RAW},     {"STORAGE", NULL, RAW},
        {"CATEGORY", NULL, LITERAL},   {"PREFERRED", NULL, RAW},     {"DEFAULT", NULL, LITERAL},
        {"ELEMENT", NULL, RAW},        {"DELIMITER", NULL, LITERAL}, {"COLLATABLE", NULL, RAW},
    };

    return set_list_definition(entry, inside, arena_format(entry->dump->arena, "CREATE TYPE %s (", shown), renderings,
                               array_length(renderings), err);
}

bool parse_type(struct entry *entry, struct error *err)
{
    struct cursor *rest = &entry->cursor, inside, shown_name;
    const char *schema, *name, *shown;
    struct object *object;

    if (!cursor_words(rest, "CREATE TYPE"))
        return unexpected(entry, err);
    shown_name.at = rest->at;
    if (!cursor_qualified(rest, entry->dump->arena, &schema, &name))
        return unexpected(entry, err);
    shown_name.end = rest->at;
    shown = cursor_text(entry->dump->arena, shown_name);
    if (cursor_words(rest, "AS ENUM"))
        return entry_add(entry, CLASS_ENUM, NULL, schema, name, NULL, &object, err) &&
               (cursor_group(rest, &inside) ? add_labels(entry, inside, err) : unexpected(entry, err));
    if (cursor_words(rest, "AS RANGE"))
        return entry_add(entry, CLASS_RANGE_TYPE, NULL, schema, name, NULL, &object, err) &&
               (cursor_group(rest, &inside) ? set_range(entry, inside, shown, err) : unexpected(entry, err));
    if (cursor_words(rest, "AS"))
        return entry_add(entry, CLASS_COMPOSITE_TYPE, NULL, schema, name, NULL, &object, err) &&
               (cursor_group(rest, &inside) ? add_attributes(entry, inside, err) : unexpected(entry, err));
    if (cursor_group(rest, &inside))
        return entry_add(entry, CLASS_BASE_TYPE, NULL, schema, name, NULL, &object, err) &&
               set_base(entry, inside, shown, err);
    return entry_add(entry, CLASS_SHELL_TYPE, NULL, schema, name, NULL, &object, err);
}

static const char *const domain_clauses[] = {"COLLATE", "NOT NULL", "DEFAULT", "CONSTRAINT", NULL};

static bool take_domain_clause(struct entry *entry, struct cursor *rest, struct error *err)
{
    struct arena *arena = entry->dump->arena;
    struct object *constraint;
    const char *schema, *name;

    if (cursor_words(rest, "COLLATE")) {
        struct cursor collation = {rest->at, rest->at};
        if (!cursor_qualified(rest, arena, &schema, &name))
            return unexpected(entry, err);
        collation.end = rest->at;
        object_set(entry->object, "collation", cursor_text(arena, collation));
        return true;
    }
    if (cursor_words(rest, "NOT NULL")) {
        object_set_bool(entry->object, "not_null", true);
        return true;
    }
    if (cursor_words(rest, "DEFAULT")) {
        object_set(entry->object, "default", cursor_expression(arena, cursor_until_words(rest, domain_clauses)));
        return true;
    }
    if (!cursor_words(rest, "CONSTRAINT") || !cursor_name(rest, arena, &name))
        return unexpected(entry, err);
    if (cursor_words(rest, "NOT NULL")) {
        object_set_bool(entry->object, "not_null", true);
        return true;
    }
    return add_constraint(entry, entry->object, name, cursor_until_words(rest, domain_clauses), &constraint, err);
}

bool parse_domain(struct entry *entry, struct error *err)
{
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';');
    const char *schema, *name;
    struct object *domain;

    if (!cursor_words(&rest, "CREATE DOMAIN") || !cursor_qualified(&rest, entry->dump->arena, &schema, &name) ||
        !cursor_words(&rest, "AS"))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_DOMAIN, NULL, schema, name, NULL, &domain, err))
        return false;
    object_set(domain, "type", cursor_text(entry->dump->arena, cursor_until_words(&rest, domain_clauses)));
    object_set_bool(domain, "not_null", false);
    while (!cursor_done(&rest))
        if (!take_domain_clause(entry, &rest, err))
            return false;
    return true;
}
