/* Gives tables and columns their new names in SQL as the server prints it. */
#include "plan/renames/parts.h"

#include "common/memory.h"
#include "common/quote.h"

/* What is known of the text while it is rewritten. */
struct rewriting {
    const struct renames *renames;
    struct sql_tokens tokens;
    enum naming naming;
    const struct renamed_table *own;
    const struct renamed_table *scope; /* whose columns go by their bare names here; NULL: nobody's */
    size_t referenced_end;             /* of the columns that REFERENCES names; 0: none */
    const char *sql, *copied;          /* copied: how far */
    struct text *to;
    bool changed, *sure;
};

static bool is_identifier(const struct sql_token *token)
{
    return token->kind == SQL_TOKEN_WORD || token->kind == SQL_TOKEN_QUOTED;
}

/* The server prints its own words in capitals, and names that have some in quotes. */
static bool is_key_word(const struct sql_token *token)
{
    return token->kind == SQL_TOKEN_WORD && token->text[0] >= 'A' && token->text[0] <= 'Z';
}

char *token_name(const struct sql_token *token)
{
    if (token->kind != SQL_TOKEN_QUOTED || token->length < 2)
        return copy_bytes(token->text, token->length);
    struct text name = {0};
    for (size_t i = 1; i + 1 < token->length; i++) {
        if (token->text[i] == '"')
            i++;
        text_append_char(&name, token->text[i]);
    }
    return text_take(&name);
}

static bool is_named(const struct sql_token *token, const char *name)
{
    cleanup(free_string) char *of = is_identifier(token) ? token_name(token) : copy_string("");

    return is_identifier(token) && strcmp(of, name) == 0;
}

bool same_tokens(const char *a, const char *b)
{
    cleanup(sql_tokens_free) struct sql_tokens left = {0}, right = {0};

    sql_tokens_read(&left, a);
    sql_tokens_read(&right, b);
    if (left.count != right.count)
        return false;
    for (size_t i = 0; i < left.count; i++) {
        const struct sql_token *one = &left.items[i], *other = &right.items[i];
        bool both = is_identifier(one) && is_identifier(other);
        cleanup(free_string) char *one_name = both ? token_name(one) : copy_bytes(one->text, one->length);
        cleanup(free_string) char *other_name = both ? token_name(other) : copy_bytes(other->text, other->length);

        if ((!both && one->kind != other->kind) || strcmp(one_name, other_name) != 0)
            return false;
    }
    return true;
}

/* --- Places in the text --- */

static bool is_at(const struct rewriting *rewriting, size_t i, const char *text)
{
    return i < rewriting->tokens.count && sql_token_is(&rewriting->tokens.items[i], text);
}

static bool is_before(const struct rewriting *rewriting, size_t i, const char *text)
{
    return i > 0 && is_at(rewriting, i - 1, text);
}

/* How many names are joined by dots from i on. */
static size_t chain_length(const struct rewriting *rewriting, size_t i)
{
    size_t length = 1;

    while (is_at(rewriting, i + 2 * length - 1, ".") && i + 2 * length < rewriting->tokens.count &&
           is_identifier(&rewriting->tokens.items[i + 2 * length]))
        length++;
    return length;
}

/* The renamed table that the chain begins with, schema and all. */
static const struct renamed_table *table_at(const struct rewriting *rewriting, size_t i, size_t length)
{
    const struct sql_token *tokens = rewriting->tokens.items;

    if (length < 2)
        return NULL;
    cleanup(free_string) char *schema = token_name(&tokens[i]), *name = token_name(&tokens[i + 2]);
    const struct renamed_table *table = renamed_table_of(rewriting->renames, schema, name);
    bool called = length == 2 && is_at(rewriting, i + 3, "(") && !is_before(rewriting, i, "REFERENCES") &&
                  !is_before(rewriting, i, "INTO");
    return called ? NULL : table; /* a function may have the table's name */
}

static void replace_token(struct rewriting *rewriting, size_t i, const char *name)
{
    const struct sql_token *token = &rewriting->tokens.items[i];

    if (is_named(token, name))
        return;
    text_append_bytes(rewriting->to, rewriting->copied, (size_t)(token->text - rewriting->copied));
    quote_identifier(rewriting->to, name);
    rewriting->copied = token->text + token->length;
    rewriting->changed = true;
}

/* --- Bare names of columns --- */

/* Names that stand where a column's could, and are something else. */
static bool is_other_name(const struct rewriting *rewriting, size_t i)
{
    static const char *const before[] = {"::", "AS", "COLLATE", "USING", "TABLESPACE", "NAME", "."};
    static const char *const in_types[] = {"varying", "precision", "with", "without", "time", "zone"};
    const struct sql_token *tokens = rewriting->tokens.items;
    size_t type = i;

    if (is_at(rewriting, i + 1, "(") || is_key_word(&tokens[i]))
        return true;
    for (size_t j = 0; j < array_length(before); j++)
        if (is_before(rewriting, i, before[j]))
            return true;
    if (is_before(rewriting, i, "(") && i > 1 && is_at(rewriting, i - 2, "EXTRACT"))
        return true;
    /* `::timestamp without time zone`: the words after the first. */
    for (bool in_type = true; in_type && type > 0;) {
        in_type = false;
        for (size_t j = 0; j < array_length(in_types); j++)
            in_type = in_type || sql_token_is(&tokens[type], in_types[j]);
        if (in_type && type > 1 && is_at(rewriting, type - 2, "::"))
            return true;
        type--;
    }
    return false;
}

/* Is it within the parentheses of a query? There, columns have their tables' names in front. */
static bool is_in_query(const struct rewriting *rewriting, size_t i)
{
    for (size_t j = i; j > 0; j--) {
        const struct sql_token *token = &rewriting->tokens.items[j - 1];

        if (is_at(rewriting, j - 1, "(") && token->partner > i && is_at(rewriting, j, "SELECT"))
            return true;
    }
    return false;
}

/* Which names are columns' from the token on. */
static void move_scope(struct rewriting *rewriting, size_t i)
{
    if (rewriting->referenced_end > 0 && i >= rewriting->referenced_end) {
        rewriting->referenced_end = 0;
        rewriting->scope = rewriting->own;
    }
    switch (rewriting->naming) {
    case NAMES_OF_INDEX:
        if (is_before(rewriting, i, "USING"))
            rewriting->scope = rewriting->own;
        break;
    case NAMES_OF_EVENT:
        if (is_before(rewriting, i, "OF"))
            rewriting->scope = rewriting->own;
        else if (is_at(rewriting, i, "ON"))
            rewriting->scope = NULL;
        break;
    case NAMES_BETWEEN:
        if (is_before(rewriting, i, "ON"))
            rewriting->scope = rewriting->own;
        else if (is_at(rewriting, i, "FROM"))
            rewriting->scope = NULL;
        break;
    default:
        break;
    }
}

static void refer(struct rewriting *rewriting, size_t i, const struct renamed_table *table)
{
    size_t open = i + 3;

    if (!is_before(rewriting, i, "REFERENCES") || !is_at(rewriting, open, "("))
        return;
    rewriting->scope = table;
    rewriting->referenced_end = rewriting->tokens.items[open].partner;
}

/* --- Names with their tables' in front --- */

static const struct renamed_table *table_called(const struct rewriting *rewriting, size_t i)
{
    if (rewriting->own != NULL && (is_named(&rewriting->tokens.items[i], rewriting->own->old_name) ||
                                   ((rewriting->naming == NAMES_OF_EVENT || rewriting->naming == NAMES_IN_QUERIES) &&
                                    (is_at(rewriting, i, "old") || is_at(rewriting, i, "new")))))
        return rewriting->own;
    if (rewriting->naming != NAMES_IN_QUERIES)
        return NULL;
    for (size_t j = 0; j < rewriting->renames->table_count; j++)
        if (is_named(&rewriting->tokens.items[i], rewriting->renames->tables[j]->old_name))
            return rewriting->renames->tables[j];
    return NULL;
}

/* Does the query give the table, which it names once, no other name? Then it goes by its own in the query. */
static bool goes_by_its_name(const struct rewriting *rewriting, const struct renamed_table *table)
{
    for (size_t i = 0; i < rewriting->tokens.count; i++) {
        size_t length = is_identifier(&rewriting->tokens.items[i]) ? chain_length(rewriting, i) : 1;
        const struct sql_token *after = i + 3 < rewriting->tokens.count ? &rewriting->tokens.items[i + 3] : NULL;

        if (length == 2 && table_at(rewriting, i, length) == table && after != NULL && is_identifier(after) &&
            !is_key_word(after))
            return false;
        i += 2 * (length - 1);
    }
    return true;
}

static void rewrite_alias(struct rewriting *rewriting, size_t i)
{
    const struct renamed_table *table = table_called(rewriting, i);

    if (table == NULL || (rewriting->naming == NAMES_IN_QUERIES && !goes_by_its_name(rewriting, table)))
        return;
    if (is_named(&rewriting->tokens.items[i], table->old_name))
        replace_token(rewriting, i, table->new_name);
    cleanup(free_string) char *column = token_name(&rewriting->tokens.items[i + 2]);
    replace_token(rewriting, i + 2, renamed_column_name(table, column));
}

/* `'public.t'::regclass` is the table itself. */
static void rewrite_constant(struct rewriting *rewriting, size_t i)
{
    const struct sql_token *token = &rewriting->tokens.items[i];
    cleanup(text_free) struct text name = {0};
    bool sure = true;

    if (!is_at(rewriting, i + 1, "::") || token->text[0] != '\'' ||
        (!is_at(rewriting, i + 2, "regclass") && !is_at(rewriting, i + 2, "regtype")))
        return;
    cleanup(free_string) char *content = copy_bytes(token->text + 1, token->length - 2);
    if (strchr(content, '\'') != NULL || !rewrite_text(&name, rewriting->renames, content, NAMES_TABLES, NULL, &sure))
        return;
    text_append_bytes(rewriting->to, rewriting->copied, (size_t)(token->text - rewriting->copied));
    quote_literal(rewriting->to, name.data);
    rewriting->copied = token->text + token->length;
    rewriting->changed = true;
}

/* Returns how many tokens were looked at. */
static size_t rewrite_names(struct rewriting *rewriting, size_t i)
{
    const struct sql_token *tokens = rewriting->tokens.items;
    size_t length = chain_length(rewriting, i);
    const struct renamed_table *table = table_at(rewriting, i, length);

    if (length == 2)
        refer(rewriting, i, table);
    if (table != NULL) {
        replace_token(rewriting, i + 2, table->new_name);
        if (length == 3 && rewriting->naming == NAMES_COLUMN) {
            cleanup(free_string) char *column = token_name(&tokens[i + 4]);
            replace_token(rewriting, i + 4, renamed_column_name(table, column));
        }
    } else if (length >= 2) {
        rewrite_alias(rewriting, i);
    } else if (is_at(rewriting, i + 1, ".") && is_at(rewriting, i + 2, "*")) {
        const struct renamed_table *whole = table_called(rewriting, i);
        if (whole != NULL && is_named(&tokens[i], whole->old_name))
            replace_token(rewriting, i, whole->new_name);
    } else if (rewriting->scope != NULL && !is_other_name(rewriting, i) && !is_in_query(rewriting, i)) {
        cleanup(free_string) char *column = token_name(&tokens[i]);
        replace_token(rewriting, i, renamed_column_name(rewriting->scope, column));
    }
    return 2 * length - 1;
}

/* --- What cannot be foretold --- */

static bool is_any_of_its_columns(const struct renamed_table *table, const struct sql_token *token)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (is_named(token, table->columns[i].old_name) || is_named(token, table->columns[i].new_name))
            return true;
    return false;
}

/*
 * A query gives its columns the names that they had when it was made, and its tables others where two are the same:
 * what the server will print is only sure where it names a table once, and none of its renamed columns.
 */
static bool is_sure_of(const struct rewriting *rewriting, const struct renamed_table *table)
{
    size_t mentions = 0;

    for (size_t i = 0; i < rewriting->tokens.count; i++) {
        const struct sql_token *token = &rewriting->tokens.items[i];
        size_t length = is_identifier(token) ? chain_length(rewriting, i) : 1;

        if (!is_identifier(token))
            continue;
        if (table_at(rewriting, i, length) == table && ++mentions > 1)
            return false;
    }
    for (size_t i = 0; mentions > 0 && i < rewriting->tokens.count; i++) {
        const struct sql_token *token = &rewriting->tokens.items[i];

        if (!is_identifier(token) || is_key_word(token))
            continue;
        if (is_any_of_its_columns(table, token) ||
            (strcmp(table->old_name, table->new_name) != 0 && is_named(token, table->new_name)))
            return false;
    }
    return true;
}

static void check_queries(struct rewriting *rewriting)
{
    for (size_t i = 0; i < rewriting->renames->table_count && *rewriting->sure; i++)
        *rewriting->sure = is_sure_of(rewriting, rewriting->renames->tables[i]);
}

static bool may_hold_names(const struct renames *renames, const char *sql, const struct renamed_table *own)
{
    if (own != NULL)
        return true;
    for (size_t i = 0; i < renames->table_count; i++)
        if (strstr(sql, renames->tables[i]->old_name) != NULL || strchr(renames->tables[i]->old_name, '"') != NULL)
            return true;
    return false;
}

bool rewrite_text(struct text *to, const struct renames *renames, const char *sql, enum naming naming,
                  const struct renamed_table *own, bool *sure)
{
    struct rewriting rewriting = {
        .renames = renames, .naming = naming, .own = own, .sql = sql, .copied = sql, .to = to, .sure = sure};
    size_t before = to->length;

    if (!may_hold_names(renames, sql, own))
        return false;
    sql_tokens_read(&rewriting.tokens, sql);
    rewriting.scope = naming == NAMES_COLUMNS ? own : NULL;
    if (naming == NAMES_IN_QUERIES)
        check_queries(&rewriting);
    for (size_t i = 0; i < rewriting.tokens.count;) {
        move_scope(&rewriting, i);
        if (rewriting.tokens.items[i].kind == SQL_TOKEN_STRING)
            rewrite_constant(&rewriting, i);
        /* Storage options are no columns. */
        if (is_at(&rewriting, i, "WITH") && is_at(&rewriting, i + 1, "("))
            i = rewriting.tokens.items[i + 1].partner + 1;
        else
            i += is_identifier(&rewriting.tokens.items[i]) && !is_before(&rewriting, i, ".")
                     ? rewrite_names(&rewriting, i)
                     : 1;
    }
    sql_tokens_free(&rewriting.tokens);
    if (!rewriting.changed) {
        to->length = before;
        return false;
    }
    text_append(to, rewriting.copied);
    return true;
}
