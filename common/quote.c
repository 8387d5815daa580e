/* The one place where names and values become SQL text. */
#include "common/quote.h"

#include "common/memory.h"

#include <stdbool.h>

/*
 * The key words that quote_ident() quotes: every one that is not "unreserved" in any of PostgreSQL 10 to 18
 * (select word from pg_get_keywords() where catcode <> 'U'), sorted.
 */
static const char *const key_words[] = {
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
};

static int compare_words(const void *name, const void *word)
{
    return strcmp(name, *(const char *const *)word);
}

static bool needs_quotes(const char *name)
{
    if (!((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_'))
        return true;
    for (const char *at = name; *at != '\0'; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
            return true;
    return bsearch(name, key_words, array_length(key_words), sizeof key_words[0], compare_words) != NULL;
}

static void append_doubling(struct text *sql, const char *string, char quote, bool backslashes)
{
    text_append_char(sql, quote);
    for (const char *at = string; *at != '\0'; at++) {
        if (*at == quote || (backslashes && *at == '\\'))
            text_append_char(sql, *at);
        text_append_char(sql, *at);
    }
    text_append_char(sql, quote);
}

void quote_identifier(struct text *sql, const char *name)
{
    if (needs_quotes(name))
        append_doubling(sql, name, '"', false);
    else
        text_append(sql, name);
}

void quote_qualified(struct text *sql, const char *schema, const char *name)
{
    if (schema != NULL) {
        quote_identifier(sql, schema);
        text_append_char(sql, '.');
    }
    quote_identifier(sql, name);
}

void quote_literal(struct text *sql, const char *value)
{
    bool backslashes = strchr(value, '\\') != NULL;

    if (backslashes)
        text_append(sql, " E");
    append_doubling(sql, value, '\'', backslashes);
}
