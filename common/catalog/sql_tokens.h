/*
 * The tokens of SQL: for comparing and searching definitions as a server prints them, and for reading those in
 * pg_dump's archives. Knows comments, every form of quotes, dollar quotes and brackets, and no grammar.
 */
#pragma once

#include "common/arena.h"

#include <stdbool.h>

enum sql_token_kind {
    SQL_TOKEN_WORD,   /* key word or plain identifier */
    SQL_TOKEN_QUOTED, /* quoted identifier, with its quotes */
    SQL_TOKEN_STRING, /* with its quotes: '…', E'…', $tag$…$tag$ */
    SQL_TOKEN_NUMBER,
    SQL_TOKEN_OPERATOR,  /* one or more of + - * / < > = ~ ! @ # % ^ & | ` ? : */
    SQL_TOKEN_SYMBOL,    /* one of ( ) [ ] , ; . and whatever else */
    SQL_TOKEN_PARAMETER, /* $1 */
};

struct sql_token {
    enum sql_token_kind kind;
    const char *text; /* in the SQL, which must outlive the tokens */
    size_t length;
    size_t partner; /* of a parenthesis that has one, the number of the other; else its own */
};

struct sql_tokens {
    struct sql_token *items;
    size_t count, capacity;
};

/* False where a quote or comment does not end: the tokens before it are there. */
bool sql_tokens_read(struct sql_tokens *tokens, const char *sql);
void sql_tokens_free(struct sql_tokens *tokens); /* also for the cleanup attribute */

/* Is it this word (in this case, not quoted), operator or symbol? */
bool sql_token_is(const struct sql_token *token, const char *text);

/* Does the SQL hold these words and symbols, separated by spaces, one after the other, outside of strings? */
bool sql_tokens_hold(const struct sql_tokens *tokens, const char *sequence);

/* Of the tokens in [first, end), the first comma that is in no parentheses or brackets; end where there is none. */
size_t sql_item_end(const struct sql_token *tokens, size_t first, size_t end);

/* The texts between the commas of the list in the parenthesis with this number; 0 where it is none or does not end. */
size_t sql_list_items(struct arena *arena, const struct sql_tokens *tokens, size_t open, const char ***items);

/* Where the value of a string token begins and ends, before anything is unescaped; *escapes: backslashes are. */
const char *sql_string_value(const struct sql_token *token, size_t *length, bool *escapes);
