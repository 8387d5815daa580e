/* Collations, conversions, languages, access methods, text search and event triggers of a dump. */
#include "plan/dump/render.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/text.h"

bool parse_collation(struct entry *entry, struct error *err)
{
    static const char *const names[] = {"provider", "deterministic", "locale", "rules", "lc_collate", "lc_ctype"};
    struct dump *dump = entry->dump;
    cleanup(pairs_free) struct pairs pairs = {0};
    cleanup(text_free) struct text text = {0};
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), inside;
    const char *schema, *name;
    struct object *object;

    if (!cursor_words(&rest, "CREATE COLLATION") || !cursor_qualified(&rest, dump->arena, &schema, &name) ||
        !cursor_group(&rest, &inside) || !pairs_read(dump, inside, &pairs))
        return unexpected(entry, err);
    const struct pair *provider = pairs_find(&pairs, "provider"), *locale = pairs_find(&pairs, "locale");
    if (provider == NULL)
        return unexpected(entry, err);
    /* `locale` of pg_dump is lc_collate and lc_ctype for the server where the provider is libc. */
    bool both = locale != NULL && strcmp(pair_text(dump, provider), "libc") == 0;
    text_appendf(&text, "CREATE COLLATION %s (", dump_identity(dump, schema, name));
    for (size_t i = 0; i < array_length(names); i++) {
        bool split = both && i >= 4;
        const struct pair *pair = split ? locale : pairs_find(&pairs, names[i]);
        if (pair == NULL || (both && pair == locale && !split))
            continue;
        bool literal = !cursor_done(&pair->tokens) && pair->tokens.at->kind == SQL_TOKEN_STRING;
        text_appendf(&text, "%s%s = %s", i > 0 ? ", " : "", names[i],
                     literal ? server_literal(dump, pair->value) : pair_text(dump, pair));
    }
    text_append_char(&text, ')');
    if (!entry_add(entry, CLASS_COLLATION, NULL, schema, name, NULL, &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    return true;
}

bool parse_conversion(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), whole = rest;
    const char *schema, *name;
    struct object *object;

    cursor_words(&rest, "CREATE");
    cursor_words(&rest, "DEFAULT");
    if (!cursor_words(&rest, "CONVERSION") || !cursor_qualified(&rest, dump->arena, &schema, &name))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_CONVERSION, NULL, schema, name, NULL, &object, err))
        return false;
    object_set(object, "definition", cursor_text(dump->arena, whole));
    return true;
}

static bool append_handler(struct entry *entry, struct cursor *rest, const char *word, struct text *text)
{
    const char *schema, *name;

    if (!cursor_words(rest, word))
        return true;
    struct cursor shown = {rest->at, rest->at};
    if (!cursor_qualified(rest, entry->dump->arena, &schema, &name))
        return false;
    shown.end = rest->at;
    text_appendf(text, " %s %s", word, as_regprocedure(entry->dump, shown));
    return true;
}

bool parse_language(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(text_free) struct text text = {0};
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';');
    const char *name;
    struct object *object;

    if (!cursor_words(&rest, "CREATE"))
        return unexpected(entry, err);
    cursor_words(&rest, "OR REPLACE");
    bool trusted = cursor_words(&rest, "TRUSTED");
    cursor_words(&rest, "PROCEDURAL");
    if (!cursor_words(&rest, "LANGUAGE") || !cursor_name(&rest, dump->arena, &name))
        return unexpected(entry, err);
    text_appendf(&text, "CREATE %sLANGUAGE %s", trusted ? "TRUSTED " : "", dump_identity(dump, NULL, name));
    if (!append_handler(entry, &rest, "HANDLER", &text) || !append_handler(entry, &rest, "INLINE", &text) ||
        !append_handler(entry, &rest, "VALIDATOR", &text) || !cursor_done(&rest))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_LANGUAGE, NULL, NULL, name, NULL, &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    return true;
}

bool parse_access_method(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), whole = rest;
    const char *name;
    struct object *object;

    if (!cursor_words(&rest, "CREATE ACCESS METHOD") || !cursor_name(&rest, dump->arena, &name))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_ACCESS_METHOD, NULL, NULL, name, NULL, &object, err))
        return false;
    object_set(object, "definition", cursor_text(dump->arena, whole));
    return true;
}

static bool parse_text_search_list(struct entry *entry, enum object_class class, const struct rendering *renderings,
                                   size_t count, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(text_free) struct text text = {0};
    const char *words = arena_format(dump->arena, "CREATE %s", class_keyword(class)), *schema, *name;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), inside;
    struct object *object;

    if (!cursor_words(&rest, words) || !cursor_qualified(&rest, dump->arena, &schema, &name) ||
        !cursor_group(&rest, &inside))
        return unexpected(entry, err);
    text_appendf(&text, "%s %s (", words, dump_identity(dump, schema, name));
    if (!render_list(dump, inside, renderings, count, &text))
        return unexpected(entry, err);
    text_append_char(&text, ')');
    if (!entry_add(entry, class, NULL, schema, name, NULL, &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    return true;
}

bool parse_text_search_parser(struct entry *entry, struct error *err)
{
    static const struct rendering renderings[] = {{"START", NULL, RAW},
                                                  {"GETTOKEN", NULL, RAW},
                                                  {"END", NULL, RAW},
                                                  {"HEADLINE", NULL, RAW},
                                                  {"LEXTYPES", NULL, RAW}};

    return parse_text_search_list(entry, CLASS_TEXT_SEARCH_PARSER, renderings, array_length(renderings), err);
}

bool parse_text_search_template(struct entry *entry, struct error *err)
{
    static const struct rendering renderings[] = {{"INIT", NULL, RAW}, {"LEXIZE", NULL, RAW}};

    return parse_text_search_list(entry, CLASS_TEXT_SEARCH_TEMPLATE, renderings, array_length(renderings), err);
}

bool parse_text_search_dictionary(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), inside;
    const char *schema, *name, *template_schema, *template;
    struct object *object;

    if (!cursor_words(&rest, "CREATE TEXT SEARCH DICTIONARY") ||
        !cursor_qualified(&rest, dump->arena, &schema, &name) || !cursor_group(&rest, &inside) ||
        !cursor_words(&inside, "TEMPLATE") || !cursor_operator(&inside, "=") ||
        !cursor_qualified(&inside, dump->arena, &template_schema, &template))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_TEXT_SEARCH_DICTIONARY, NULL, schema, name, NULL, &object, err))
        return false;
    object_set(object, "template",
               dump_identity(dump, template_schema != NULL ? template_schema : "pg_catalog", template));
    if (cursor_symbol(&inside, ','))
        object_set(object, "options", cursor_text(dump->arena, inside));
    return true;
}

/* ADD MAPPING FOR token WITH dictionary, … */
static bool add_mapping(struct entry *entry, struct cursor statement, struct error *err)
{
    static const char *const add[] = {"ADD MAPPING FOR", NULL};
    struct dump *dump = entry->dump;
    cleanup(items_free) struct items dictionaries = {0};
    const char *token, *schema, *name;
    struct object *mapping;

    cursor_until_words(&statement, add);
    if (!cursor_words(&statement, add[0]) || !cursor_name(&statement, dump->arena, &token) ||
        !cursor_words(&statement, "WITH"))
        return unexpected(entry, err);
    do {
        if (!cursor_qualified(&statement, dump->arena, &schema, &name))
            return unexpected(entry, err);
        items_add(&dictionaries, dump_identity(dump, schema != NULL ? schema : "pg_catalog", name));
    } while (cursor_symbol(&statement, ','));
    if (!dump_add(dump, CLASS_TEXT_SEARCH_MAPPING, entry->object, NULL, token, NULL, &mapping, err))
        return false;
    object_set_list(dump, mapping, "dictionaries", &dictionaries);
    return true;
}

bool parse_text_search_configuration(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';'), inside;
    const char *schema, *name, *parser_schema, *parser;
    struct object *object;

    if (!cursor_words(&statement, "CREATE TEXT SEARCH CONFIGURATION") ||
        !cursor_qualified(&statement, dump->arena, &schema, &name) || !cursor_group(&statement, &inside) ||
        !cursor_words(&inside, "PARSER") || !cursor_operator(&inside, "=") ||
        !cursor_qualified(&inside, dump->arena, &parser_schema, &parser))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_TEXT_SEARCH_CONFIGURATION, NULL, schema, name, NULL, &object, err))
        return false;
    object_set(object, "parser", dump_identity(dump, parser_schema != NULL ? parser_schema : "pg_catalog", parser));
    while (next_statement(&entry->cursor, &statement))
        if (!add_mapping(entry, statement, err))
            return false;
    return true;
}

static bool append_tags(struct dump *dump, struct cursor inside, struct text *text)
{
    cleanup(items_free) struct items tags = {0};
    const char *tag;

    do {
        if (!cursor_string(&inside, dump->arena, &tag))
            return false;
        items_add(&tags, tag);
    } while (cursor_symbol(&inside, ','));
    items_sort(&tags);
    for (size_t i = 0; i < tags.count; i++)
        text_appendf(text, "%s%s", i > 0 ? ", " : "", server_literal(dump, tags.items[i]));
    return true;
}

bool parse_event_trigger(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(text_free) struct text text = {0};
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';'), inside, function;
    const char *name, *event, *other;
    struct object *object;

    if (!cursor_words(&statement, "CREATE EVENT TRIGGER") || !cursor_name(&statement, dump->arena, &name) ||
        !cursor_words(&statement, "ON") || !cursor_name(&statement, dump->arena, &event))
        return unexpected(entry, err);
    text_appendf(&text, "CREATE EVENT TRIGGER %s ON %s", dump_identity(dump, NULL, name), event);
    if (cursor_words(&statement, "WHEN TAG IN")) {
        text_append(&text, " WHEN TAG IN (");
        if (!cursor_group(&statement, &inside) || !append_tags(dump, inside, &text))
            return unexpected(entry, err);
        text_append_char(&text, ')');
    }
    if (!cursor_words(&statement, "EXECUTE FUNCTION") && !cursor_words(&statement, "EXECUTE PROCEDURE"))
        return unexpected(entry, err);
    function = (struct cursor){statement.at, statement.end};
    text_appendf(&text, " EXECUTE PROCEDURE %s", as_regprocedure(dump, function));
    if (!entry_add(entry, CLASS_EVENT_TRIGGER, NULL, NULL, name, NULL, &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    object_set(object, "enabled", "origin");
    while (next_statement(&entry->cursor, &statement)) {
        if (!cursor_words(&statement, "ALTER EVENT TRIGGER") || !cursor_name(&statement, dump->arena, &other))
            return unexpected(entry, err);
        object_set(object, "enabled", take_enabled_state(&statement));
    }
    return true;
}
