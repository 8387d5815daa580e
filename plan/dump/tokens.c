/* Walks over the tokens of a definition. */
#include "plan/dump/tokens.h"

#include "common/memory.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool dump_tokens_read(struct arena *arena, const char *text, struct cursor *cursor)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    if (!sql_tokens_read(&tokens, text))
        return false;
    struct sql_token *kept = arena_allocate(arena, tokens.count + 1, sizeof *kept);
    for (size_t i = 0; i < tokens.count; i++)
        kept[i] = tokens.items[i];
    *cursor = (struct cursor){kept, kept + tokens.count};
    return true;
}

bool cursor_done(const struct cursor *cursor)
{
    return cursor->at == cursor->end;
}

char *cursor_text(struct arena *arena, struct cursor cursor)
{
    if (cursor_done(&cursor))
        return arena_string(arena, "");
    const struct sql_token *last = cursor.end - 1;
    return arena_bytes(arena, cursor.at->text, (size_t)(last->text + last->length - cursor.at->text));
}

char *cursor_expression(struct arena *arena, struct cursor cursor)
{
    if (cursor_done(&cursor))
        return arena_string(arena, "");
    const struct sql_token *before = cursor.at - 1, *last = cursor.end - 1;
    const char *start = before->text + before->length + !token_is_symbol(before, '(');
    if (start > cursor.at->text)
        start = cursor.at->text;
    return arena_bytes(arena, start, (size_t)(last->text + last->length - start));
}

bool token_is_word(const struct sql_token *token, const char *word)
{
    return token->kind == SQL_TOKEN_WORD && strlen(word) == token->length &&
           strncasecmp(token->text, word, token->length) == 0;
}

bool token_is_symbol(const struct sql_token *token, char symbol)
{
    return token->kind == SQL_TOKEN_SYMBOL && *token->text == symbol;
}

bool cursor_words(struct cursor *cursor, const char *words)
{
    const struct sql_token *at = cursor->at;

    for (const char *word = words; *word != '\0'; at++) {
        size_t length = strcspn(word, " ");
        if (at == cursor->end || at->kind != SQL_TOKEN_WORD || at->length != length ||
            strncasecmp(at->text, word, length) != 0)
            return false;
        word += length + (word[length] == ' ');
    }
    cursor->at = at;
    return true;
}

bool cursor_symbol(struct cursor *cursor, char symbol)
{
    if (cursor_done(cursor) || !token_is_symbol(cursor->at, symbol))
        return false;
    cursor->at++;
    return true;
}

bool cursor_operator(struct cursor *cursor, const char *characters)
{
    if (cursor_done(cursor) || cursor->at->kind != SQL_TOKEN_OPERATOR || cursor->at->length != strlen(characters) ||
        strncmp(cursor->at->text, characters, cursor->at->length) != 0)
        return false;
    cursor->at++;
    return true;
}

bool cursor_one(struct cursor *cursor, struct cursor *token)
{
    if (cursor_done(cursor))
        return false;
    *token = (struct cursor){cursor->at, cursor->at + 1};
    cursor->at++;
    return true;
}

/* Without the outer quotes, and with doubled ones single. */
static char *undouble(struct arena *arena, const char *start, size_t length, char quote)
{
    char *value = arena_allocate(arena, length + 1, 1), *to = value;

    for (size_t i = 0; i < length; i++) {
        if (start[i] == quote)
            i++;
        *to++ = start[i];
    }
    return value;
}

bool cursor_name(struct cursor *cursor, struct arena *arena, const char **name)
{
    if (cursor_done(cursor))
        return false;
    const struct sql_token *token = cursor->at;
    if (token->kind == SQL_TOKEN_QUOTED) {
        *name = undouble(arena, token->text + 1, token->length - 2, '"');
    } else if (token->kind == SQL_TOKEN_WORD) {
        char *folded = arena_bytes(arena, token->text, token->length);
        for (char *at = folded; *at != '\0'; at++)
            if (*at >= 'A' && *at <= 'Z')
                *at = (char)(*at - 'A' + 'a');
        *name = folded;
    } else {
        return false;
    }
    cursor->at++;
    return true;
}

bool cursor_qualified(struct cursor *cursor, struct arena *arena, const char **schema, const char **name)
{
    struct cursor before = *cursor;

    *schema = NULL;
    if (!cursor_name(cursor, arena, name))
        return false;
    if (!cursor_symbol(cursor, '.'))
        return true;
    *schema = *name;
    if (cursor_name(cursor, arena, name))
        return true;
    *cursor = before;
    return false;
}

static unsigned int digits_value(const char **at, const char *end, unsigned int base, size_t most)
{
    unsigned int value = 0;

    for (size_t i = 0; i < most && *at < end; i++, (*at)++) {
        char digit = (char)tolower((unsigned char)**at);
        unsigned int number = isdigit((unsigned char)digit)    ? (unsigned int)(digit - '0')
                              : isxdigit((unsigned char)digit) ? (unsigned int)(digit - 'a' + 10)
                                                               : base;
        if (number >= base)
            break;
        value = value * base + number;
    }
    return value;
}

static char *unescape(struct arena *arena, const char *at, const char *end)
{
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    char *value = arena_allocate(arena, (size_t)(end - at) + 1, 1), *to = value;

    while (at < end) {
        if (*at == '\'' && at + 1 < end) {
            *to++ = '\'';
            at += 2;
        } else if (*at != '\\' || at + 1 >= end) {
            *to++ = *at++;
        } else {
            const char *letter = strchr(letters, *++at);
            if (*at >= '0' && *at <= '7') {
                *to++ = (char)digits_value(&at, end, 8, 3);
            } else if (*at == 'x') {
                at++;
                *to++ = (char)digits_value(&at, end, 16, 2);
            } else {
                *to = *at++;
                if (letter != NULL)
                    *to = meanings[letter - letters];
                to++;
            }
        }
    }
    return value;
}

char *token_string(struct arena *arena, const struct sql_token *token)
{
    size_t length;
    bool escapes;
    const char *value = sql_string_value(token, &length, &escapes);

    if (*token->text == '$')
        return arena_bytes(arena, value, length);
    return escapes ? unescape(arena, value, value + length) : undouble(arena, value, length, '\'');
}

bool cursor_string(struct cursor *cursor, struct arena *arena, const char **value)
{
    if (cursor_done(cursor) || cursor->at->kind != SQL_TOKEN_STRING)
        return false;
    *value = token_string(arena, cursor->at++);
    return true;
}

static int bracket(const struct sql_token *token)
{
    if (token->kind != SQL_TOKEN_SYMBOL)
        return 0;
    return *token->text == '(' || *token->text == '[' ? 1 : *token->text == ')' || *token->text == ']' ? -1 : 0;
}

bool cursor_group(struct cursor *cursor, struct cursor *inside)
{
    if (cursor_done(cursor) || bracket(cursor->at) != 1)
        return false;
    int depth = 0;
    for (const struct sql_token *at = cursor->at; at < cursor->end; at++) {
        depth += bracket(at);
        if (depth == 0) {
            *inside = (struct cursor){cursor->at + 1, at};
            cursor->at = at + 1;
            return true;
        }
    }
    return false;
}

struct cursor cursor_until_symbol(struct cursor *cursor, char symbol)
{
    struct cursor part = {cursor->at, cursor->end};
    int depth = 0;

    for (; cursor->at < cursor->end; cursor->at++) {
        if (depth == 0 && token_is_symbol(cursor->at, symbol)) {
            part.end = cursor->at++;
            return part;
        }
        depth += bracket(cursor->at);
    }
    return part;
}

struct cursor cursor_until_words(struct cursor *cursor, const char *const *phrases)
{
    struct cursor part = {cursor->at, cursor->end};
    int depth = 0;

    for (; cursor->at < cursor->end; cursor->at++) {
        for (const char *const *phrase = phrases; depth == 0 && *phrase != NULL; phrase++) {
            struct cursor trial = *cursor;
            if (cursor_words(&trial, *phrase)) {
                part.end = cursor->at;
                return part;
            }
        }
        depth += bracket(cursor->at);
    }
    return part;
}
