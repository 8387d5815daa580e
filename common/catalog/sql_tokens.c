/* Splits SQL as a server prints it into tokens. */
#include "common/catalog/sql_tokens.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_operator(char c)
{
    return c != '\0' && strchr("+-*/<>=~!@#%^&|`?", c) != NULL;
}

/* Past the closing quote; a doubled one belongs to what is quoted. */
static const char *quoted_end(const char *at, bool backslashes)
{
    char quote = *at++;

    for (; *at != '\0'; at++) {
        if ((backslashes && *at == '\\' && at[1] != '\0') || (*at == quote && at[1] == quote))
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return at;
}

/* Past $tag$…$tag$, or NULL where no such string begins. */
static const char *dollar_end(const char *at)
{
    const char *tag_end = at + 1;

    while (is_word_start(*tag_end) || (is_digit(*tag_end) && tag_end > at + 1))
        tag_end++;
    if (*tag_end != '$')
        return NULL;
    size_t length = (size_t)(++tag_end - at);
    for (const char *found = tag_end; (found = strchr(found, '$')) != NULL; found++)
        if (strncmp(found, at, length) == 0)
            return found + length;
    return tag_end + strlen(tag_end);
}

static const char *token_end(const char *at, enum sql_token_kind *kind)
{
    const char *end = at;

    if (*at == '\'' || ((*at == 'E' || *at == 'e') && at[1] == '\'')) {
        *kind = SQL_TOKEN_STRING;
        return quoted_end(*at == '\'' ? at : at + 1, *at != '\'');
    }
    if (*at == '"') {
        *kind = SQL_TOKEN_QUOTED;
        return quoted_end(at, false);
    }
    if (*at == '$' && (end = dollar_end(at)) != NULL) {
        *kind = SQL_TOKEN_STRING;
        return end;
    }
    end = at;
    if (is_word_start(*at)) {
        *kind = SQL_TOKEN_WORD;
        while (is_word_start(*end) || is_digit(*end) || *end == '$')
            end++;
    } else if (is_digit(*at)) {
        *kind = SQL_TOKEN_NUMBER;
        while (is_digit(*end) || *end == '.' || is_word_start(*end) ||
               ((*end == '+' || *end == '-') && (end[-1] == 'e' || end[-1] == 'E')))
            end++;
    } else {
        *kind = SQL_TOKEN_SYMBOL;
        if (at[0] == ':' && at[1] == ':')
            return at + 2;
        while (is_operator(*end))
            end++;
        if (end == at)
            end++;
    }
    return end;
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

void sql_tokens_read(struct sql_tokens *tokens, const char *sql)
{
    *tokens = (struct sql_tokens){0};
    for (const char *at = sql; *at != '\0';) {
        if (is_space(*at)) {
            at++;
            continue;
        }
        struct sql_token token = {.text = at, .partner = tokens->count};
        const char *end = token_end(at, &token.kind);

        token.length = (size_t)(end - at);
        at = end;
        array_reserve((void **)&tokens->items, &tokens->capacity, tokens->count + 1, sizeof *tokens->items);
        tokens->items[tokens->count++] = token;
    }
    pair_parentheses(tokens);
}

void sql_tokens_free(struct sql_tokens *tokens)
{
    free(tokens->items);
    *tokens = (struct sql_tokens){0};
}

bool sql_token_is(const struct sql_token *token, const char *text)
{
    return (token->kind == SQL_TOKEN_WORD || token->kind == SQL_TOKEN_SYMBOL) && strlen(text) == token->length &&
           memcmp(token->text, text, token->length) == 0;
}

static bool matches_at(const struct sql_tokens *tokens, size_t first, const char *sequence)
{
    for (size_t i = first; *sequence != '\0'; i++) {
        size_t length = strcspn(sequence, " ");

        if (i >= tokens->count)
            return false;
        const struct sql_token *token = &tokens->items[i];
        if ((token->kind != SQL_TOKEN_WORD && token->kind != SQL_TOKEN_SYMBOL) || token->length != length ||
            memcmp(token->text, sequence, length) != 0)
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
