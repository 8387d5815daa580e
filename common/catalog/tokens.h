/* The tokens of SQL as a server prints it: for comparing and searching definitions, not for understanding them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_WORD,   /* key word or plain identifier */
    TOKEN_QUOTED, /* quoted identifier, with its quotes */
    TOKEN_STRING, /* with its quotes: '…', E'…', $tag$…$tag$ */
    TOKEN_NUMBER,
    TOKEN_SYMBOL, /* a punctuation mark, `::`, or an operator */
};

struct token {
    enum token_kind kind;
    const char *text; /* in the SQL, which must outlive the tokens */
    size_t length;
    size_t partner; /* of a parenthesis that has one, the number of the other; else its own */
};

struct tokens {
    struct token *items;
    size_t count, capacity;
};

void tokens_read(struct tokens *tokens, const char *sql);
void tokens_free(struct tokens *tokens); /* also for the cleanup attribute */

/* Is it this word (in this case, not quoted) or symbol? */
bool token_is(const struct token *token, const char *text);

/* Does the SQL hold these words and symbols, separated by spaces, one after the other, outside of strings? */
bool tokens_hold(const struct tokens *tokens, const char *sequence);
