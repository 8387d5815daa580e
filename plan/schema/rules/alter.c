/* Alterations that one template does not say: lists of options, sequences, what belongs to an index, comments. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/rename.h"
#include "plan/schema/rules/template.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

static const char *old_field(const struct item *old, const char *field)
{
    return old != NULL ? item_field(old, field) : NULL;
}

static bool starts_with(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

static bool strings_equal(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* --- Storage options --- */

static size_t name_length(const char *option)
{
    const char *equals = strchr(option, '=');

    return equals != NULL ? (size_t)(equals - option) : strlen(option);
}

/* How ALTER addresses what carries the options. */
static void append_options_target(struct text *sql, const struct item *item)
{
    switch (item->object->class) {
    case CLASS_CONSTRAINT:
        text_append(sql, "ALTER INDEX ");
        quote_qualified(sql, item->parent->object->schema, item->object->name);
        break;
    case CLASS_COLUMN:
        text_appendf(sql, "ALTER TABLE ONLY %s ALTER COLUMN ", item->parent->object->identity);
        quote_identifier(sql, item->object->name);
        break;
    case CLASS_VIEW_COLUMN:
        text_appendf(sql, "ALTER MATERIALIZED VIEW %s ALTER COLUMN ", item->parent->object->identity);
        quote_identifier(sql, item->object->name);
        break;
    default:
        text_appendf(sql, "ALTER %s %s", class_keyword(item->object->class), item->object->identity);
    }
}

static bool same_name(const char *option, const char *other)
{
    return name_length(option) == name_length(other) && strncmp(option, other, name_length(option)) == 0;
}

/* How many of the new options stay as they are. SET puts what it sets at the end, and pg_dump prints the options in
 * their order: so these are as many of the first ones as the old list has in the same order. */
static size_t count_kept(const char **new_items, size_t new_count, const char **old_items, size_t old_count)
{
    size_t kept = 0;

    for (size_t i = 0; i < old_count && kept < new_count; i++)
        kept += strcmp(old_items[i], new_items[kept]) == 0;
    return kept;
}

static void change_options(struct text *sql, struct arena *arena, const struct item *item, const char *new_options,
                           const char *old_options, const char *prefix)
{
    const char **new_items, **old_items;
    size_t new_count, old_count, set = 0, reset = 0;
    cleanup(text_free) struct text names = {0}, values = {0};

    if (!array_text_parse(arena, new_options, &new_items, &new_count) ||
        !array_text_parse(arena, old_options, &old_items, &old_count))
        return;
    size_t kept = count_kept(new_items, new_count, old_items, old_count);
    for (size_t i = 0; i < old_count; i++) {
        bool stays = false;
        for (size_t j = 0; j < new_count; j++)
            stays |= same_name(new_items[j], old_items[i]);
        if (!stays)
            text_appendf(&names, "%s%s%.*s", reset++ > 0 ? ", " : "", prefix, (int)name_length(old_items[i]),
                         old_items[i]);
    }
    for (size_t j = kept; j < new_count; j++) {
        text_appendf(&values, "%s%s%.*s=", set++ > 0 ? ", " : "", prefix, (int)name_length(new_items[j]), new_items[j]);
        quote_literal(&values,
                      new_items[j] + name_length(new_items[j]) + (new_items[j][name_length(new_items[j])] == '='));
    }
    if (reset > 0) {
        append_options_target(sql, item);
        text_appendf(sql, " RESET (%s);\n", names.data);
    }
    if (set > 0) {
        append_options_target(sql, item);
        text_appendf(sql, " SET (%s);\n", values.data);
    }
}

ALTERATION(alter_options)
{
    (void)err;
    struct text *sql = &alteration->sql;
    const char *field = new->object->class == CLASS_CONSTRAINT ? "index_options" : "options";

    change_options(sql, changes->scratch, new, item_field(new, field), old_field(old, field), "");
    if (new->object->class == CLASS_TABLE || new->object->class == CLASS_MATERIALIZED_VIEW)
        change_options(sql, changes->scratch, new, item_field(new, "toast_options"), old_field(old, "toast_options"),
                       "toast.");
    alteration->risks = "lock:SHARE UPDATE EXCLUSIVE";
    return true;
}

/* --- Sequences --- */

ALTERATION(alter_sequence)
{
    (void)changes, (void)err;
    struct text *sql = &alteration->sql;

    append_within_bounds(sql, new, old, "", new->object->identity);
    text_appendf(sql, "ALTER SEQUENCE %s", new->object->identity);
    if (!same_field(new, old, "type"))
        text_appendf(sql, " AS %s", item_field(new, "type"));
    append_sequence_options(sql, new, "");
    text_append(sql, bounds_are_apart(new, old, "") ? " RESTART" : "");
    text_append(sql, ";\n");
    return true;
}

/* A sequence that a column owns has the owner of its table: it changes along with the table, or while it is not owned.
 */
ALTERATION(alter_sequence_owner)
{
    (void)err;
    const char *owner = item_field(new, "owner"), *owned_by = item_field(new, "owned_by");
    bool same_column = old != NULL && strings_equal(owned_by, item_field(old, "owned_by"));
    struct text *sql = &alteration->sql;

    if (same_column && owned_by != NULL)
        return true;
    /* Letting go waits for nothing: the old owner may have to make room for the new one. */
    if (!same_column && old != NULL && item_field(old, "owned_by") != NULL) {
        template_expand(sql, "ALTER SEQUENCE %o OWNED BY NONE;", new, NULL, NULL);
        struct step *release = step_add(changes, STEP_ALTER, new, TIMING_BEFORE, sql, NULL);
        release->refers = true;
        release->detaches = true;
    }
    if (owner != NULL && (old == NULL || !same_field(new, old, "owner")))
        template_expand(sql, "ALTER SEQUENCE %o OWNER TO %i;", new, owner, NULL);
    if (!same_column && owned_by != NULL)
        template_expand(sql, "ALTER SEQUENCE %o OWNED BY %v;", new, owned_by, NULL);
    alteration->refers = true;
    alteration->late = true;
    return true;
}

/* --- Extensions --- */

/* Compares 1.9 and 1.10 number by number. */
static int compare_versions(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        char *a_end, *b_end;
        unsigned long left = strtoul(a, &a_end, 10), right = strtoul(b, &b_end, 10);

        if (a_end == a || b_end == b)
            return strcmp(a, b);
        if (left != right)
            return left < right ? -1 : 1;
        a = a_end + (*a_end != '\0');
        b = b_end + (*b_end != '\0');
    }
    return (*a != '\0') - (*b != '\0');
}

/* Extensions have scripts from older versions to newer ones. Back means drop and create. */
bool version_reachable(const struct item *new, const struct item *old)
{
    return compare_versions(item_field(new, "version"), item_field(old, "version")) > 0;
}

/* --- Functions and views --- */

bool function_replaceable(const struct item *new, const struct item *old)
{
    /* Names of inputs may be given to those that had none; not changed. Kept simple: they must be the same. */
    const char *new_defaults = item_field(new, "default_count"), *old_defaults = item_field(old, "default_count");

    if (!same_field(new, old, "kind") || !same_field(new, old, "result") || !same_field(new, old, "output_columns"))
        return false;
    if (!field_is(old, "input_names", NULL) && !same_field(new, old, "input_names"))
        return false;
    return new_defaults == NULL || old_defaults == NULL ||
           strtoul(new_defaults, NULL, 10) >= strtoul(old_defaults, NULL, 10);
}

/* New columns may come at the end. Both are arrays in text form: without its closing brace the old one must begin the
 * new one. */
bool view_replaceable(const struct item *new, const struct item *old)
{
    const char *new_columns = item_field(new, "columns"), *old_columns = item_field(old, "columns");

    if (new_columns == NULL || old_columns == NULL)
        return strings_equal(new_columns, old_columns);
    size_t length = strlen(old_columns) - 1;
    return strncmp(new_columns, old_columns, length) == 0 &&
           (new_columns[length] == ',' || new_columns[length] == '}' || length <= 1);
}

/* --- Constraints and what belongs to their indexes --- */

/* The length of the definition without what ALTER and VALIDATE change. */
static size_t plain_length(const char *definition, bool foreign)
{
    static const char *const endings[] = {" NOT VALID", " INITIALLY DEFERRED", " DEFERRABLE"};
    size_t length = strlen(definition);

    for (size_t i = 0; i < (foreign ? 3 : 1); i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strncmp(definition + length - ending, endings[i], ending) == 0)
            length -= ending;
    }
    return length;
}

bool constraint_alterable(const struct item *new, const struct item *old)
{
    const char *new_definition = item_field(new, "definition"), *old_definition = item_field(old, "definition");
    bool foreign = field_is(new, "type", "foreign key");
    size_t length = plain_length(new_definition, foreign);

    if (length != plain_length(old_definition, foreign) || strncmp(new_definition, old_definition, length) != 0)
        return false;
    return field_is(new, "validated", "true") || field_is(old, "validated", "false");
}

ALTERATION(alter_constraint)
{
    (void)changes, (void)err;
    struct text *sql = &alteration->sql;

    /* A partition's follows its parent's. */
    if (field_is(new, "type", "foreign key") && hangs_on_same(new, old))
        return true;
    if (!same_field(new, old, "deferrable") || !same_field(new, old, "deferred")) {
        template_expand(sql, "ALTER TABLE %p ALTER CONSTRAINT %n", new, NULL, NULL);
        sql->data[--sql->length] = '\0';
        text_append(sql, field_is(new, "deferrable", "true") ? " DEFERRABLE" : " NOT DEFERRABLE");
        text_append(sql, field_is(new, "deferred", "true") ? " INITIALLY DEFERRED;\n" : " INITIALLY IMMEDIATE;\n");
        alteration->risks = "lock:ACCESS EXCLUSIVE";
    }
    if (!same_field(new, old, "validated")) {
        template_expand(sql, "ALTER %K %p VALIDATE CONSTRAINT %n;", new, NULL, NULL);
        alteration->timing = TIMING_FOREIGN_KEYS;
        alteration->risks = "lock:SHARE UPDATE EXCLUSIVE;scan";
    }
    return true;
}

static void append_index(struct text *sql, const struct item *item)
{
    quote_qualified(sql, item->object->schema != NULL ? item->object->schema : item->parent->object->schema,
                    item->object->name);
}

ALTERATION(alter_index_tablespace)
{
    (void)changes, (void)err, (void)old;
    const char *tablespace = item_field(new, new->object->class == CLASS_INDEX ? "tablespace" : "index_tablespace");

    text_append(&alteration->sql, "ALTER INDEX ");
    append_index(&alteration->sql, new);
    text_append(&alteration->sql, " SET TABLESPACE ");
    quote_identifier(&alteration->sql, tablespace != NULL ? tablespace : "pg_default");
    text_append(&alteration->sql, ";\n");
    alteration->risks = "lock:ACCESS EXCLUSIVE;rewrite";
    return true;
}

/* One index of a table at most is its cluster index: setting another one unsets it. */
ALTERATION(alter_clustered)
{
    (void)changes, (void)err;

    if (field_is(new, "clustered", "true")) {
        template_expand(&alteration->sql, "ALTER TABLE %p CLUSTER ON %n;", new, NULL, NULL);
        alteration->timing = old != NULL ? TIMING_FINISH : TIMING_AFTER;
    } else if (old != NULL && field_is(old, "clustered", "true")) {
        template_expand(&alteration->sql, "ALTER TABLE %p SET WITHOUT CLUSTER;", new, NULL, NULL);
    }
    alteration->risks = "lock:SHARE UPDATE EXCLUSIVE";
    return true;
}

ALTERATION(alter_index_comment)
{
    (void)changes, (void)err, (void)old;

    text_append(&alteration->sql, "COMMENT ON INDEX ");
    append_index(&alteration->sql, new);
    template_expand(&alteration->sql, " IS %l;", new, item_field(new, "index_comment"), NULL);
    return true;
}

ALTERATION(alter_index_statistics)
{
    (void)err;
    const char **new_items, **old_items;
    size_t new_count, old_count;

    if (!array_text_parse(changes->scratch, item_field(new, "statistics"), &new_items, &new_count) ||
        !array_text_parse(changes->scratch, old_field(old, "statistics"), &old_items, &old_count))
        return true;
    /* Each is COLUMN=TARGET. */
    for (size_t i = 0; i < old_count; i++)
        text_appendf(&alteration->sql, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS -1;\n", new->object->identity,
                     (int)name_length(old_items[i]), old_items[i]);
    for (size_t i = 0; i < new_count; i++)
        text_appendf(&alteration->sql, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS %s;\n", new->object->identity,
                     (int)name_length(new_items[i]), new_items[i], new_items[i] + name_length(new_items[i]) + 1);
    return true;
}

/* --- Columns --- */

/* The storage of the column's type, which SQL cannot name before PostgreSQL 16. Of base types that are not the
 * system's, all but `plain` is in their definition. */
static const char *own_storage(const struct item *column)
{
    static const char *const mains[] = {"numeric", "inet", "cidr"}, *const others[] = {"external", "main"};
    const char *type = item_field(column, "type");
    const struct item *named = type_of_item(column);

    for (; named != NULL && named->object->class == CLASS_DOMAIN; named = type_of_item(named))
        type = item_field(named, "type");
    const char *definition = named != NULL ? item_field(named, "definition") : NULL;
    for (size_t i = 0; definition != NULL && i < array_length(others); i++) {
        cleanup(free_string) char *clause = format_string("STORAGE = %s", others[i]);
        if (strstr(definition, clause) != NULL)
            return others[i];
    }
    for (size_t i = 0; named == NULL && type != NULL && i < array_length(mains); i++)
        if (starts_with(type, mains[i]) && strchr(type, '[') == NULL)
            return "main";
    return "extended";
}

/* NULL means the type's own storage, which a column has that has just taken another type. */
ALTERATION(alter_storage)
{
    (void)changes, (void)err;
    const char *storage = item_field(new, "storage");
    bool retyped = old != NULL && (!same_field(new, old, "type") || !same_field(new, old, "collation"));

    if (storage == NULL && retyped)
        return true;
    template_expand(&alteration->sql,
                    new->object->class == CLASS_VIEW_COLUMN
                        ? "ALTER MATERIALIZED VIEW %p ALTER COLUMN %n SET STORAGE %v;"
                        : "ALTER TABLE ONLY %p ALTER COLUMN %n SET STORAGE %v;",
                    new, storage != NULL ? storage : own_storage(new), NULL);
    return true;
}

/* --- Materialized views --- */

ALTERATION(refresh)
{
    (void)alteration, (void)old, (void)err;
    cleanup(text_free) struct text sql = {0};

    template_expand(&sql,
                    field_is(new, "populated", "true") ? REFRESH_BEGIN "%o" REFRESH_END
                                                       : "REFRESH MATERIALIZED VIEW %o WITH NO DATA;",
                    new, NULL, NULL);
    new->refreshed_by = step_add(changes, STEP_ALTER, new, TIMING_FINISH, &sql, "lock:ACCESS EXCLUSIVE;rewrite");
    new->refreshed_by->late = true;
    return true;
}

/* --- Comments --- */

static void comment_on(struct text *sql, const struct item *item, const char *value)
{
    const struct item *target = item->parent;

    text_append(sql, "COMMENT ON ");
    switch (target->object->class) {
    case CLASS_CONSTRAINT:
        template_expand(sql,
                        target->parent->object->class == CLASS_DOMAIN ? "CONSTRAINT %n ON DOMAIN %p IS %l;"
                                                                      : "CONSTRAINT %n ON %p IS %l;",
                        target, value, NULL);
        break;
    case CLASS_TRIGGER:
    case CLASS_POLICY:
    case CLASS_RULE:
        template_expand(sql, "%k %n ON %p IS %l;", target, value, NULL);
        break;
    case CLASS_EXTENSION:
        template_expand(sql, "%k %n IS %l;", target, value, NULL);
        break;
    default:
        template_expand(sql, "%k %o IS %l;", target, value, NULL);
    }
}

CREATES(create_comment)
{
    (void)changes, (void)step, (void)replace, (void)err;
    comment_on(sql, item, item_field(item, "text"));
    return true;
}

bool drop_comment(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    comment_on(sql, item, NULL);
    return true;
}

ALTERATION(alter_comment)
{
    (void)changes, (void)err, (void)old;
    comment_on(&alteration->sql, new, item_field(new, "text"));
    return true;
}
