/*
 * What main lacks and stays, without --clean-extra, may be in the way of what main has: it bears a name that is needed,
 * or it hangs on something that is made anew and would be lost, or keep it, or on a key or function that main has
 * otherwise, or it does not allow what main has. It holds what nobody asked us to drop.
 */
#include "plan/schema/rules/rename.h"
#include "plan/schema/stages.h"

#include "common/catalog/array_text.h"
#include "common/catalog/queries.h"
#include "common/catalog/sql_tokens.h"
#include "common/memory.h"

static bool is_kept(const struct item *item)
{
    return item->other == NULL && !is_gone(item) && item->replaced_by == NULL;
}

static void add_line(struct text *lines, const struct item *kept, const char *why, const struct item *what)
{
    text_appendf(lines, "%s%s %s %s %s %s", lines->length > 0 ? "\n" : "", class_name(kept->object->class),
                 kept->object->identity, why, class_name(what->object->class), what->object->identity);
}

/* --- Names --- */

static void find_names(struct changes *changes, struct text *lines)
{
    cleanup(map_free) struct map names = {0};
    const char *keys[NAME_SPACES];

    for (size_t i = 0; i < changes->standin_count; i++)
        if (is_kept(&changes->standin[i]))
            for (size_t j = name_keys(&changes->standin[i], changes->scratch, keys); j > 0; j--)
                map_add(&names, keys[j - 1], &changes->standin[i]);
    for (size_t i = 0; i < changes->main_count && names.count > 0; i++) {
        const struct item *item = &changes->main[i];

        if (!is_created(item) && !is_renamed(item) && same_field(item, item->other, "not_null_name"))
            continue;
        for (size_t j = name_keys(item, changes->scratch, keys); j > 0; j--) {
            const struct item *holder = map_get(&names, keys[j - 1]);

            if (holder != NULL) {
                add_line(lines, holder, "has the name of", item);
                break;
            }
        }
    }
}

/* --- What it hangs on --- */

static bool is_type(const struct item *item)
{
    switch (item->object->class) {
    case CLASS_ENUM:
    case CLASS_DOMAIN:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_RANGE_TYPE:
    case CLASS_BASE_TYPE:
        return true;
    default:
        return false;
    }
}

static bool is_unique(const struct item *item)
{
    return is_key(item) || is_unique_index(item);
}

static void find_supports(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *item = &changes->standin[i];
        bool column = item->object->class == CLASS_COLUMN && field_is(item, "generated", NULL);

        if ((!column && item->object->class != CLASS_TABLE) || !is_kept(item))
            continue;
        for (size_t j = 0; j < item->depend_count; j++) {
            const struct item *needed = item->depends[j];

            if (!is_gone(needed))
                continue;
            if (is_child_of(item, needed))
                add_line(lines, item, field_is(item, "partition_of", NULL) ? "is a child of" : "is a partition of",
                         needed);
            else if (column && is_type(needed))
                add_line(lines, item, "is of", needed);
        }
    }
}

/* --- What it needs --- */

/* What goes for good: keys are looked at on their own, since main's may do. */
static bool goes_for_good(const struct item *needed)
{
    return needed->fate == FATE_DROP && needed->other == NULL && needed->replaced_by == NULL && !is_key(needed) &&
           needed->object->class != CLASS_INDEX;
}

static bool becomes_partitioned(const struct item *table)
{
    return table->object->class == CLASS_TABLE && field_is(table->other, "kind", "partitioned");
}

/* What has to go for a while, for something that it belongs to or hangs on, and cannot come back. */
static void find_returning(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *item = &changes->standin[i];
        const struct item *parent = item->parent != NULL && item->parent->other != NULL ? item->parent : NULL;
        bool made_anew = parent != NULL && parent->fate == FATE_REBUILD;

        if (item->other != NULL || item->replaced_by != NULL)
            continue;
        if (made_anew && item->object->class == CLASS_COLUMN && item->fate == FATE_DROP &&
            !changes->options->clean_extra)
            add_line(lines, item, "would lose its values with what is made anew,", parent);
        if (item->fate != FATE_REBUILD)
            continue;
        if (item->object->class == CLASS_TABLE)
            add_line(lines, item, "would lose its rows with what is made anew,", item->cause);
        if (made_anew && becomes_partitioned(parent) && is_unique(item))
            add_line(lines, item, "may not have the partition key of what is made anew,", parent);
        for (size_t j = 0; j < item->depend_count; j++)
            if (goes_for_good(item->depends[j]))
                add_line(lines, item, "needs what goes,", item->depends[j]);
    }
}

/* --- The key it needs --- */

/* `(a, b)` of a key's definition; NULL: there is none. */
static const char *key_columns(const struct item *key)
{
    const char *definition = is_key(key) || key->object->class == CLASS_INDEX ? item_field(key, "definition") : NULL;

    return definition != NULL ? strchr(definition, '(') : NULL;
}

/* Will the table have a key of the same columns? What groups by them needs a primary key, a foreign key any. */
static bool has_such_key(const struct item *key, bool primary)
{
    const struct item *tables[] = {key->parent->other, key->parent};
    const char *columns = key_columns(key);

    for (size_t side = 0; side < array_length(tables) && columns != NULL; side++)
        for (size_t i = 0; tables[side] != NULL && i < tables[side]->child_count; i++) {
            const struct item *other = tables[side]->children[i];
            const char *found = key_columns(other);

            if (found != NULL && (side == 0 || is_kept(other)) && strcmp(found, columns) == 0 &&
                (!primary || field_is(other, "type", "primary key")))
                return true;
        }
    return columns == NULL;
}

/* A key that main has otherwise goes; what only the stand-in has cannot be made again without it. */
static void find_keys(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *key = &changes->standin[i];

        if (!is_gone(key) || !is_unique(key) || key->parent->other == NULL || is_gone(key->parent))
            continue;
        for (size_t j = 0; j < key->dependent_count; j++) {
            const struct item *dependent = key->dependents[j];
            bool foreign_key = field_is(dependent, "type", "foreign key");

            if (dependent->other == NULL && dependent->fate == FATE_REBUILD && dependent->parent != key &&
                (is_key(key) || foreign_key) && !has_such_key(key, !foreign_key))
                add_line(lines, dependent, "needs", key);
        }
    }
}

/* The columns of a primary key are not NULL. */
static void find_nullable(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *key = &changes->standin[i];

        if (!is_kept(key) || !field_is(key, "type", "primary key"))
            continue;
        for (size_t j = 0; j < key->depend_count; j++) {
            const struct item *column = key->depends[j];

            if (column->object->class == CLASS_COLUMN && column->other != NULL &&
                field_is(column->other, "not_null", "false"))
                add_line(lines, key, "does not allow NULL, as main does, in", column);
        }
    }
}

/* --- Columns of parents --- */

/* The column that the child will have, where it has one now; NULL: none. */
static const struct item *childs_column(const struct item *child, const char *name)
{
    const struct item *column = is_created(child) ? NULL : column_named(child->other, name);

    return column != NULL && !is_gone(column) ? column : NULL;
}

/* A parent's columns are its children's, of the same type and collation. */
static void find_columns(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *column = &changes->standin[i];
        const struct item *parent = column->object->class == CLASS_COLUMN ? column->parent->other : NULL;

        if (parent == NULL || !is_kept(column) || is_gone(column->parent))
            continue;
        for (size_t j = 0; j < parent->dependent_count; j++) {
            const struct item *child = parent->dependents[j];
            bool is_child = is_child_of(child, parent);
            const struct item *below = is_child ? childs_column(child, column->object->name) : NULL;

            if (is_child && below == NULL)
                add_line(lines, column, "is missing in", child);
            else if (is_child && below->other != NULL &&
                     (!same_field(column, below->other, "type") || !same_field(column, below->other, "collation")))
                add_line(lines, column, "is not of the type or collation of", below->other);
        }
    }
}

/* A typed table has all attributes of its type. */
static void find_attributes(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *attribute = &changes->standin[i];
        const struct item *type = attribute->object->class == CLASS_ATTRIBUTE ? attribute->parent->other : NULL;

        if (type == NULL || !is_kept(attribute) || is_gone(attribute->parent))
            continue;
        for (size_t j = 0; j < type->dependent_count; j++) {
            const struct item *table = type->dependents[j];

            if (field_is(table, "of_type", type->object->identity) &&
                childs_column(table, attribute->object->name) == NULL)
                add_line(lines, attribute, "is missing in", table);
        }
    }
}

/* --- Unlogged tables --- */

static bool becomes_unlogged(const struct item *table)
{
    return table != NULL && table->other != NULL && !is_gone(table) &&
           field_is(table->other, "persistence", "unlogged") && !same_field(table, table->other, "persistence");
}

static const struct item *referenced_table(const struct item *foreign_key)
{
    for (size_t i = 0; i < foreign_key->depend_count; i++) {
        const struct item *needed = foreign_key->depends[i];

        if (needed->parent != NULL && needed->parent != foreign_key->parent &&
            needed->parent->object->class == CLASS_TABLE)
            return needed->parent;
    }
    return NULL;
}

/* They are in no publication, and no logged table refers to them. */
static void find_logged(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *item = &changes->standin[i];
        const struct item *table = NULL;

        if (item->other != NULL || item->fate == FATE_DROP)
            continue;
        for (size_t j = 0; item->object->class == CLASS_PUBLICATION_TABLE && j < item->depend_count; j++)
            if (item->depends[j]->object->class == CLASS_TABLE)
                table = item->depends[j];
        if (becomes_unlogged(table))
            add_line(lines, item, "publishes what becomes unlogged,", table);
        table = field_is(item, "type", "foreign key") ? referenced_table(item) : NULL;
        if (becomes_unlogged(table) && !field_is(target_of(item->parent), "persistence", "unlogged"))
            add_line(lines, item, "refers, from a logged table, to what becomes unlogged,", table);
    }
}

/* --- Publications --- */

/* The key that tells rows apart for subscribers; NULL: there is none, or it is the whole row. */
static const struct item *identity_key(const struct item *table)
{
    bool primary = field_is(table, "replica_identity", "DEFAULT");

    for (size_t i = 0; i < table->child_count; i++) {
        const struct item *key = table->children[i];

        if (primary ? field_is(key, "type", "primary key") : is_replica_identity(table, key))
            return key;
    }
    return NULL;
}

static bool has_column(const struct item *key, const char *name)
{
    for (size_t i = 0; key != NULL && i < key->depend_count; i++)
        if (key->depends[i]->object->class == CLASS_COLUMN && strcmp(key->depends[i]->object->name, name) == 0)
            return true;
    return false;
}

/* Are the columns that it publishes all of the table's replica identity, and those that it filters by part of that? */
static bool covers_identity(struct arena *arena, const struct item *published, const struct item *table)
{
    const struct item *key = identity_key(table);
    bool whole = field_is(table, "replica_identity", "FULL");
    const char **columns = NULL;
    size_t count = 0;

    if (!field_is(published, "columns", NULL) &&
        array_text_parse(arena, item_field(published, "columns"), &columns, &count)) {
        for (size_t i = 0; key != NULL && i < key->depend_count; i++) {
            bool found = key->depends[i]->object->class != CLASS_COLUMN;

            for (size_t j = 0; j < count && !found; j++)
                found = strcmp(columns[j], key->depends[i]->object->name) == 0;
            if (!found)
                return false;
        }
        return key != NULL || !whole;
    }
    for (size_t i = 0; i < published->depend_count && !whole; i++)
        if (published->depends[i]->object->class == CLASS_COLUMN &&
            !has_column(key, published->depends[i]->object->name))
            return false;
    return true;
}

/* Where the identity is not covered the server takes no change of the table's rows, from nobody. */
static void find_uncovered(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *published = &changes->standin[i];
        const struct item *table = NULL;

        if (published->object->class != CLASS_PUBLICATION_TABLE || published->other != NULL ||
            published->fate == FATE_DROP || field_is(published->parent, "publish", "insert"))
            continue;
        for (size_t j = 0; j < published->depend_count; j++)
            if (published->depends[j]->object->class == CLASS_TABLE)
                table = published->depends[j];
        if (table != NULL && table->other != NULL && covers_identity(changes->scratch, published, table) &&
            !covers_identity(changes->scratch, published, table->other))
            add_line(lines, published, "does not go with the replica identity that main has for", table);
    }
}

/* --- Functions --- */

static bool begins(const char *text, const char *with)
{
    return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

static bool returns_set(const struct item *function)
{
    const char *result = item_field(function, "result");

    return begins(result, "SETOF ") || begins(result, "TABLE(");
}

static bool is_immutable(const struct item *function)
{
    const char *definition = item_field(function, "definition");
    const char *word = definition != NULL ? strstr(definition, "\n IMMUTABLE") : NULL;
    const char *body = definition != NULL ? strstr(definition, "\nAS ") : NULL;

    return word != NULL && (body == NULL || word < body);
}

/* Where a function is called for one value; *kept: which is kept in an index or a row. */
static bool takes_value(const struct item *caller, bool *kept)
{
    switch (caller->object->class) {
    case CLASS_INDEX:
        return *kept = true;
    case CLASS_COLUMN:
        return *kept = !field_is(caller, "generated", NULL);
    case CLASS_CONSTRAINT:
        *kept = is_key(caller);
        return true;
    case CLASS_DEFAULT:
    case CLASS_POLICY:
    case CLASS_STATISTICS:
        *kept = caller->object->class == CLASS_STATISTICS;
        return true;
    default:
        return false;
    }
}

/* What has to go with a function that is made anew may not fit main's. */
static void find_callers(const struct changes *changes, struct text *lines)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *caller = &changes->standin[i];
        bool kept = false;

        if (caller->other != NULL || caller->fate != FATE_REBUILD || !takes_value(caller, &kept))
            continue;
        for (size_t j = 0; j < caller->depend_count; j++) {
            const struct item *function = caller->depends[j];

            if (function->object->class != CLASS_FUNCTION || function->other == NULL || !is_gone(function))
                continue;
            if (returns_set(function->other))
                add_line(lines, caller, "needs one value, and main's returns a set, of", function);
            else if (kept && !is_immutable(function->other))
                add_line(lines, caller, "needs an immutable function, and main's is none, in", function);
        }
    }
}

static bool is_routine(const struct item *item)
{
    return item->object->class == CLASS_FUNCTION || item->object->class == CLASS_PROCEDURE ||
           item->object->class == CLASS_AGGREGATE;
}

/* The types of its arguments, and with how many it can be called. */
struct call {
    const char **types;
    size_t least, most;
};

static struct call call_of(struct arena *arena, const struct item *routine)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};
    const char *defaults = item_field(routine, "default_count");
    struct call call = {0};

    sql_tokens_read(&tokens, catalog_signature(routine->object));
    call.most = sql_list_items(arena, &tokens, 0, &call.types);
    call.least = call.most - (defaults != NULL ? strtoul(defaults, NULL, 10) : 0);
    return call;
}

/* Can both be called with the same arguments? The server takes neither then. */
static bool are_called_alike(struct arena *arena, const struct item *routine, const struct item *other)
{
    struct call one = call_of(arena, routine), two = call_of(arena, other);
    size_t count = one.least > two.least ? one.least : two.least;

    if (count > one.most || count > two.most)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(one.types[i], two.types[i]) != 0)
            return false;
    return true;
}

/* Does main's item have text in which functions are called, that this plan brings? */
static bool brings_calls(const struct item *item)
{
    struct difference difference;
    size_t position = 0;

    switch (item->object->class) {
    case CLASS_INDEX:
    case CLASS_COLUMN:
    case CLASS_CONSTRAINT:
    case CLASS_DEFAULT:
    case CLASS_POLICY:
    case CLASS_STATISTICS:
    case CLASS_RULE:
    case CLASS_VIEW:
    case CLASS_MATERIALIZED_VIEW:
    case CLASS_DOMAIN:
    case CLASS_FUNCTION:
        return is_created(item) || next_difference(item, item->other, &position, &difference);
    default:
        return false;
    }
}

static void find_ambiguous(const struct changes *changes, const struct item *kept, struct text *lines)
{
    for (size_t i = 0; i < changes->main_count; i++) {
        const struct item *routine = &changes->main[i];

        if (!is_routine(routine) || strcmp(routine->object->name, kept->object->name) != 0 ||
            strcmp(routine->object->schema, kept->object->schema) != 0 ||
            !are_called_alike(changes->scratch, routine, kept))
            continue;
        for (size_t j = 0; j < routine->dependent_count; j++)
            if (brings_calls(routine->dependents[j]))
                add_line(lines, kept, "leaves it open what is called by", routine->dependents[j]);
    }
}

static void find_overloads(const struct changes *changes, struct text *lines)
{
    cleanup(map_free) struct map names = {0};

    for (size_t i = 0; i < changes->main_count; i++)
        if (is_routine(&changes->main[i]))
            map_add(&names, changes->main[i].object->name, &changes->main[i]);
    for (size_t i = 0; i < changes->standin_count; i++)
        if (is_routine(&changes->standin[i]) && is_kept(&changes->standin[i]) &&
            map_get(&names, changes->standin[i].object->name) != NULL)
            find_ambiguous(changes, &changes->standin[i], lines);
}

bool check_kept(struct changes *changes, struct error *err)
{
    cleanup(text_free) struct text lines = {0};

    find_names(changes, &lines);
    find_supports(changes, &lines);
    find_returning(changes, &lines);
    find_keys(changes, &lines);
    find_nullable(changes, &lines);
    find_columns(changes, &lines);
    find_attributes(changes, &lines);
    find_logged(changes, &lines);
    find_uncovered(changes, &lines);
    find_callers(changes, &lines);
    find_overloads(changes, &lines);
    if (lines.length == 0)
        return true;
    error_set(err, ERROR_REFUSED, "what main lacks is in the way of what main has");
    error_detail(err, "%s", lines.data);
    return error_hint(err, "Use --clean-extra, or drop, rename or detach these on the stand-in.");
}
