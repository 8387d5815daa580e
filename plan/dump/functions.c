/* Functions, procedures and aggregates of a dump. */
#include "plan/dump/render.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/text.h"

/* What pg_dump says of a function; the definition is put together as pg_get_functiondef() does it. */
struct function {
    struct cursor name, arguments, result, language, transform, cost, rows, support, configuration, library, body;
    const char *volatility, *parallel, *source; /* source NULL: the body is SQL */
    bool window, strict, security_definer, leakproof, procedure;
};

struct arguments {
    struct items names;   /* of inputs; "" for none */
    struct items outputs; /* "name type" */
    size_t default_count;
    bool any_mode, any_name;
};

/* The next token, or an empty stretch. */
static struct cursor token_cursor(struct cursor *cursor)
{
    struct cursor part = {cursor->at, cursor->at};

    (void)cursor_one(cursor, &part);
    return part;
}

/* The words of one type, with its array brackets. */
static void skip_type(struct dump *dump, struct cursor *cursor)
{
    static const char *const long_names[] = {
        "double precision",         "character varying",           "bit varying",
        "timestamp with time zone", "timestamp without time zone", "time with time zone",
        "time without time zone"};
    const char *schema, *name;
    struct cursor inside;
    bool taken = false;

    for (size_t i = 0; !taken && i < array_length(long_names); i++)
        taken = cursor_words(cursor, long_names[i]);
    if (!taken && !cursor_qualified(cursor, dump->arena, &schema, &name))
        return;
    while (cursor_group(cursor, &inside))
        continue;
}

/* [mode] [name] type [DEFAULT expression] */
static bool take_argument(struct dump *dump, struct cursor item, struct arguments *arguments)
{
    static const char *const default_word[] = {"DEFAULT", NULL};
    static const struct {
        const char *word;
        bool in, out, mode;
    } modes[] = {{"INOUT", true, true, true},
                 {"OUT", false, true, true},
                 {"VARIADIC", true, false, true},
                 {"IN", true, false, false}};
    struct cursor declaration = cursor_until_words(&item, default_word);
    bool in = true, out = false;
    const char *name = "", *shown_name = "\"\"";

    arguments->default_count += !cursor_done(&item);
    for (size_t i = 0; i < array_length(modes); i++)
        if (cursor_words(&declaration, modes[i].word)) {
            in = modes[i].in;
            out = modes[i].out;
            arguments->any_mode = arguments->any_mode || modes[i].mode;
            break;
        }
    struct cursor trial = declaration;
    skip_type(dump, &trial);
    if (!cursor_done(&trial)) {
        struct cursor shown = {declaration.at, declaration.at + 1};
        if (!cursor_name(&declaration, dump->arena, &name))
            return false;
        shown_name = cursor_text(dump->arena, shown);
        arguments->any_name = true;
    }
    if (in)
        items_add(&arguments->names, name);
    if (out)
        items_add(&arguments->outputs,
                  arena_format(dump->arena, "%s %s", shown_name, cursor_text(dump->arena, declaration)));
    return true;
}

static bool read_arguments(struct dump *dump, const struct function *function, struct arguments *arguments)
{
    struct cursor list = function->arguments, result = function->result, columns;

    while (!cursor_done(&list))
        if (!take_argument(dump, cursor_until_symbol(&list, ','), arguments))
            return false;
    if (!cursor_words(&result, "TABLE") || !cursor_group(&result, &columns))
        return true;
    arguments->any_mode = arguments->any_name = true;
    while (!cursor_done(&columns))
        items_add(&arguments->outputs, cursor_text(dump->arena, cursor_until_symbol(&columns, ',')));
    return true;
}

static void set_array(struct dump *dump, struct object *object, const char *field, const struct items *items)
{
    cleanup(text_free) struct text text = {0};

    array_text_append(&text, items->items, items->count);
    object_set_text(dump, object, field, text.data);
}

static bool set_arguments(struct dump *dump, const struct function *function, struct object *object)
{
    struct arguments arguments = {0};
    bool good = read_arguments(dump, function, &arguments);

    if (good) {
        /* No name at all is NULL for the server, in the place of the array or of each element. */
        for (size_t i = 0; !arguments.any_name && i < arguments.names.count; i++)
            arguments.names.items[i] = NULL;
        for (size_t i = 0; !arguments.any_name && i < arguments.outputs.count; i++)
            arguments.outputs.items[i] += strlen("\"\" ");
        if (arguments.any_mode || arguments.any_name)
            set_array(dump, object, "input_names", &arguments.names);
        if (arguments.any_mode)
            set_array(dump, object, "output_columns", &arguments.outputs);
        object_set(object, "default_count", arena_format(dump->arena, "%zu", arguments.default_count));
    }
    items_free(&arguments.names);
    items_free(&arguments.outputs);
    return good;
}

/* Past the END that belongs to BEGIN ATOMIC. */
static void skip_block(struct cursor *cursor)
{
    int depth = 1;

    for (cursor->at += 2; cursor->at < cursor->end && depth > 0; cursor->at++) {
        depth += token_is_word(cursor->at, "CASE");
        depth -= token_is_word(cursor->at, "END");
    }
}

static bool take_body(struct dump *dump, struct cursor *rest, struct function *function)
{
    struct cursor start = *rest, trial = *rest;

    if (cursor_words(rest, "AS")) {
        if (cursor_done(rest) || rest->at->kind != SQL_TOKEN_STRING)
            return false;
        function->body = token_cursor(rest);
        if (cursor_symbol(rest, ',')) {
            function->library = function->body;
            function->body = token_cursor(rest);
        }
        if (cursor_done(&function->body) || function->body.at->kind != SQL_TOKEN_STRING)
            return false;
        function->source = token_string(dump->arena, function->body.at);
    } else if (cursor_words(&trial, "BEGIN ATOMIC")) {
        skip_block(rest);
        function->body = (struct cursor){start.at, rest->at};
    } else if (cursor_words(&trial, "RETURN")) {
        function->body = cursor_until_symbol(rest, ';');
        return true;
    } else {
        return false;
    }
    return cursor_symbol(rest, ';');
}

/* One word or two before the body; false where something else comes. */
static bool take_attribute(struct dump *dump, struct cursor *rest, struct function *function)
{
    static const char *const ends[] = {"AS", "RETURN", "BEGIN ATOMIC", NULL};
    const char *schema, *name;

    if (cursor_words(rest, "WINDOW"))
        return function->window = true;
    if (cursor_words(rest, "STRICT"))
        return function->strict = true;
    if (cursor_words(rest, "SECURITY DEFINER"))
        return function->security_definer = true;
    if (cursor_words(rest, "LEAKPROOF"))
        return function->leakproof = true;
    if (cursor_words(rest, "IMMUTABLE"))
        return (function->volatility = " IMMUTABLE") != NULL;
    if (cursor_words(rest, "STABLE"))
        return (function->volatility = " STABLE") != NULL;
    if (cursor_words(rest, "PARALLEL SAFE"))
        return (function->parallel = " PARALLEL SAFE") != NULL;
    if (cursor_words(rest, "PARALLEL RESTRICTED"))
        return (function->parallel = " PARALLEL RESTRICTED") != NULL;
    if (cursor_words(rest, "COST"))
        return function->cost = token_cursor(rest), true;
    if (cursor_words(rest, "ROWS"))
        return function->rows = token_cursor(rest), true;
    if (cursor_words(rest, "SUPPORT")) {
        function->support.at = rest->at;
        bool taken = cursor_qualified(rest, dump->arena, &schema, &name);
        function->support.end = rest->at;
        return taken;
    }
    struct cursor trial = *rest;
    if (cursor_words(&trial, "SET") && function->configuration.at == NULL) {
        function->configuration = cursor_until_words(rest, ends);
        return true;
    }
    return false;
}

static bool read_function(struct entry *entry, struct function *function, const char **schema, const char **name)
{
    static const char *const language[] = {"LANGUAGE", NULL};
    static const char *const after_transform[] = {"WINDOW", "STRICT", "SECURITY", "LEAKPROOF",    "IMMUTABLE",
                                                  "STABLE", "COST",   "ROWS",     "PARALLEL",     "SUPPORT",
                                                  "SET",    "AS",     "RETURN",   "BEGIN ATOMIC", NULL};
    struct dump *dump = entry->dump;
    struct cursor *rest = &entry->cursor;
    struct cursor before;

    if (!cursor_words(rest, "CREATE"))
        return false;
    function->procedure = cursor_words(rest, "PROCEDURE");
    if (!function->procedure && !cursor_words(rest, "FUNCTION"))
        return false;
    before = *rest;
    if (!cursor_qualified(rest, dump->arena, schema, name))
        return false;
    function->name = (struct cursor){before.at, rest->at};
    if (!cursor_group(rest, &function->arguments))
        return false;
    if (cursor_words(rest, "RETURNS"))
        function->result = cursor_until_words(rest, language);
    if (!cursor_words(rest, "LANGUAGE"))
        return false;
    function->language = token_cursor(rest);
    if (cursor_words(rest, "TRANSFORM"))
        function->transform = cursor_until_words(rest, after_transform);
    while (take_attribute(dump, rest, function))
        continue;
    return take_body(dump, rest, function);
}

static void append_attributes(struct dump *dump, const struct function *function, struct text *text)
{
    size_t before = text->length;

    text_append(text, function->window ? " WINDOW" : "");
    text_append(text, function->volatility != NULL ? function->volatility : "");
    text_append(text, function->parallel != NULL ? function->parallel : "");
    text_append(text, function->strict ? " STRICT" : "");
    text_append(text, function->security_definer ? " SECURITY DEFINER" : "");
    text_append(text, function->leakproof ? " LEAKPROOF" : "");
    if (!cursor_done(&function->cost))
        text_appendf(text, " COST %s", cursor_text(dump->arena, function->cost));
    if (!cursor_done(&function->rows))
        text_appendf(text, " ROWS %s", cursor_text(dump->arena, function->rows));
    if (!cursor_done(&function->support))
        text_appendf(text, " SUPPORT %s", cursor_text(dump->arena, function->support));
    if (text->length > before)
        text_append_char(text, '\n');
}

/* Each setting on a line of its own. */
static void append_configuration(struct dump *dump, const struct function *function, struct text *text)
{
    static const char *const set[] = {"SET", NULL};
    struct cursor rest = function->configuration;

    while (cursor_words(&rest, "SET"))
        text_appendf(text, " SET %s\n", cursor_text(dump->arena, cursor_until_words(&rest, set)));
}

static void append_source(struct dump *dump, const struct function *function, struct text *text)
{
    cleanup(text_free) struct text tag = {0};

    text_append(&tag, function->procedure ? "$procedure" : "$function");
    while (strstr(function->source, tag.data) != NULL)
        text_append_char(&tag, 'x');
    text_append(text, "AS ");
    if (!cursor_done(&function->library))
        text_appendf(text, "%s, ", cursor_text(dump->arena, function->library));
    text_appendf(text, "%s$%s%s$", tag.data, function->source, tag.data);
}

static char *function_definition(struct dump *dump, const struct function *function)
{
    cleanup(text_free) struct text text = {0};
    struct arena *arena = dump->arena;

    text_appendf(&text, "CREATE OR REPLACE %s %s(%s)\n", function->procedure ? "PROCEDURE" : "FUNCTION",
                 cursor_text(arena, function->name), cursor_text(arena, function->arguments));
    if (!cursor_done(&function->result))
        text_appendf(&text, " RETURNS %s\n", cursor_text(arena, function->result));
    if (!cursor_done(&function->transform))
        text_appendf(&text, " TRANSFORM %s\n", cursor_text(arena, function->transform));
    text_appendf(&text, " LANGUAGE %s\n", cursor_text(arena, function->language));
    append_attributes(dump, function, &text);
    append_configuration(dump, function, &text);
    if (function->source != NULL)
        append_source(dump, function, &text);
    else
        text_append(&text, cursor_text(arena, function->body));
    text_append_char(&text, '\n');
    return arena_string(arena, text.data);
}

/* The tag is the name and the types of the inputs, just what the identity has. */
static const char *tag_signature(const struct entry *entry, const char *name)
{
    size_t length = strlen(name);

    return strncmp(entry->archive->tag, name, length) == 0 && entry->archive->tag[length] == '('
               ? entry->archive->tag + length
               : NULL;
}

/* The arguments without their defaults. */
static char *identity_arguments(struct dump *dump, struct cursor list)
{
    static const char *const default_word[] = {"DEFAULT", NULL};
    cleanup(text_free) struct text text = {0};

    text_append(&text, "");
    while (!cursor_done(&list)) {
        struct cursor item = cursor_until_symbol(&list, ',');
        text_appendf(&text, "%s%s", text.length > 0 ? ", " : "",
                     cursor_text(dump->arena, cursor_until_words(&item, default_word)));
    }
    return arena_string(dump->arena, text.data);
}

bool parse_function(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(items_free) struct items extensions = {0};
    struct function function = {0};
    const char *schema, *name, *signature, *language;
    struct cursor statement;
    struct object *object;

    if (!read_function(entry, &function, &schema, &name) || (signature = tag_signature(entry, name)) == NULL ||
        !cursor_name(&(struct cursor){function.language.at, function.language.end}, dump->arena, &language))
        return unexpected(entry, err);
    if (!entry_add(entry, function.procedure ? CLASS_PROCEDURE : CLASS_FUNCTION, NULL, schema, name, signature, &object,
                   err))
        return false;
    object_set(object, "definition", function_definition(dump, &function));
    object_set(object, "arguments", cursor_text(dump->arena, function.arguments));
    object_set(object, "identity_arguments", identity_arguments(dump, function.arguments));
    object_set(object, "language", language);
    object_set(object, "kind", function.window ? "window" : "function");
    if (!cursor_done(&function.result))
        object_set(object, "result", cursor_text(dump->arena, function.result));
    if (!set_arguments(dump, &function, object))
        return unexpected(entry, err);
    while (next_statement(&entry->cursor, &statement))
        if (!take_extension(dump, statement, &extensions))
            return unexpected(entry, err);
    items_sort(&extensions);
    object_set_list(dump, object, "depends_on_extensions", &extensions);
    return true;
}

bool parse_aggregate(struct entry *entry, struct error *err)
{
    static const struct rendering renderings[] = {
        {"SFUNC", NULL, RAW},
        {"STYPE", NULL, RAW},
        {"SSPACE", NULL, RAW},
        {"INITCOND", NULL, LITERAL},
        {"FINALFUNC", NULL, RAW},
        {"FINALFUNC_EXTRA", NULL, FLAG},
        {"FINALFUNC_MODIFY", NULL, UPPER},
        {"COMBINEFUNC", NULL, RAW},
        {"SERIALFUNC", NULL, RAW},
        {"DESERIALFUNC", NULL, RAW},
        {"MSFUNC", NULL, RAW},
        {"MINVFUNC", NULL, RAW},
        {"MSTYPE", NULL, RAW},
        {"MSSPACE", NULL, RAW},
        {"MINITCOND", NULL, LITERAL},
        {"MFINALFUNC", NULL, RAW},
        {"MFINALFUNC_EXTRA", NULL, FLAG},
        {"MFINALFUNC_MODIFY", NULL, UPPER},
        {"SORTOP", NULL, RAW},
        {"HYPOTHETICAL", NULL, FLAG},
        {"PARALLEL", NULL, UPPER},
    };
    struct dump *dump = entry->dump;
    cleanup(text_free) struct text text = {0};
    struct cursor arguments, inside, shown;
    const char *schema, *name, *signature;
    struct object *object;

    if (!cursor_words(&entry->cursor, "CREATE AGGREGATE"))
        return unexpected(entry, err);
    shown.at = entry->cursor.at;
    if (!cursor_qualified(&entry->cursor, dump->arena, &schema, &name) || !cursor_group(&entry->cursor, &arguments) ||
        (signature = tag_signature(entry, name)) == NULL)
        return unexpected(entry, err);
    shown.end = entry->cursor.at;
    text_appendf(&text, "CREATE AGGREGATE %s (", cursor_text(dump->arena, shown));
    if (!cursor_group(&entry->cursor, &inside) ||
        !render_list(dump, inside, renderings, array_length(renderings), &text))
        return unexpected(entry, err);
    text_append_char(&text, ')');
    if (!entry_add(entry, CLASS_AGGREGATE, NULL, schema, name, signature, &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    return true;
}
