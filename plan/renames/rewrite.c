/* The stand-in's catalog as it will be once the tables and columns are renamed. */
#include "plan/renames/parts.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

struct rewriting {
    const struct renames *renames;
    const struct catalog *main, *from;
    struct catalog *to;
    const char **identities; /* new ones, by number; NULL: not known yet */
};

enum form { AS_IT_IS, SQL, COLUMN_IDENTITY, LIST, COLUMN_LIST };

/* The fields that hold SQL or the identities of other objects. */
static const struct {
    const char *name;
    enum form form;
} forms[] = {
    {"definition", SQL},
    {"structure", SQL},
    {"expression", SQL},
    {"generated", SQL},
    {"default", SQL},
    {"using", SQL},
    {"check", SQL},
    {"row_filter", SQL},
    {"partition_key", SQL},
    {"arguments", SQL},
    {"identity_arguments", SQL},
    {"result", SQL},
    {"output_columns", LIST},
    {"type", SQL},
    {"of_type", SQL},
    {"partition_of", SQL},
    {"inherits", LIST},
    {"members", LIST},
    {"owned_by", COLUMN_IDENTITY},
    {"parent_constraint", SQL},
    {"parent_index", SQL},
};

static enum form form_of(const struct object *object, const char *field)
{
    if (object->class == CLASS_PUBLICATION_TABLE && strcmp(field, "columns") == 0)
        return COLUMN_LIST;
    if (object->class == CLASS_PUBLICATION_TABLE && strcmp(field, "table") == 0)
        return SQL;
    if (object->class == CLASS_VIEW && strcmp(field, "columns") == 0)
        return LIST;
    for (size_t i = 0; i < array_length(forms); i++)
        if (strcmp(forms[i].name, field) == 0)
            return forms[i].form;
    return AS_IT_IS;
}

/* The renamed table that the object is, or belongs to. */
static const struct renamed_table *own_table(const struct rewriting *rewriting, const struct object *object)
{
    if (object->class == CLASS_PUBLICATION_TABLE) {
        const char *table = object_field(object, "table");
        return table != NULL ? map_get(&rewriting->renames->by_old, table) : NULL;
    }
    for (; object != NULL; object = object->parent)
        if (object->class == CLASS_TABLE || object->class == CLASS_FOREIGN_TABLE)
            return renamed_table_of(rewriting->renames, object->schema, object->name);
    return NULL;
}

static bool holds(const char *sql, const char *words)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    sql_tokens_read(&tokens, sql);
    return sql_tokens_hold(&tokens, words);
}

static enum naming naming_of(const struct object *object, const struct field *field)
{
    switch (object->class) {
    case CLASS_VIEW:
    case CLASS_MATERIALIZED_VIEW:
    case CLASS_RULE:
        return NAMES_IN_QUERIES;
    case CLASS_FUNCTION:
    case CLASS_PROCEDURE:
        return strcmp(field->name, "definition") == 0 && holds(field->value, "BEGIN ATOMIC") ? NAMES_IN_QUERIES
                                                                                             : NAMES_TABLES;
    case CLASS_POLICY:
        return holds(field->value, "SELECT") ? NAMES_IN_QUERIES : NAMES_COLUMNS;
    case CLASS_CONSTRAINT:
        return object->parent->class == CLASS_DOMAIN || strcmp(field->name, "definition") != 0 ? NAMES_TABLES
                                                                                               : NAMES_COLUMNS;
    case CLASS_INDEX:
        return strcmp(field->name, "parent_index") == 0 ? NAMES_TABLES : NAMES_OF_INDEX;
    case CLASS_TRIGGER:
        return NAMES_OF_EVENT;
    case CLASS_STATISTICS:
        return NAMES_BETWEEN;
    case CLASS_COLUMN:
        return strcmp(field->name, "generated") == 0 ? NAMES_COLUMNS : NAMES_TABLES;
    case CLASS_TABLE:
        return strcmp(field->name, "partition_key") == 0 ? NAMES_COLUMNS : NAMES_TABLES;
    case CLASS_PUBLICATION_TABLE:
        return strcmp(field->name, "row_filter") == 0 ? NAMES_COLUMNS : NAMES_TABLES;
    default:
        return NAMES_TABLES;
    }
}

/* --- Identities --- */

static bool begins(const char *text, const char *with, size_t length)
{
    return strncmp(text, with, length) == 0 && strchr(". ", text[length]) != NULL;
}

static const char *identity_of(struct rewriting *rewriting, const struct object *object);

/* The parent's identity, which this one's begins with, and what stands before it; NULL where it does not. */
static const char *identity_below(struct rewriting *rewriting, const struct object *object)
{
    const struct object *parent = object->parent;
    cleanup(text_free) struct text own = {0};
    const char *at = object->identity, *class = class_name(parent->class);
    size_t length = strlen(parent->identity);

    quote_qualified(&own, object->schema, object->name != NULL ? object->name : "");
    if (object->class != CLASS_COLUMN && strcmp(own.data, object->identity) == 0)
        return NULL; /* an index, whose name is its schema's */
    if (strncmp(at, class, strlen(class)) == 0 && at[strlen(class)] == ' ' &&
        begins(at + strlen(class) + 1, parent->identity, length))
        at += strlen(class) + 1;
    else if (!begins(at, parent->identity, length))
        return NULL;
    const char *rest = at + length;
    cleanup(text_free) struct text identity = {0}, suffix = {0};
    text_append_bytes(&identity, object->identity, (size_t)(at - object->identity));
    text_append(&identity, identity_of(rewriting, parent));
    const struct renamed_table *table = object->class == CLASS_COLUMN ? own_table(rewriting, object) : NULL;
    bool sure = true;
    if (table != NULL) {
        text_append(&suffix, ".");
        quote_identifier(&suffix, renamed_column_name(table, object->name));
    } else if (object->class != CLASS_PUBLICATION_TABLE ||
               !rewrite_text(&suffix, rewriting->renames, rest, NAMES_TABLES, NULL, &sure)) {
        text_append(&suffix, rest);
    }
    text_append(&identity, suffix.length > 0 ? suffix.data : "");
    return arena_string(rewriting->to->arena, identity.data);
}

static const char *identity_of(struct rewriting *rewriting, const struct object *object)
{
    const char **known = &rewriting->identities[object->number];
    cleanup(text_free) struct text identity = {0};
    bool sure = true;

    if (*known != NULL)
        return *known;
    if (object->parent != NULL)
        *known = identity_below(rewriting, object);
    if (object->class == CLASS_TABLE || object->class == CLASS_FOREIGN_TABLE) {
        const struct renamed_table *table = renamed_table_of(rewriting->renames, object->schema, object->name);

        quote_qualified(&identity, object->schema, table != NULL ? table->new_name : object->name);
        *known = arena_string(rewriting->to->arena, identity.data);
    } else if (*known == NULL && object->parent == NULL && strchr(object->identity, '(') != NULL) {
        /* Argument types; the name before them is not a table's. */
        const char *arguments = strchr(object->identity, '(');

        text_append_bytes(&identity, object->identity, (size_t)(arguments - object->identity));
        if (rewrite_text(&identity, rewriting->renames, arguments, NAMES_TABLES, NULL, &sure))
            *known = arena_string(rewriting->to->arena, identity.data);
    }
    if (*known == NULL)
        *known = object->identity;
    return *known;
}

static const char *name_of(const struct rewriting *rewriting, const struct object *object)
{
    const struct renamed_table *table = own_table(rewriting, object);

    if (table == NULL)
        return object->name;
    switch (object->class) {
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
        return table->new_name;
    case CLASS_COLUMN:
    case CLASS_DEFAULT: /* these are called as their column */
    case CLASS_IDENTITY_SEQUENCE:
        return object->name != NULL ? renamed_column_name(table, object->name) : NULL;
    default:
        return object->name;
    }
}

/* --- Fields --- */

/* So that it is no text of main's, and still the same SQL. */
static void mark(struct text *sql)
{
    bool ended = sql->length > 0 && sql->data[sql->length - 1] == ';';

    if (ended)
        sql->data[--sql->length] = '\0';
    text_append(sql, " /* renamed */");
    text_append(sql, ended ? ";" : "");
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_listed_column(const struct sql_tokens *tokens, size_t i)
{
    return i + 1 < tokens->count &&
           (tokens->items[i].kind == SQL_TOKEN_WORD || tokens->items[i].kind == SQL_TOKEN_QUOTED) &&
           (sql_token_is(&tokens->items[i + 1], ",") || sql_token_is(&tokens->items[i + 1], "FROM"));
}

/* The catalog has the columns of statistics, which come before the expressions, in the order of their names. */
static void sort_statistics(const struct rewriting *rewriting, struct text *sql)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};
    cleanup(text_free) struct text sorted = {0};
    size_t first = 0, count = 0;

    sql_tokens_read(&tokens, sql->data);
    while (first < tokens.count && !sql_token_is(&tokens.items[first], "ON"))
        first++;
    first++;
    const char **names = arena_allocate(rewriting->to->arena, tokens.count + 1, sizeof *names);
    for (size_t i = first; is_listed_column(&tokens, i); i += 2) {
        cleanup(free_string) char *name = token_name(&tokens.items[i]);
        names[count++] = arena_string(rewriting->to->arena, name);
    }
    if (count < 2)
        return;
    qsort(names, count, sizeof *names, compare_names);
    const struct sql_token *start = &tokens.items[first], *last = &tokens.items[first + 2 * (count - 1)];
    text_append_bytes(&sorted, sql->data, (size_t)(start->text - sql->data));
    for (size_t i = 0; i < count; i++) {
        text_append(&sorted, i > 0 ? ", " : "");
        quote_identifier(&sorted, names[i]);
    }
    text_append(&sorted, last->text + last->length);
    text_clear(sql);
    text_append(sql, sorted.data);
}

static const char *rewrite_sql(const struct rewriting *rewriting, const struct object *object, const char *identity,
                               const struct field *field, enum naming naming)
{
    const struct renamed_table *own = naming != NAMES_TABLES ? own_table(rewriting, object) : NULL;
    cleanup(text_free) struct text sql = {0};
    bool sure = true;
    bool changed = rewrite_text(&sql, rewriting->renames, field->value, naming, own, &sure);

    if (object->class == CLASS_POLICY && own != NULL && naming == NAMES_IN_QUERIES)
        sure = false;
    if (sure && !changed)
        return arena_string(rewriting->to->arena, field->value);
    if (!changed)
        text_append(&sql, field->value);
    if (object->class == CLASS_STATISTICS)
        sort_statistics(rewriting, &sql);
    if (!sure) {
        mark(&sql);
        return arena_string(rewriting->to->arena, sql.data);
    }
    const struct object *other = catalog_find(rewriting->main, object->class, identity);
    const char *of_main = other != NULL ? object_field(other, field->name) : NULL;
    return arena_string(rewriting->to->arena, of_main != NULL && same_tokens(of_main, sql.data) ? of_main : sql.data);
}

/* Lists of columns are in the order of their names. */
static const char *rewrite_list(const struct rewriting *rewriting, const struct object *object, const char *identity,
                                const struct field *field, enum form form)
{
    struct arena *arena = rewriting->to->arena;
    const struct renamed_table *own = own_table(rewriting, object);
    cleanup(text_free) struct text list = {0};
    const char **items;
    size_t count;

    if (!array_text_parse(arena, field->value, &items, &count))
        return arena_string(arena, field->value);
    for (size_t i = 0; i < count; i++) {
        const struct field item = {field->name, items[i]};

        if (items[i] != NULL && form == LIST)
            items[i] = rewrite_sql(rewriting, object, identity, &item, NAMES_TABLES);
        else if (items[i] != NULL && own != NULL)
            items[i] = renamed_column_name(own, items[i]);
    }
    if (form == COLUMN_LIST && count > 0)
        qsort(items, count, sizeof *items, compare_names);
    array_text_append(&list, items, count);
    return arena_string(arena, list.data);
}

static const char *rewrite_field(const struct rewriting *rewriting, const struct object *object, const char *identity,
                                 const struct field *field)
{
    enum form form = field->value != NULL ? form_of(object, field->name) : AS_IT_IS;

    switch (form) {
    case SQL:
        return rewrite_sql(rewriting, object, identity, field, naming_of(object, field));
    case COLUMN_IDENTITY:
        return rewrite_sql(rewriting, object, identity, field, NAMES_COLUMN);
    case LIST:
    case COLUMN_LIST:
        return rewrite_list(rewriting, object, identity, field, form);
    default:
        return arena_string(rewriting->to->arena, field->value);
    }
}

/* --- The whole --- */

static bool copy_object(struct rewriting *rewriting, const struct object *from, struct object **to, struct error *err)
{
    const char *identity = identity_of(rewriting, from);

    if (!catalog_add(rewriting->to, from->class, identity, from->schema, name_of(rewriting, from), from->field_count,
                     to, err))
        return false;
    struct field *fields = object_own_fields(*to);
    for (size_t i = 0; i < from->field_count; i++) {
        fields[i].name = arena_string(rewriting->to->arena, from->fields[i].name);
        fields[i].value = rewrite_field(rewriting, from, identity, &from->fields[i]);
    }
    return true;
}

static void copy_edges(const struct rewriting *rewriting, const struct object *from, struct object *const *objects)
{
    struct object **depends = allocate(from->depend_count, sizeof(struct object *));

    for (size_t i = 0; i < from->depend_count; i++)
        depends[i] = objects[from->depends[i]->number];
    objects[from->number]->parent = from->parent != NULL ? objects[from->parent->number] : NULL;
    catalog_set_depends(rewriting->to, objects[from->number], depends, from->depend_count);
    free(depends);
}

static void copy_outside(const struct rewriting *rewriting, const struct outside *from, struct object *const *objects)
{
    struct arena *arena = rewriting->to->arena;
    const struct outside outside = {.type = arena_string(arena, from->type),
                                    .identity = arena_string(arena, from->identity),
                                    .names = arena_string(arena, from->names),
                                    .arguments = arena_string(arena, from->arguments)};

    catalog_add_outside(rewriting->to, &outside, objects[from->object->number], from->needs);
}

static bool rewrite(struct rewriting *rewriting, struct object **objects, struct error *err)
{
    const struct catalog *from = rewriting->from;

    for (size_t i = 0; i < from->count; i++)
        if (!copy_object(rewriting, from->objects[i], &objects[i], err))
            return error_context(err, "renaming in the stand-in's catalog");
    for (size_t i = 0; i < from->count; i++)
        copy_edges(rewriting, from->objects[i], objects);
    for (size_t i = 0; i < from->outside_count; i++)
        copy_outside(rewriting, &from->outside[i], objects);
    for (size_t i = 0; i < from->warning_count; i++)
        catalog_warn(rewriting->to, from->warnings[i]);
    catalog_finish(rewriting->to);
    return true;
}

bool renames_rewrite(const struct renames *renames, const struct catalog *main, const struct catalog *standin,
                     struct catalog **rewritten, struct error *err)
{
    struct rewriting rewriting = {.renames = renames,
                                  .main = main,
                                  .from = standin,
                                  .to = catalog_new(),
                                  .identities = allocate(standin->count, sizeof(char *))};
    struct object **objects = allocate(standin->count, sizeof(struct object *));

    rewriting.to->server_version = standin->server_version;
    bool good = rewrite(&rewriting, objects, err);
    free(objects);
    free(rewriting.identities);
    if (!good)
        catalog_cleanup(&rewriting.to);
    *rewritten = rewriting.to;
    return good;
}
