/*
 * Queries within definitions, as they were written. A literal without a name is printed with a cast to its type; read
 * again, the cast would name it: EXISTS (SELECT 'x'::text) is then printed EXISTS (SELECT 'x'::text AS text). Without
 * the cast the server makes of it what it was.
 */
#include "plan/schema/rules/create.h"

#include "common/catalog/sql_tokens.h"
#include "common/memory.h"

static bool is_word_of(const struct sql_token *token, const char *const *words)
{
    for (; *words != NULL; words++)
        if (sql_token_is(token, *words))
            return true;
    return false;
}

/* The names of types, as format_type() prints them: what is in upper case is a key word of the query. */
static bool is_type(const struct sql_tokens *tokens, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const struct sql_token *token = &tokens->items[i];

        if (sql_token_is(token, "("))
            i = token->partner;
        else if (token->kind == SQL_TOKEN_WORD ? (*token->text >= 'A' && *token->text <= 'Z')
                                               : token->kind != SQL_TOKEN_QUOTED && !sql_token_is(token, ".") &&
                                                     !sql_token_is(token, "[") && !sql_token_is(token, "]"))
            return false;
    }
    return first < end;
}

enum { BIGINT_DIGITS = 18 }; /* as many fit in any case */

/* Of integers and numbers the server prints with quotes what is below zero, and what is large. */
static bool is_bare_number(const struct sql_token *literal, const char *type)
{
    const char *digits = literal->text + 1 + (literal->text[1] == '-');
    size_t length = (size_t)(literal->text + literal->length - 1 - digits);
    long long value = strtoll(literal->text + 1, NULL, 10);

    if (length == 0 || strspn(digits, "0123456789.") < length)
        return false;
    return strcmp(type, "integer") == 0 || (strcmp(type, "bigint") == 0 && (value > INT32_MAX || value < INT32_MIN)) ||
           (strcmp(type, "numeric") == 0 && (memchr(digits, '.', length) != NULL || length > BIGINT_DIGITS));
}

/* `'x'::text COLLATE "C"`: where the cast ends. */
static size_t end_of_cast(const struct sql_tokens *tokens, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (sql_token_is(&tokens->items[i], "COLLATE"))
            return i;
    return end;
}

/* Appends the column in [first, end) as it was written if it is a literal without a name. */
static bool append_unnamed(struct text *sql, const struct sql_tokens *tokens, size_t first, size_t end)
{
    if (sql_token_is(&tokens->items[first], "(") && tokens->items[first].partner + 1 == end) {
        first++;
        end--;
    }
    size_t cast_end = end_of_cast(tokens, first, end);
    const struct sql_token *literal = &tokens->items[first];
    bool string = literal->kind == SQL_TOKEN_STRING;

    if (cast_end < first + 3 || !(string || sql_token_is(literal, "NULL")) || !sql_token_is(&literal[1], "::") ||
        !is_type(tokens, first + 2, cast_end))
        return false;
    const struct sql_token *last = &tokens->items[cast_end - 1];
    char *type = copy_bytes(literal[2].text, (size_t)(last->text + last->length - literal[2].text));
    if (string && is_bare_number(literal, type)) {
        text_append_bytes(sql, literal->text + 1, literal->length - 2);
    } else {
        text_append(sql, string && strcmp(type, "\"bit\"") == 0 ? "B" : "");
        text_append_bytes(sql, literal->text, literal->length);
    }
    free(type);
    last = &tokens->items[end - 1];
    if (cast_end < end)
        text_appendf(sql, " %.*s", (int)(last->text + last->length - tokens->items[cast_end].text),
                     tokens->items[cast_end].text);
    return true;
}

/* Where the column that begins at `at` ends: at its comma, or with the list of columns. */
static size_t end_of_column(const struct sql_tokens *tokens, size_t at)
{
    static const char *const ends[] = {"FROM",  "WHERE", "GROUP",  "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT",
                                       "ORDER", "LIMIT", "OFFSET", "FETCH",  "FOR",    ")",     ";",         NULL};
    int brackets = 0;

    for (; at < tokens->count; at++) {
        const struct sql_token *token = &tokens->items[at];

        if (token->partner > at)
            at = token->partner;
        else if (sql_token_is(token, "["))
            brackets++;
        else if (sql_token_is(token, "]"))
            brackets--;
        else if (is_word_of(token, ends) || (brackets == 0 && sql_token_is(token, ",")))
            break;
    }
    return at;
}

/* DISTINCT, or DISTINCT ON (…). */
static size_t after_distinct(const struct sql_tokens *tokens, size_t at)
{
    if (!sql_token_is(&tokens->items[at], "DISTINCT"))
        return at;
    if (at + 2 < tokens->count && sql_token_is(&tokens->items[at + 1], "ON"))
        return tokens->items[at + 2].partner + 1;
    return at + 1;
}

/* Notes where the columns of each list end, at their beginnings; the others stay 0. */
static void find_columns(const struct sql_tokens *tokens, size_t *ends)
{
    static const char *const lists[] = {"SELECT", "RETURNING", NULL};

    for (size_t i = 0; i < tokens->count; i++) {
        bool more = is_word_of(&tokens->items[i], lists);

        for (size_t first = i + 1; more && first < tokens->count; first++) {
            first = after_distinct(tokens, first);
            size_t end = end_of_column(tokens, first);
            if (first < tokens->count)
                ends[first] = end;
            more = end < tokens->count && sql_token_is(&tokens->items[end], ",");
            first = end;
        }
    }
}

void append_query(struct text *sql, const char *definition)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};
    const char *from = definition;

    sql_tokens_read(&tokens, definition);
    size_t *ends = allocate(tokens.count + 1, sizeof *ends);
    find_columns(&tokens, ends);
    for (size_t i = 0; i < tokens.count; i++) {
        cleanup(text_free) struct text unnamed = {0};

        if (ends[i] == 0 || !append_unnamed(&unnamed, &tokens, i, ends[i]))
            continue;
        text_append_bytes(sql, from, (size_t)(tokens.items[i].text - from));
        text_append(sql, unnamed.data);
        from = tokens.items[ends[i] - 1].text + tokens.items[ends[i] - 1].length;
    }
    text_append(sql, from);
    free(ends);
}
