/* What the files of plan/renames share. Private to plan/renames. */
#pragma once

#include "common/catalog/sql_tokens.h"
#include "plan/renames/renames.h"

enum { RENAME_PARTS = 3 };

/* `[schema.]table[.column]` in its parts, unquoted. */
struct rename_name {
    const char *parts[RENAME_PARTS];
    size_t count;
};

enum { OLD, NEW };

/* names: OLD and NEW. The texts are the arena's. ERROR_USAGE where it is no `OLD=NEW`. */
bool rename_parse(struct arena *arena, const char *option, struct rename_name names[2], struct error *err) must_check;

/* The table by its old name; NULL where it is not renamed. */
struct renamed_table *renamed_table_of(const struct renames *renames, const char *schema, const char *name);
const char *renamed_column_name(const struct renamed_table *table, const char *name); /* its own where it stays */

/* order.c: the statements, in an order in which each new name is free. */
void renames_order(struct renames *renames, const struct catalog *standin, const struct object *const *old,
                   const struct object *const *new, size_t count);

/* What a text is, and whose columns it names without their table. */
enum naming {
    NAMES_TABLES,    /* nobody's */
    NAMES_COLUMN,    /* an identity: a third name is a column's */
    NAMES_COLUMNS,   /* an expression, or a constraint */
    NAMES_OF_INDEX,  /* after USING */
    NAMES_OF_EVENT,  /* a trigger: UPDATE OF …, old and new */
    NAMES_BETWEEN,   /* statistics: ON … FROM */
    NAMES_IN_QUERIES /* a query: through the names of tables */
};

/*
 * rewrite_text.c: appends the SQL with the new names. own: the table whose columns are meant, or NULL. *sure is cleared
 * where the server may word it otherwise. False, and nothing appended, where the text has none of the names.
 */
bool rewrite_text(struct text *to, const struct renames *renames, const char *sql, enum naming naming,
                  const struct renamed_table *own, bool *sure);

/* Are they the same but for white space and the quotes of identifiers? */
bool same_tokens(const char *a, const char *b);
char *token_name(const struct sql_token *token); /* an identifier without its quotes; free() it */
