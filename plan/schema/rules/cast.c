/* Which casts there are between types, and which expressions are constants: what can be told without a server. */
#include "plan/schema/rules/alter.h"

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

static bool ends_with(const char *string, const char *ending)
{
    size_t length = strlen(string), ending_length = strlen(ending);

    return length >= ending_length && strcmp(string + length - ending_length, ending) == 0;
}

static enum family family_of(const char *type)
{
    for (size_t i = 0; i < array_length(families); i++)
        if (strcmp(families[i].type, type) == 0)
            return families[i].family;
    return ends_with(type, ".citext") ? FAMILY_STRING : FAMILY_NONE;
}

/* Two types, without modifiers, and of the elements where both are arrays. */
struct conversion {
    struct text from, to;
    enum family from_family, to_family;
};

static struct conversion conversion_of(const char *old_type, const char *new_type)
{
    struct conversion conversion = {.from = {0}};

    base_type(&conversion.from, old_type);
    base_type(&conversion.to, new_type);
    if (ends_with(conversion.from.data, "[]") && ends_with(conversion.to.data, "[]")) {
        conversion.from.data[conversion.from.length -= 2] = '\0';
        conversion.to.data[conversion.to.length -= 2] = '\0';
    }
    conversion.from_family = family_of(conversion.from.data);
    conversion.to_family = family_of(conversion.to.data);
    return conversion;
}

static void conversion_free(struct conversion *conversion)
{
    text_free(&conversion->from);
    text_free(&conversion->to);
}

static bool is_boolean(const struct text *type)
{
    return strcmp(type->data, "boolean") == 0;
}

/* A cast through text is always there; a direct one keeps more and is faster. A boolean has one to integer alone. */
void append_cast(struct text *sql, const char *old_type, const char *new_type)
{
    cleanup(conversion_free) struct conversion conversion = conversion_of(old_type, new_type);
    bool direct = strcmp(conversion.from.data, conversion.to.data) == 0 || conversion.from_family == FAMILY_STRING ||
                  conversion.to_family == FAMILY_STRING ||
                  (conversion.from_family != FAMILY_NONE && conversion.from_family == conversion.to_family);

    if ((is_boolean(&conversion.from) && conversion.to_family == FAMILY_NUMBER) ||
        (is_boolean(&conversion.to) && conversion.from_family == FAMILY_NUMBER))
        text_append(sql, "::integer");
    else if (!direct)
        text_append(sql, "::text");
    text_appendf(sql, "::%s", new_type);
}

char *cast_expression(const char *column, const char *old_type, const char *new_type)
{
    cleanup(text_free) struct text sql = {0};

    quote_identifier(&sql, column);
    append_cast(&sql, old_type, new_type);
    return text_take(&sql);
}

static size_t number_rank(const char *type)
{
    static const char *const ranks[] = {"smallint", "integer", "bigint", "real", "double precision", "numeric"};
    size_t i = 0;

    while (i < array_length(ranks) && strcmp(ranks[i], type) != 0)
        i++;
    return i;
}

/* Is there a value that the cast fails on? Text in any form, and numbers that become smaller. */
bool cast_may_fail(const char *old_type, const char *new_type)
{
    cleanup(conversion_free) struct conversion conversion = conversion_of(old_type, new_type);
    bool limited = strchr(new_type, '(') != NULL;

    if (conversion.to_family == FAMILY_STRING)
        return false;
    if (conversion.from_family == FAMILY_NUMBER && conversion.to_family == FAMILY_NUMBER)
        return limited || number_rank(conversion.from.data) > number_rank(conversion.to.data);
    if (is_boolean(&conversion.from) && conversion.to_family == FAMILY_NUMBER)
        return limited;
    if (is_boolean(&conversion.to) && conversion.from_family == FAMILY_NUMBER)
        return number_rank(conversion.from.data) > number_rank("integer");
    if (strcmp(conversion.from.data, conversion.to.data) == 0)
        return false;
    return conversion.from_family == FAMILY_NONE || conversion.from_family != conversion.to_family;
}

bool cast_is_implied(const char *old_type, const char *new_type)
{
    cleanup(conversion_free) struct conversion conversion = conversion_of(old_type, new_type);

    return strcmp(old_type, new_type) == 0 || (strchr(new_type, '(') == NULL && !is_boolean(&conversion.from) &&
                                               !is_boolean(&conversion.to) && !cast_may_fail(old_type, new_type));
}

bool cast_may_merge(const char *old_type, const char *new_type)
{
    cleanup(conversion_free) struct conversion conversion = conversion_of(old_type, new_type);
    bool limited = strchr(new_type, '(') != NULL, integers = number_rank(conversion.from.data) <= number_rank("bigint");

    if (limited)
        return true;
    if (conversion.from_family == FAMILY_NUMBER && conversion.to_family == FAMILY_NUMBER)
        return !integers || (strcmp(conversion.to.data, "numeric") != 0 &&
                             number_rank(conversion.from.data) > number_rank(conversion.to.data));
    return conversion.to_family != FAMILY_STRING || ends_with(conversion.to.data, ".citext");
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
    size_t open = 0, casts = 0;
    bool string = false;

    for (; *p == '('; p++)
        open++;
    if (*p == '\'') {
        string = true;
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
            if (string && ++casts > 1) /* ('now'::text)::date: the second one is done when the row comes */
                return false;
        } else {
            return false;
        }
    }
    return p != NULL && open == 0;
}

/* --- Columns in an expression --- */

static bool is_name_character(char character)
{
    return isalnum((unsigned char)character) || character == '_' || character == '$' ||
           (unsigned char)character >= 0x80;
}

/* The end of the quoted or plain name that starts at p. */
static const char *skip_name(const char *p)
{
    if (*p != '"') {
        while (is_name_character(*p))
            p++;
        return p;
    }
    for (p++; *p != '\0'; p++)
        if (*p == '"' && *++p != '"')
            break;
    return p;
}

/* The server writes columns of the own table as bare names; what has a dot beside it, a bracket behind it or a cast in
 * front of it is something else. */
char *replace_columns(const char *expression, char *(*replacement)(void *context, const char *quoted_name),
                      void *context)
{
    cleanup(text_free) struct text sql = {0};
    char before = ' ';

    for (const char *p = expression; *p != '\0';) {
        const char *end = p + 1;

        if (*p == '\'') {
            const char *string_end = skip_string(p);
            end = string_end != NULL ? string_end : p + strlen(p);
        } else if (*p == '"' || (is_name_character(*p) && !isdigit((unsigned char)*p))) {
            end = skip_name(p);
            cleanup(free_string) char *name = copy_bytes(p, (size_t)(end - p));
            cleanup(free_string) char *value =
                before != '.' && before != ':' && *end != '.' && *end != '(' ? replacement(context, name) : NULL;
            if (value != NULL) {
                text_appendf(&sql, "(%s)", value);
                before = ')';
                p = end;
                continue;
            }
        } else if (isdigit((unsigned char)*p)) {
            while (is_name_character(*end) || *end == '.')
                end++;
        }
        text_append_bytes(&sql, p, (size_t)(end - p));
        before = end[-1];
        p = end;
    }
    return text_take(&sql);
}
