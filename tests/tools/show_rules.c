/*
 * For tests and developers: prints the rule table, one rule per line, as columns that tabs separate: class, field,
 * value, how a difference is carried out, the server versions that have the field, by what. A class's own line has no
 * field. Exits with 1 where the table and the fields of the catalog's queries do not cover each other.
 */
#include "common/catalog/reader.h"
#include "common/catalog/sql_tokens.h"
#include "common/memory.h"
#include "common/text.h"
#include "plan/schema/rules/rules.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_VERSION = 10, LAST_VERSION = 18, VERSIONS = LAST_VERSION - FIRST_VERSION + 1 };

static const char *const hows[] = {
    [HOW_ALTER] = "template",  [HOW_CUSTOM] = "function", [HOW_REPLACE] = "replace", [HOW_REBUILD] = "rebuild",
    [HOW_FOLLOWS] = "follows", [HOW_PARENT] = "parent",   [HOW_NEVER] = "never",     [HOW_IGNORE] = "ignore",
};

/* The fields of one class's queries, in order, and which versions have them. */
struct fields {
    struct known_field {
        char name[64];
        bool in[VERSIONS];
        bool has_rule;
    } items[64];
    size_t count;
    bool class_in[VERSIONS];
};

static char *without_comments(const char *sql)
{
    struct text text = {0};

    for (const char *at = sql; *at != '\0'; at++) {
        if (strncmp(at, "--", 2) == 0)
            at += strcspn(at, "\n");
        if (*at == '\0')
            break;
        text_append_char(&text, *at);
    }
    return text_take(&text);
}

static struct known_field *field_named(struct fields *fields, const char *name, size_t length)
{
    static const char suffix[] = "_ref";
    size_t suffix_length = sizeof suffix - 1;

    if (length > suffix_length && memcmp(name + length - suffix_length, suffix, suffix_length) == 0)
        length -= suffix_length;
    for (size_t i = 0; i < fields->count; i++)
        if (strlen(fields->items[i].name) == length && memcmp(fields->items[i].name, name, length) == 0)
            return &fields->items[i];
    if (fields->count == array_length(fields->items) || length >= sizeof fields->items[0].name)
        return NULL;
    struct known_field *field = &fields->items[fields->count++];
    memcpy(field->name, name, length);
    return field;
}

/* The names of the query's columns: the last word of each item between SELECT and FROM. Nine columns lead; those that
 * begin with key_ are none. */
static void read_fields(struct fields *fields, const char *query, size_t version)
{
    cleanup(free_string) char *sql = without_comments(query);
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};
    size_t column = 0, at = 0;

    sql_tokens_read(&tokens, sql);
    while (at < tokens.count && !sql_token_is(&tokens.items[at], "SELECT"))
        at = tokens.items[at].partner + 1;
    for (at++; at < tokens.count; at = tokens.items[at].partner + 1) {
        bool end = sql_token_is(&tokens.items[at], "FROM");

        if (!end && !sql_token_is(&tokens.items[at], ","))
            continue;
        const struct sql_token *name = &tokens.items[at - 1];
        bool is_field = ++column > 9 && strncmp(name->text, "key_", 4) != 0;
        struct known_field *field = is_field ? field_named(fields, name->text, name->length) : NULL;
        if (field != NULL)
            field->in[version] = true;
        if (end)
            return;
    }
}

static void print_versions(const bool in[VERSIONS])
{
    size_t first = 0, last = VERSIONS;

    while (first < VERSIONS && !in[first])
        first++;
    while (last > first && !in[last - 1])
        last--;
    if (first == last)
        printf("none");
    else
        printf("%zu-%zu", first + FIRST_VERSION, last - 1 + FIRST_VERSION);
}

static void print_rule(enum object_class class, const char *field, const char *value, const char *how,
                       const bool in[VERSIONS], const char *what)
{
    printf("%s\t%s\t%s\t%s\t", class_name(class), field, value, how);
    print_versions(in);
    printf("\t%s\n", what);
}

static const char *what_does(const struct rule *rule)
{
    if (rule->how == HOW_FOLLOWS)
        return rule->leader;
    return rule->sql != NULL ? rule->sql : "";
}

/* Do the class's rules and fields cover each other? */
static bool print_rules(enum object_class class, struct fields *fields)
{
    static const bool nowhere[VERSIONS];
    size_t count;
    const struct rule *rules = rule_table(&count);
    bool covered = true;

    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = &rules[i];

        if (rule->class != class)
            continue;
        size_t known = fields->count;
        struct known_field *field = field_named(fields, rule->field, strlen(rule->field));
        if (fields->count > known)
            fields->count = known;
        else
            field->has_rule = true;
        covered &= fields->count == known && field->has_rule;
        const char *value = rule->value == ANY_VALUE ? "*" : rule->value == NO_VALUE ? "NULL" : rule->value;
        print_rule(class, rule->field, value, hows[rule->how], field->has_rule ? field->in : nowhere, what_does(rule));
        if (!field->has_rule)
            *field = (struct known_field){.name = ""};
    }
    for (size_t i = 0; i < fields->count; i++) {
        if (fields->items[i].has_rule)
            continue;
        print_rule(class, fields->items[i].name, "*", "no rule", fields->items[i].in, "");
        covered = false;
    }
    return covered;
}

static bool print_class(enum object_class class)
{
    const struct class_rule *rule = class_rule(class);
    struct fields fields = {.count = 0};

    for (size_t i = 0; i < VERSIONS; i++) {
        int version = (int)(i + FIRST_VERSION) * 10000;
        const char *query = catalog_query(class, version);

        fields.class_in[i] = query != NULL;
        if (query != NULL)
            read_fields(&fields, query, i);
    }
    if (rule == NULL) {
        print_rule(class, "", "", "no rule", fields.class_in, "");
        return false;
    }
    print_rule(class, "", "", rule->with_parent ? "with its parent" : "create and drop", fields.class_in,
               rule->drop != NULL ? rule->drop : "");
    return print_rules(class, &fields);
}

int main(void)
{
    bool covered = true;

    for (size_t i = 0; i < CLASS_COUNT; i++)
        covered &= print_class((enum object_class)i);
    if (!covered)
        fprintf(stderr, "Some rules have no field in common/catalog/sql (versions: none), or some fields no rule.\n");
    return covered ? 0 : 1;
}
