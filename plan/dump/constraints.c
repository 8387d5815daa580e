/* Constraints and indexes of a dump. */
#include "plan/dump/entries.h"

#include "common/memory.h"

static const char *constraint_type(struct cursor definition)
{
    static const struct {
        const char *words, *type;
    } types[] = {
        {"PRIMARY KEY", "primary key"}, {"UNIQUE", "unique"}, {"FOREIGN KEY", "foreign key"}, {"CHECK", "check"},
        {"EXCLUDE", "exclude"},
    };

    for (size_t i = 0; i < array_length(types); i++)
        if (cursor_words(&definition, types[i].words))
            return types[i].type;
    return NULL;
}

static bool has_words(struct cursor definition, const char *words)
{
    const char *const phrases[] = {words, NULL};

    cursor_until_words(&definition, phrases);
    return !cursor_done(&definition);
}

/*
 * The definition without `WITH (…)` (storage options), which the model has as a field; *options is what was inside.
 * What the server prints has one space before each clause.
 */
static char *without_options(struct dump *dump, struct cursor definition, struct cursor *options)
{
    static const char *const with[] = {"WITH", NULL};
    struct cursor rest = definition, head = cursor_until_words(&rest, with);

    *options = (struct cursor){0};
    if (cursor_done(&rest))
        return cursor_text(dump->arena, definition);
    cursor_words(&rest, "WITH");
    if (!cursor_group(&rest, options))
        return cursor_text(dump->arena, definition);
    return arena_format(dump->arena, "%s%s%s", cursor_text(dump->arena, head), cursor_done(&rest) ? "" : " ",
                        cursor_text(dump->arena, rest));
}

/* A constraint's index has the constraint's name and lives in its table's schema. */
static void note_index(struct dump *dump, const struct object *parent, const char *name, struct object *constraint)
{
    map_add(&dump->constraint_indexes, dump_identity(dump, parent->schema, name), constraint);
}

bool add_constraint(struct entry *entry, struct object *parent, const char *name, struct cursor definition,
                    struct object **constraint, struct error *err)
{
    struct dump *dump = entry->dump;
    const char *type = constraint_type(definition);

    if (type == NULL)
        return unexpected(entry, err);
    bool key = strcmp(type, "primary key") == 0 || strcmp(type, "unique") == 0, check = strcmp(type, "check") == 0;
    bool indexed = key || strcmp(type, "exclude") == 0;
    if (!dump_add(dump, CLASS_CONSTRAINT, parent, NULL, name, NULL, constraint, err))
        return false;
    struct cursor options = {0};
    object_set(*constraint, "definition",
               key ? without_options(dump, definition, &options) : cursor_text(dump->arena, definition));
    object_set(*constraint, "type", type);
    object_set_bool(*constraint, "deferrable",
                    has_words(definition, "DEFERRABLE") && !has_words(definition, "NOT DEFERRABLE"));
    object_set_bool(*constraint, "deferred", has_words(definition, "INITIALLY DEFERRED"));
    object_set_bool(*constraint, "validated",
                    !has_words(definition, "NOT VALID") && !has_words(definition, "NOT ENFORCED"));
    if (check)
        object_set_bool(*constraint, "no_inherit", has_words(definition, "NO INHERIT"));
    object_set_bool(*constraint, "inherited", false);
    if (indexed) {
        object_set_bool(*constraint, "clustered", false);
        object_set(*constraint, "index_tablespace", entry->archive->tablespace);
        note_index(dump, parent, name, *constraint);
    }
    return cursor_done(&options) || set_options(entry, *constraint, "index_options", options, OPTIONS_STORAGE, err);
}

/* CLUSTER ON and REPLICA IDENTITY USING INDEX, which pg_dump writes with the index or its constraint. */
static bool alter_owner(struct entry *entry, struct cursor statement, struct error *err)
{
    struct dump *dump = entry->dump;
    const char *schema, *name;
    struct object *table;

    if (!cursor_words(&statement, "ALTER TABLE"))
        return unexpected(entry, err);
    cursor_words(&statement, "ONLY");
    if (!cursor_qualified(&statement, dump->arena, &schema, &name) ||
        (table = dump_relation(dump, schema, name)) == NULL)
        return unexpected(entry, err);
    if (cursor_words(&statement, "CLUSTER ON"))
        object_set_bool(entry->object, "clustered", true);
    else if (cursor_words(&statement, "REPLICA IDENTITY"))
        object_set(table, "replica_identity", cursor_text(dump->arena, statement));
    else
        return unexpected(entry, err);
    return true;
}

static struct object *find_constrained(struct dump *dump, struct cursor *statement)
{
    const char *schema, *name;

    if (!cursor_words(statement, "ALTER"))
        return NULL;
    bool domain = cursor_words(statement, "DOMAIN");
    cursor_words(statement, "FOREIGN");
    if (!domain && !cursor_words(statement, "TABLE"))
        return NULL;
    cursor_words(statement, "ONLY");
    if (!cursor_qualified(statement, dump->arena, &schema, &name))
        return NULL;
    return domain ? dump_find(dump, CLASS_DOMAIN, dump_identity(dump, schema, name))
                  : dump_relation(dump, schema, name);
}

/* CONSTRAINT, FK CONSTRAINT, CHECK CONSTRAINT */
bool parse_constraint(struct entry *entry, struct error *err)
{
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';');
    struct object *parent = find_constrained(entry->dump, &statement);
    const char *name;

    if (parent == NULL || !cursor_words(&statement, "ADD CONSTRAINT") ||
        !cursor_name(&statement, entry->dump->arena, &name))
        return unexpected(entry, err);
    if (cursor_words(&statement, "NOT NULL"))
        return true; /* PostgreSQL 18's NOT VALID ones; the column has it from the server */
    if (!add_constraint(entry, parent, name, statement, &entry->object, err))
        return false;
    while (next_statement(&entry->cursor, &statement))
        if (!alter_owner(entry, statement, err))
            return false;
    return true;
}

/* ALTER INDEX i ALTER COLUMN n SET STATISTICS v, … DEPENDS ON EXTENSION e */
static bool alter_index(struct entry *entry, struct cursor statement, struct items *statistics,
                        struct items *extensions, struct error *err)
{
    struct dump *dump = entry->dump;
    struct cursor rest = statement, number;
    const char *identity;

    if (!cursor_words(&rest, "ALTER INDEX"))
        return alter_owner(entry, statement, err);
    if (!cursor_identity(dump, &rest, &identity))
        return unexpected(entry, err);
    if (take_extension(dump, rest, extensions))
        return true;
    if (!cursor_words(&rest, "ALTER COLUMN") || !cursor_one(&rest, &number) || !cursor_words(&rest, "SET STATISTICS"))
        return unexpected(entry, err);
    items_add(statistics,
              arena_format(dump->arena, "%s=%s", cursor_text(dump->arena, number), cursor_text(dump->arena, rest)));
    return true;
}

bool parse_index(struct entry *entry, struct error *err)
{
    struct dump *dump = entry->dump;
    cleanup(items_free) struct items statistics = {0}, extensions = {0};
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';'), whole = statement, options;
    const char *schema, *table, *name;
    struct object *parent;

    if (!cursor_words(&statement, "CREATE"))
        return unexpected(entry, err);
    cursor_words(&statement, "UNIQUE");
    if (!cursor_words(&statement, "INDEX") || !cursor_name(&statement, dump->arena, &name) ||
        !cursor_words(&statement, "ON"))
        return unexpected(entry, err);
    cursor_words(&statement, "ONLY");
    if (!cursor_qualified(&statement, dump->arena, &schema, &table) ||
        (parent = dump_relation(dump, schema, table)) == NULL)
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_INDEX, parent, parent->schema, name, NULL, &entry->object, err))
        return false;
    object_set(entry->object, "definition", cursor_text(dump->arena, whole));
    object_set(entry->object, "structure", without_options(dump, whole, &options));
    object_set(entry->object, "tablespace", entry->archive->tablespace);
    object_set_bool(entry->object, "clustered", false);
    object_set_bool(entry->object, "valid", true);
    if (!cursor_done(&options) && !set_options(entry, entry->object, "options", options, OPTIONS_STORAGE, err))
        return false;
    while (next_statement(&entry->cursor, &statement))
        if (!alter_index(entry, statement, &statistics, &extensions, err))
            return false;
    object_set_list(dump, entry->object, "statistics", &statistics);
    items_sort(&extensions);
    object_set_list(dump, entry->object, "depends_on_extensions", &extensions);
    return true;
}

/* Of an index alone; what constraint belongs to which, the server says (constraints.sql). */
bool parse_index_attach(struct entry *entry, struct error *err)
{
    const char *parent, *partition;
    struct object *index;

    if (!cursor_words(&entry->cursor, "ALTER INDEX") || !cursor_identity(entry->dump, &entry->cursor, &parent) ||
        !cursor_words(&entry->cursor, "ATTACH PARTITION") || !cursor_identity(entry->dump, &entry->cursor, &partition))
        return unexpected(entry, err);
    index = dump_find(entry->dump, CLASS_INDEX, partition);
    if (index != NULL)
        object_set(index, "parent_index", parent);
    return true;
}
