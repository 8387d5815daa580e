/*
 * A cursor over the tokens of SQL: for reading the definitions in pg_dump's archives. The parsers of the entries take
 * what they know and refuse the rest.
 */
#pragma once

#include "common/arena.h"
#include "common/catalog/sql_tokens.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>

/* A stretch of tokens. Both ends move freely: a part of a text is a cursor of its own. */
struct cursor {
    const struct sql_token *at, *end;
};

/* The tokens of a NUL-terminated text, in the arena; they refer to the text. False where a quote or comment does not
 * end. */
bool dump_tokens_read(struct arena *arena, const char *text, struct cursor *cursor) must_check;

bool cursor_done(const struct cursor *cursor);

/* The text from the first token of the cursor to its last, as it stands. */
char *cursor_text(struct arena *arena, struct cursor cursor);

/*
 * The same with the line end that may come first: the text of a group from its bracket on, and else from one character
 * behind the token before the cursor. pg_get_expr() begins a CASE with a line end.
 */
char *cursor_expression(struct arena *arena, struct cursor cursor);

/* Each takes what it names, if that comes next, and says whether it did; else the cursor stays. */
bool cursor_words(struct cursor *cursor, const char *words); /* key words with one space between them */
bool cursor_symbol(struct cursor *cursor, char symbol);
bool cursor_operator(struct cursor *cursor, const char *characters);
bool cursor_name(struct cursor *cursor, struct arena *arena, const char **name); /* unquoted, folded */
bool cursor_qualified(struct cursor *cursor, struct arena *arena, const char **schema, const char **name);
bool cursor_string(struct cursor *cursor, struct arena *arena, const char **value); /* decoded */
bool cursor_group(struct cursor *cursor, struct cursor *inside);                    /* ( … ), or [ … ] */
bool cursor_one(struct cursor *cursor, struct cursor *token);                       /* one token, whatever it is */

/* What comes before the next `symbol` outside of brackets (or all that is left); the symbol is skipped. */
struct cursor cursor_until_symbol(struct cursor *cursor, char symbol);

/* What comes before the first of the phrases (each as for cursor_words) outside of brackets, or all that is left; the
 * phrase is not skipped. The list ends in NULL. */
struct cursor cursor_until_words(struct cursor *cursor, const char *const *phrases);

/* Is the token this key word? */
bool token_is_word(const struct sql_token *token, const char *word);
bool token_is_symbol(const struct sql_token *token, char symbol);

/* A string token's value. */
char *token_string(struct arena *arena, const struct sql_token *token);
