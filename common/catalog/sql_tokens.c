/* Splits SQL into tokens. */
#include "common/catalog/sql_tokens.h"

#include "common/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char operator_characters[] = "+-*/<>=~!@#%^&|`?:";

static bool starts_word(char character)
{
    return isalpha((unsigned char)character) || character == '_' || (unsigned char)character >= 0x80;
}

static bool continues_word(char character)
{
    return starts_word(character) || isdigit((unsigned char)character) || character == '$';
}

/* Past the closing quote, or NULL. A doubled quote does not close; with `escapes`, nor does one after a backslash. */
static const char *skip_quoted(const char *at, char quote, bool escapes)
{
    for (at++; *at != '\0'; at++) {
        if ((escapes && *at == '\\' && at[1] != '\0') || (*at == quote && at[1] == quote))
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return NULL;
}

/* The length of `$tag$` at `at`; 0 where there is none. */
static size_t dollar_tag(const char *at)
{
    size_t length = 1;

    if (at[length] != '$' && !starts_word(at[length]))
        return 0;
    while (at[length] != '$')
        if (!continues_word(at[length]) || at[length++] == '\0')
            return 0;
    return length + 1;
}

static const char *skip_dollar_quoted(const char *at, size_t tag)
{
    for (const char *end = at + tag; (end = strchr(end, '$')) != NULL; end++)
        if (strncmp(end, at, tag) == 0)
            return end + tag;
    return NULL;
}

static const char *skip_comment(const char *at)
{
    size_t depth = 0;

    if (at[0] == '-')
        return at + strcspn(at, "\n");
    for (; *at != '\0'; at++) {
        if (at[0] == '/' && at[1] == '*') {
            depth++;
            at++;
        } else if (at[0] == '*' && at[1] == '/') {
            at++;
            if (--depth == 0)
                return at + 1;
        }
    }
    return NULL;
}

static bool starts_comment(const char *at)
{
    return (at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*');
}

static const char *skip_operator(const char *at)
{
    do
        at++;
    while (*at != '\0' && strchr(operator_characters, *at) != NULL && !starts_comment(at));
    return at;
}

static const char *skip_number(const char *at)
{
    while (isalnum((unsigned char)*at) || *at == '.' || *at == '_' ||
           ((*at == '+' || *at == '-') && (at[-1] == 'e' || at[-1] == 'E')))
        at++;
    return at;
}

/* E'', B'', X'', N'' and U&'': the letter belongs to the string. */
static size_t string_prefix(const char *at)
{
    if (strchr("EeBbXxNn", *at) != NULL && at[1] == '\'')
        return 1;
    return (*at == 'U' || *at == 'u') && at[1] == '&' && at[2] == '\'' ? 2 : 0;
}

/* Past the token at `at`, or NULL where it does not end. */
static const char *skip_token(const char *at, enum sql_token_kind *kind)
{
    size_t prefix = string_prefix(at), tag;

    *kind = SQL_TOKEN_STRING;
    if (at[prefix] == '\'')
        return skip_quoted(at + prefix, '\'', *at == 'E' || *at == 'e');
    if (*at == '$' && (tag = dollar_tag(at)) > 0)
        return skip_dollar_quoted(at, tag);
    *kind = SQL_TOKEN_QUOTED;
    if (*at == '"')
        return skip_quoted(at, '"', false);
    *kind = SQL_TOKEN_PARAMETER;
    if (*at == '$' && isdigit((unsigned char)at[1]))
        return skip_number(at + 1);
    *kind = SQL_TOKEN_NUMBER;
    if (isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1])))
        return skip_number(at);
    *kind = SQL_TOKEN_WORD;
    if (starts_word(*at)) {
        while (continues_word(*at))
            at++;
        return at;
    }
    *kind = SQL_TOKEN_OPERATOR;
    if (strchr(operator_characters, *at) != NULL)
        return skip_operator(at);
    *kind = SQL_TOKEN_SYMBOL;
    return at + 1;
}

static void pair_parentheses(struct sql_tokens *tokens)
{
    size_t *open = allocate(tokens->count + 1, sizeof *open), depth = 0;

    for (size_t i = 0; i < tokens->count; i++) {
        struct sql_token *token = &tokens->items[i];

        if (sql_token_is(token, "(")) {
            open[depth++] = i;
        } else if (sql_token_is(token, ")") && depth > 0) {
            token->partner = open[--depth];
            tokens->items[token->partner].partner = i;
        }
    }
    free(open);
}

bool sql_tokens_read(struct sql_tokens *tokens, const char *sql)
{
    const char *at = sql, *end;

    *tokens = (struct sql_tokens){0};
    for (; at != NULL && *at != '\0'; at = end) {
        struct sql_token token = {.text = at, .partner = tokens->count};

        if (isspace((unsigned char)*at)) {
            end = at + 1;
            continue;
        }
        if (starts_comment(at)) {
            end = skip_comment(at);
            continue;
        }
        end = skip_token(at, &token.kind);
        if (end == NULL)
            break;
        token.length = (size_t)(end - at);
        array_reserve((void **)&tokens->items, &tokens->capacity, tokens->count + 1, sizeof *tokens->items);
        tokens->items[tokens->count++] = token;
    }
    pair_parentheses(tokens);
    return at != NULL && *at == '\0';
}

void sql_tokens_free(struct sql_tokens *tokens)
{
    free(tokens->items);
    *tokens = (struct sql_tokens){0};
}

static bool is_text(const struct sql_token *token, const char *text, size_t length)
{
    return (token->kind == SQL_TOKEN_WORD || token->kind == SQL_TOKEN_SYMBOL || token->kind == SQL_TOKEN_OPERATOR) &&
           token->length == length && memcmp(token->text, text, length) == 0;
}

bool sql_token_is(const struct sql_token *token, const char *text)
{
    return is_text(token, text, strlen(text));
}

const char *sql_string_value(const struct sql_token *token, size_t *length, bool *escapes)
{
    size_t prefix = string_prefix(token->text), tag = *token->text == '$' ? dollar_tag(token->text) : 0;

    *escapes = *token->text == 'E' || *token->text == 'e';
    *length = tag > 0 ? token->length - 2 * tag : token->length - prefix - 2;
    return token->text + (tag > 0 ? tag : prefix + 1);
}

static bool matches_at(const struct sql_tokens *tokens, size_t first, const char *sequence)
{
    for (size_t i = first; *sequence != '\0'; i++) {
        size_t length = strcspn(sequence, " ");

        if (i >= tokens->count)
            return false;
        if (!is_text(&tokens->items[i], sequence, length))
            return false;
        sequence += length;
        sequence += strspn(sequence, " ");
    }
    return true;
}

bool sql_tokens_hold(const struct sql_tokens *tokens, const char *sequence)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (matches_at(tokens, i, sequence))
            return true;
    return false;
}

size_t sql_item_end(const struct sql_token *tokens, size_t first, size_t end)
{
    size_t brackets = 0;

    for (size_t i = first; i<end; i = tokens[i].partner> i ? tokens[i].partner + 1 : i + 1) {
        if (sql_token_is(&tokens[i], ",") && brackets == 0)
            return i;
        brackets += sql_token_is(&tokens[i], "[");
        brackets -= sql_token_is(&tokens[i], "]") && brackets > 0;
    }
    return end;
}

size_t sql_list_items(struct arena *arena, const struct sql_tokens *tokens, size_t open, const char ***items)
{
    size_t close = open < tokens->count ? tokens->items[open].partner : open, count = 0;

    if (close <= open)
        return 0;
    *items = arena_allocate(arena, close - open, sizeof **items);
    for (size_t from = open + 1, end; from < close; from = end + 1) {
        const char *text = tokens->items[from].text;

        end = sql_item_end(tokens->items, from, close);
        (*items)[count++] = arena_bytes(arena, text, (size_t)(tokens->items[end].text - text));
    }
    return count;
}
