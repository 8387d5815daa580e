/* Sequences of a dump: those of their own, and those of identity columns, which are fields of the column. */
#include "plan/dump/entries.h"

#include "common/memory.h"

struct sequence_options {
    const char *type, *start, *increment, *minimum, *maximum, *cache, *name, *persistence;
    bool cycle;
};

static bool take_number(struct dump *dump, struct cursor *cursor, const char **number)
{
    const struct sql_token *start = cursor->at;

    cursor_operator(cursor, "-");
    if (cursor_done(cursor) || cursor->at->kind != SQL_TOKEN_NUMBER)
        return false;
    cursor->at++;
    *number = cursor_text(dump->arena, (struct cursor){start, cursor->at});
    return true;
}

static bool take_option(struct dump *dump, struct cursor *cursor, struct sequence_options *options)
{
    if (cursor_words(cursor, "SEQUENCE NAME")) {
        const struct sql_token *start = cursor->at;
        const char *schema, *name;
        if (!cursor_qualified(cursor, dump->arena, &schema, &name))
            return false;
        options->name = cursor_text(dump->arena, (struct cursor){start, cursor->at});
        return true;
    }
    if (cursor_words(cursor, "UNLOGGED"))
        return (options->persistence = "unlogged") != NULL;
    if (cursor_words(cursor, "LOGGED"))
        return (options->persistence = "logged") != NULL;
    if (cursor_words(cursor, "AS"))
        return cursor_name(cursor, dump->arena, &options->type);
    if (cursor_words(cursor, "START WITH"))
        return take_number(dump, cursor, &options->start);
    if (cursor_words(cursor, "INCREMENT BY"))
        return take_number(dump, cursor, &options->increment);
    if (cursor_words(cursor, "MINVALUE"))
        return take_number(dump, cursor, &options->minimum);
    if (cursor_words(cursor, "MAXVALUE"))
        return take_number(dump, cursor, &options->maximum);
    if (cursor_words(cursor, "CACHE"))
        return take_number(dump, cursor, &options->cache);
    if (cursor_words(cursor, "CYCLE"))
        return options->cycle = true;
    return cursor_words(cursor, "NO MINVALUE") || cursor_words(cursor, "NO MAXVALUE") ||
           cursor_words(cursor, "NO CYCLE");
}

static bool read_options(struct dump *dump, struct cursor cursor, struct sequence_options *options)
{
    while (!cursor_done(&cursor))
        if (!take_option(dump, &cursor, options))
            return false;
    return options->start != NULL && options->increment != NULL;
}

/* What NO MINVALUE and NO MAXVALUE mean. */
static void fill_bounds(struct sequence_options *options)
{
    static const struct {
        const char *type, *least, *most;
    } types[] = {
        {"smallint", "-32768", "32767"},
        {"integer", "-2147483648", "2147483647"},
        {"bigint", "-9223372036854775808", "9223372036854775807"},
    };
    size_t type = array_length(types) - 1;
    bool down = *options->increment == '-';

    for (size_t i = 0; options->type != NULL && i < array_length(types); i++)
        if (strcmp(options->type, types[i].type) == 0)
            type = i;
    options->type = types[type].type;
    if (options->minimum == NULL)
        options->minimum = down ? types[type].least : "1";
    if (options->maximum == NULL)
        options->maximum = down ? "-1" : types[type].most;
    if (options->cache == NULL)
        options->cache = "1";
}

/* ALTER TABLE … ALTER COLUMN … ADD GENERATED … AS IDENTITY (…) */
static bool parse_identity(struct entry *entry, struct cursor statement, struct error *err)
{
    struct dump *dump = entry->dump;
    struct sequence_options options = {0};
    const char *schema, *name, *column_name;
    struct object *relation, *column, *sequence;
    struct cursor inside;

    if (!cursor_qualified(&statement, dump->arena, &schema, &name) || !cursor_words(&statement, "ALTER COLUMN") ||
        !cursor_name(&statement, dump->arena, &column_name) || !cursor_words(&statement, "ADD GENERATED"))
        return unexpected(entry, err);
    bool always = cursor_words(&statement, "ALWAYS");
    relation = dump_relation(dump, schema, name);
    column = relation != NULL ? dump_column(dump, relation, column_name) : NULL;
    if ((!always && !cursor_words(&statement, "BY DEFAULT")) || !cursor_words(&statement, "AS IDENTITY") ||
        !cursor_group(&statement, &inside) || !read_options(dump, inside, &options) || column == NULL)
        return unexpected(entry, err);
    options.type = dump_identity_type(dump, entry->archive->object);
    fill_bounds(&options);
    object_set(column, "identity", always ? "always" : "by default");
    object_set(column, "identity_sequence", options.name);
    object_set(column, "identity_start", options.start);
    object_set(column, "identity_increment", options.increment);
    object_set(column, "identity_minimum", options.minimum);
    object_set(column, "identity_maximum", options.maximum);
    object_set(column, "identity_cache", options.cache);
    object_set_bool(column, "identity_cycle", options.cycle);
    object_set(column, "identity_persistence", options.persistence); /* said only where it is not the table's */
    if (!entry_add(entry, CLASS_IDENTITY_SEQUENCE, column, NULL, NULL, NULL, &sequence, err))
        return false;
    object_set(sequence, "sequence_name", entry->archive->tag);
    object_set(sequence, "sequence_type", options.type);
    return true;
}

bool parse_sequence(struct entry *entry, struct error *err)
{
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';');
    struct sequence_options options = {0};
    const char *schema, *name;
    struct object *sequence;

    if (cursor_words(&statement, "ALTER TABLE"))
        return parse_identity(entry, statement, err);
    if (!cursor_words(&statement, "CREATE"))
        return unexpected(entry, err);
    bool unlogged = cursor_words(&statement, "UNLOGGED");
    if (!cursor_words(&statement, "SEQUENCE") || !cursor_qualified(&statement, entry->dump->arena, &schema, &name) ||
        !read_options(entry->dump, statement, &options))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_SEQUENCE, NULL, schema, name, NULL, &sequence, err))
        return false;
    fill_bounds(&options);
    object_set(sequence, "persistence", unlogged ? "unlogged" : "permanent");
    object_set(sequence, "type", options.type);
    object_set(sequence, "start", options.start);
    object_set(sequence, "increment", options.increment);
    object_set(sequence, "minimum", options.minimum);
    object_set(sequence, "maximum", options.maximum);
    object_set(sequence, "cache", options.cache);
    object_set_bool(sequence, "cycle", options.cycle);
    return true;
}

bool parse_sequence_owned_by(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    const char *schema, *name, *column;
    struct object *sequence;

    if (!cursor_words(&entry->cursor, "ALTER SEQUENCE") ||
        !cursor_qualified(&entry->cursor, dump->arena, &schema, &name) || !cursor_words(&entry->cursor, "OWNED BY"))
        return unexpected(entry, err);
    sequence = dump_relation(dump, schema, name);
    if (sequence == NULL || !cursor_qualified(&entry->cursor, dump->arena, &schema, &name) ||
        !cursor_symbol(&entry->cursor, '.') || !cursor_name(&entry->cursor, dump->arena, &column))
        return unexpected(entry, err);
    object_set(
        sequence, "owned_by",
        arena_format(dump->arena, "%s.%s", dump_identity(dump, schema, name), dump_identity(dump, NULL, column)));
    return true;
}
