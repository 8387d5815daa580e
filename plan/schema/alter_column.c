/* Columns that change their type with their rows kept, and identity columns. */
#include "plan/schema/alter.h"
#include "plan/schema/create.h"
#include "plan/schema/template.h"

#include "common/memory.h"
#include "common/quote.h"

#include <ctype.h>

/* --- Which cast is there --- */

/* Types between any two of which PostgreSQL has a cast. */
enum family { FAMILY_NONE, FAMILY_NUMBER, FAMILY_STRING, FAMILY_TIME, FAMILY_JSON, FAMILY_BITS, FAMILY_NETWORK };

static const struct {
    const char *type;
    enum family family;
} families[] = {
    {"smallint", FAMILY_NUMBER},
    {"integer", FAMILY_NUMBER},
    {"bigint", FAMILY_NUMBER},
    {"numeric", FAMILY_NUMBER},
    {"real", FAMILY_NUMBER},
    {"double precision", FAMILY_NUMBER},
    {"text", FAMILY_STRING},
    {"character varying", FAMILY_STRING},
    {"character", FAMILY_STRING},
    {"name", FAMILY_STRING},
    {"date", FAMILY_TIME},
    {"timestamp without time zone", FAMILY_TIME},
    {"timestamp with time zone", FAMILY_TIME},
    {"json", FAMILY_JSON},
    {"jsonb", FAMILY_JSON},
    {"bit", FAMILY_BITS},
    {"bit varying", FAMILY_BITS},
    {"inet", FAMILY_NETWORK},
    {"cidr", FAMILY_NETWORK},
};

/* The type's name without its modifier: `timestamp(3) without time zone` is `timestamp without time zone`. */
static void base_type(struct text *base, const char *type)
{
    const char *open = strchr(type, '('), *close = open != NULL ? strchr(open, ')') : NULL;

    if (close == NULL) {
        text_append(base, type);
        return;
    }
    text_append_bytes(base, type, (size_t)(open - type));
    text_append(base, close + 1);
}

static enum family family_of(const char *type)
{
    for (size_t i = 0; i < array_length(families); i++)
        if (strcmp(families[i].type, type) == 0)
            return families[i].family;
    return FAMILY_NONE;
}

/* A cast through text is always there; a direct one keeps more and is faster. */
char *cast_expression(const char *column, const char *old_type, const char *new_type)
{
    cleanup(text_free) struct text old_base = {0}, new_base = {0}, sql = {0};

    base_type(&old_base, old_type);
    base_type(&new_base, new_type);
    enum family old_family = family_of(old_base.data), new_family = family_of(new_base.data);
    bool direct = strcmp(old_base.data, new_base.data) == 0 || old_family == FAMILY_STRING ||
                  (old_family != FAMILY_NONE && old_family == new_family);

    quote_identifier(&sql, column);
    if (!direct && new_family != FAMILY_STRING)
        text_append(&sql, "::text");
    text_appendf(&sql, "::%s", new_type);
    return text_take(&sql);
}

/* --- Is an expression a constant? --- */

static const char *skip_string(const char *p)
{
    for (p++; *p != '\0'; p++)
        if (*p == '\'' && *++p != '\'')
            return p;
    return NULL;
}

/* A type name after `::`, with its modifier and brackets: `character varying(10)`, `numeric(10,2)[]`, `public."T"`. */
static const char *skip_type(const char *p)
{
    while (*p != '\0') {
        if (*p == '"') {
            p = strchr(p + 1, '"');
            if (p == NULL)
                return NULL;
            p++;
        } else if (isalnum((unsigned char)*p) || strchr("_. []", *p) != NULL || (unsigned char)*p >= 0x80) {
            p++;
        } else if (*p == '(') {
            for (p++; isdigit((unsigned char)*p) || *p == ',' || *p == '-'; p++)
                ;
            if (*p++ != ')')
                return NULL;
        } else {
            break;
        }
    }
    return p;
}

bool is_constant_expression(const char *expression)
{
    static const char *const words[] = {"NULL", "true", "false"};
    const char *p = expression;
    size_t open = 0;

    for (; *p == '('; p++)
        open++;
    if (*p == '\'') {
        p = skip_string(p);
    } else if (isdigit((unsigned char)*p) || *p == '-' || *p == '.') {
        p += strspn(p, "-+.0123456789eE");
    } else {
        const char *end = NULL;
        for (size_t i = 0; i < array_length(words) && end == NULL; i++)
            if (strncmp(p, words[i], strlen(words[i])) == 0)
                end = p + strlen(words[i]);
        p = end;
    }
    while (p != NULL && *p != '\0') {
        if (*p == ')' && open > 0) {
            open--;
            p++;
        } else if (strncmp(p, "::", 2) == 0) {
            p = skip_type(p + 2);
        } else {
            return false;
        }
    }
    return p != NULL && open == 0;
}

/* --- Type --- */

static bool names_column(const char *definition, const char *column)
{
    cleanup(text_free) struct text quoted = {0};
    const char *p = definition;

    quote_identifier(&quoted, column);
    while (p != NULL && (p = strstr(p, quoted.data)) != NULL) {
        char before = (char)(p > definition ? p[-1] : ' '), after = p[quoted.length];
        if (!isalnum((unsigned char)before) && before != '_' && !isalnum((unsigned char)after) && after != '_')
            return true;
        p++;
    }
    return false;
}

/* The key of a partitioned table keeps its type. */
bool column_type_alterable(const struct item *new, const struct item *old)
{
    (void)new;
    const char *key = old->parent->object->class == CLASS_TABLE ? item_field(old->parent, "partition_key") : NULL;

    return key == NULL || !names_column(key, old->object->name);
}

/* The same column of a table that this one's table is a child of, in both states. */
static struct item *above_column(const struct item *new)
{
    const struct item *table = new->parent;

    for (size_t i = 0; i < table->depend_count; i++) {
        const struct item *parent = table->depends[i];

        if (!is_child_of(table, parent) || parent->other == NULL || !is_child_of(table->other, parent->other))
            continue;
        for (size_t j = 0; j < parent->child_count; j++)
            if (parent->children[j]->object->class == CLASS_COLUMN &&
                strcmp(parent->children[j]->object->name, new->object->name) == 0)
                return parent->children[j];
    }
    return NULL;
}

static bool same_type(const struct item *a, const struct item *b)
{
    return same_field(a, b, "type") && same_field(a, b, "collation");
}

/* The enum that a column moves from because labels of it go; the column is of this very type. */
static const struct item *replaced_enum(const struct item *old)
{
    for (size_t i = 0; i < old->depend_count; i++)
        if (old->depends[i]->object->class == CLASS_ENUM && old->depends[i]->swapped &&
            field_is(old, "type", old->depends[i]->object->identity))
            return old->depends[i];
    return NULL;
}

/* Rows that still hold a label that goes become main's rows later; until then they hold NULL, or the first label. */
static char *enum_expression(struct arena *arena, const struct item *old, const struct item *type)
{
    cleanup(text_free) struct text sql = {0};
    size_t count;
    struct item **labels = labels_of(arena, type->other, &count);

    text_append(&sql, "CASE WHEN ");
    quote_identifier(&sql, old->object->name);
    text_append(&sql, "::text IN (");
    for (size_t i = 0; i < count; i++) {
        text_append(&sql, i > 0 ? ", " : "");
        quote_literal(&sql, labels[i]->object->name);
    }
    text_append(&sql, ") THEN ");
    quote_identifier(&sql, old->object->name);
    text_append(&sql, "::text");
    if (field_is(old, "not_null", "true")) {
        text_append(&sql, " ELSE ");
        quote_literal(&sql, labels[0]->object->name);
    }
    text_append(&sql, " END");
    return text_take(&sql);
}

/* What the column holds in its new type. */
static char *moved_value(struct changes *changes, const struct item *new, const struct item *old)
{
    const struct item *type = replaced_enum(old);

    if (type != NULL && changes->options->rows_follow && type->other->child_count > 0)
        return enum_expression(changes->scratch, old, type);
    /* A type that is made anew has its old name, and no cast from the one that it replaces. */
    bool same_name = same_field(new, old, "type") && old->forced;
    return cast_expression(new->object->name, same_name ? "" : item_field(old, "type"), item_field(new, "type"));
}

static bool bounds_shrink(const struct item *new, const struct item *old)
{
    const char *new_maximum = item_field(new, "identity_maximum"), *old_maximum = item_field(old, "identity_maximum");

    return new_maximum != NULL && old_maximum != NULL &&
           strtoll(new_maximum, NULL, 10) < strtoll(old_maximum, NULL, 10);
}

ALTERATION(alter_column_type)
{
    (void)err;
    const char *new_type = item_field(new, "type");
    struct item *above = above_column(new);
    cleanup(free_string) char *expression = moved_value(changes, new, old);

    fate_add(changes, new, expression);
    /* The parent's change reaches its children. */
    if (above != NULL && above->other != NULL && !is_gone(above->other) &&
        (above->other->forced || !same_type(above, above->other)))
        return true;
    /* The sequence of an identity column takes the new type along, if its bounds are within it. */
    if (!field_is(new, "identity", NULL) && !field_is(old, "identity", NULL) && bounds_shrink(new, old))
        template_expand(&alteration->sql,
                        "ALTER TABLE %p ALTER COLUMN %n SET MINVALUE %{identity_minimum} SET MAXVALUE "
                        "%{identity_maximum};",
                        new, NULL, NULL);
    template_expand(&alteration->sql, "ALTER TABLE %p ALTER COLUMN %n TYPE %v", new, new_type, NULL);
    alteration->sql.data[--alteration->sql.length] = '\0';
    if (!field_is(new, "collation", NULL))
        text_appendf(&alteration->sql, " COLLATE %s", item_field(new, "collation"));
    if (strncmp(expression, "CASE ", 5) == 0) /* a text that the new type reads */
        text_appendf(&alteration->sql, " USING (%s)::%s;\n", expression, new_type);
    else
        text_appendf(&alteration->sql, " USING %s;\n", expression);
    alteration->risks = "lock:ACCESS EXCLUSIVE;rewrite";
    alteration->refers = true;
    return true;
}

/* --- Identity --- */

static void append_set_options(struct text *sql, const struct item *new, const struct item *old)
{
    static const struct {
        const char *field, *clause;
    } options[] = {{"identity_start", "START WITH "},
                   {"identity_increment", "INCREMENT BY "},
                   {"identity_minimum", "MINVALUE "},
                   {"identity_maximum", "MAXVALUE "},
                   {"identity_cache", "CACHE "}};

    if (!same_field(new, old, "identity"))
        text_appendf(sql, " SET GENERATED %s", field_is(new, "identity", "always") ? "ALWAYS" : "BY DEFAULT");
    for (size_t i = 0; i < array_length(options); i++)
        if (!same_field(new, old, options[i].field))
            text_appendf(sql, " SET %s%s", options[i].clause, item_field(new, options[i].field));
    if (!same_field(new, old, "identity_cycle"))
        text_appendf(sql, " SET %s", field_is(new, "identity_cycle", "true") ? "CYCLE" : "NO CYCLE");
}

/* What follows the schema in a quoted, qualified name. It lies in its table's schema, as every such sequence does. */
static const char *without_schema(const char *qualified)
{
    const char *p = qualified;

    if (*p == '"')
        for (p++; *p != '\0' && !(*p == '"' && *++p != '"'); p++)
            ;
    const char *dot = strchr(p, '.');
    return dot != NULL ? dot + 1 : qualified;
}

ALTERATION(alter_identity)
{
    (void)changes, (void)err;
    struct text *sql = &alteration->sql;
    bool was = !field_is(old, "identity", NULL), will = !field_is(new, "identity", NULL);

    alteration->risks = "lock:ACCESS EXCLUSIVE";
    if (!will) {
        template_expand(sql, "ALTER TABLE %p ALTER COLUMN %n DROP IDENTITY;", new, NULL, NULL);
        return true;
    }
    if (!was) {
        template_expand(sql,
                        "ALTER TABLE %p ALTER COLUMN %n ADD GENERATED %v AS IDENTITY (SEQUENCE NAME "
                        "%{identity_sequence}",
                        new, field_is(new, "identity", "always") ? "ALWAYS" : "BY DEFAULT", NULL);
        sql->data[--sql->length] = '\0';
        append_sequence_options(sql, new, "identity_");
        text_append(sql, ");\n");
        alteration->timing = TIMING_AFTER;
        return true;
    }
    cleanup(text_free) struct text options = {0};
    append_set_options(&options, new, old);
    if (options.length > 0)
        text_appendf(sql, "ALTER TABLE %s ALTER COLUMN ", new->parent->object->identity);
    if (options.length > 0) {
        quote_identifier(sql, new->object->name);
        text_appendf(sql, "%s;\n", options.data);
    }
    if (!same_field(new, old, "identity_sequence")) {
        text_appendf(sql, "ALTER SEQUENCE %s RENAME TO %s;\n", item_field(old, "identity_sequence"),
                     without_schema(item_field(new, "identity_sequence")));
    }
    return true;
}

/* NULL: as its table. A column that has no identity any more has no sequence either. */
ALTERATION(alter_identity_persistence)
{
    (void)changes, (void)old, (void)err;
    bool unlogged = field_is(new, "identity_persistence", "unlogged") ||
                    (field_is(new, "identity_persistence", NULL) && field_is(new->parent, "persistence", "unlogged"));

    if (field_is(new, "identity", NULL))
        return true;
    template_expand(&alteration->sql,
                    unlogged ? "ALTER SEQUENCE %{identity_sequence} SET UNLOGGED;"
                             : "ALTER SEQUENCE %{identity_sequence} SET LOGGED;",
                    new, NULL, NULL);
    alteration->timing = TIMING_FINISH;
    return true;
}
