/* Splits SQL text into tokens, and walks over them. */
#include "plan/dump/tokens.h"

#include "common/memory.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

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
        if (escapes && *at == '\\' && at[1] != '\0')
            at++;
        else if (*at == quote && at[1] == quote)
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
static const char *skip_token(const char *at, enum token_kind *kind)
{
    size_t prefix = string_prefix(at), tag;

    *kind = TOKEN_STRING;
    if (at[prefix] == '\'')
        return skip_quoted(at + prefix, '\'', *at == 'E' || *at == 'e');
    if (*at == '$' && (tag = dollar_tag(at)) > 0)
        return skip_dollar_quoted(at, tag);
    *kind = TOKEN_IDENTIFIER;
    if (*at == '"')
        return skip_quoted(at, '"', false);
    *kind = TOKEN_PARAMETER;
    if (*at == '$' && isdigit((unsigned char)at[1]))
        return skip_number(at + 1);
    *kind = TOKEN_NUMBER;
    if (isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1])))
        return skip_number(at);
    *kind = TOKEN_WORD;
    if (starts_word(*at)) {
        while (continues_word(*at))
            at++;
        return at;
    }
    *kind = TOKEN_OPERATOR;
    if (strchr(operator_characters, *at) != NULL)
        return skip_operator(at);
    *kind = TOKEN_SYMBOL;
    return at + 1;
}

bool dump_tokens_read(struct arena *arena, const char *text, struct cursor *cursor)
{
    struct token *tokens = NULL;
    size_t count = 0, capacity = 0;
    bool good = true;

    for (const char *at = text; good && *at != '\0';) {
        if (isspace((unsigned char)*at)) {
            at++;
            continue;
        }
        enum token_kind kind = TOKEN_SYMBOL;
        bool comment = starts_comment(at);
        const char *end = comment ? skip_comment(at) : skip_token(at, &kind);
        good = end != NULL;
        if (good && !comment) {
            array_reserve((void **)&tokens, &capacity, count + 1, sizeof *tokens);
            tokens[count++] = (struct token){at, (size_t)(end - at), kind};
        }
        at = end;
    }
    if (good) {
        struct token *kept = arena_allocate(arena, count + 1, sizeof *kept);
        for (size_t i = 0; i < count; i++)
            kept[i] = tokens[i];
        *cursor = (struct cursor){kept, kept + count};
    }
    free(tokens);
    return good;
}

bool cursor_done(const struct cursor *cursor)
{
    return cursor->at == cursor->end;
}

char *cursor_text(struct arena *arena, struct cursor cursor)
{
    if (cursor_done(&cursor))
        return arena_string(arena, "");
    const struct token *last = cursor.end - 1;
    return arena_bytes(arena, cursor.at->start, (size_t)(last->start + last->length - cursor.at->start));
}

char *cursor_expression(struct arena *arena, struct cursor cursor)
{
    if (cursor_done(&cursor))
        return arena_string(arena, "");
    const struct token *before = cursor.at - 1, *last = cursor.end - 1;
    const char *start = before->start + before->length + !token_is_symbol(before, '(');
    if (start > cursor.at->start)
        start = cursor.at->start;
    return arena_bytes(arena, start, (size_t)(last->start + last->length - start));
}

bool token_is_word(const struct token *token, const char *word)
{
    return token->kind == TOKEN_WORD && strlen(word) == token->length &&
           strncasecmp(token->start, word, token->length) == 0;
}

bool token_is_symbol(const struct token *token, char symbol)
{
    return token->kind == TOKEN_SYMBOL && *token->start == symbol;
}

bool cursor_words(struct cursor *cursor, const char *words)
{
    const struct token *at = cursor->at;

    for (const char *word = words; *word != '\0'; at++) {
        size_t length = strcspn(word, " ");
        if (at == cursor->end || at->kind != TOKEN_WORD || at->length != length ||
            strncasecmp(at->start, word, length) != 0)
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
    if (cursor_done(cursor) || cursor->at->kind != TOKEN_OPERATOR || cursor->at->length != strlen(characters) ||
        strncmp(cursor->at->start, characters, cursor->at->length) != 0)
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
    const struct token *token = cursor->at;
    if (token->kind == TOKEN_IDENTIFIER) {
        *name = undouble(arena, token->start + 1, token->length - 2, '"');
    } else if (token->kind == TOKEN_WORD) {
        char *folded = arena_bytes(arena, token->start, token->length);
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
                *to++ = letter != NULL ? meanings[letter - letters] : *at;
                at++;
            }
        }
    }
    return value;
}

char *token_string(struct arena *arena, const struct token *token)
{
    const char *start = token->start;
    size_t prefix = string_prefix(start), length = token->length;

    if (*start == '$') {
        size_t tag = dollar_tag(start);
        return arena_bytes(arena, start + tag, length - 2 * tag);
    }
    if (*start == 'E' || *start == 'e')
        return unescape(arena, start + prefix + 1, start + length - 1);
    return undouble(arena, start + prefix + 1, length - prefix - 2, '\'');
}

bool cursor_string(struct cursor *cursor, struct arena *arena, const char **value)
{
    if (cursor_done(cursor) || cursor->at->kind != TOKEN_STRING)
        return false;
    *value = token_string(arena, cursor->at++);
    return true;
}

static int bracket(const struct token *token)
{
    if (token->kind != TOKEN_SYMBOL)
        return 0;
    return *token->start == '(' || *token->start == '[' ? 1 : *token->start == ')' || *token->start == ']' ? -1 : 0;
}

bool cursor_group(struct cursor *cursor, struct cursor *inside)
{
    if (cursor_done(cursor) || bracket(cursor->at) != 1)
        return false;
    int depth = 0;
    for (const struct token *at = cursor->at; at < cursor->end; at++) {
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
