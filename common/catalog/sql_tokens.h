/* The tokens of SQL as a server prints it: for comparing and searching definitions, not for understanding them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum sql_token_kind {
    SQL_TOKEN_WORD,   /* key word or plain identifier */
    SQL_TOKEN_QUOTED, /* quoted identifier, with its quotes */
    SQL_TOKEN_STRING, /* with its quotes: '…', E'…', $tag$…$tag$ */
    SQL_TOKEN_NUMBER,
    SQL_TOKEN_SYMBOL, /* a punctuation mark, `::`, or an operator */
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

void sql_tokens_read(struct sql_tokens *tokens, const char *sql);
void sql_tokens_free(struct sql_tokens *tokens); /* also for the cleanup attribute */

/* Is it this word (in this case, not quoted) or symbol? */
bool sql_token_is(const struct sql_token *token, const char *text);

/* Does the SQL hold these words and symbols, separated by spaces, one after the other, outside of strings? */
bool sql_tokens_hold(const struct sql_tokens *tokens, const char *sequence);
