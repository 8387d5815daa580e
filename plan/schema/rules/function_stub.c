/* A function without its body, which others can name until it has its own. */
#include "plan/schema/rules/create.h"

#include "common/catalog/sql_tokens.h"
#include "common/memory.h"

static size_t find_arguments(const struct sql_tokens *tokens)
{
    size_t i = 0;

    while (i < tokens->count && !sql_token_is(&tokens->items[i], "("))
        i++;
    return i;
}

/* A body that names others: the server knows its parsed form. */
static const char *parsed_body(const struct sql_tokens *tokens, size_t at)
{
    for (; at < tokens->count; at++) {
        const struct sql_token *token = &tokens->items[at];

        if (sql_token_is(token, "("))
            at = token->partner;
        else if (sql_token_is(token, "BEGIN") || sql_token_is(token, "RETURN"))
            return token->text;
        else if (sql_token_is(token, "AS"))
            break;
    }
    return NULL;
}

/* A default may call what needs the function. NULL in its place can be replaced, and calls that rely on it are right.
 */
void append_function_stub(struct text *sql, const struct item *function)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};
    const char *from = item_field(function, "definition");

    sql_tokens_read(&tokens, from);
    size_t arguments = find_arguments(&tokens);
    size_t end = arguments < tokens.count ? tokens.items[arguments].partner : arguments;
    for (size_t i = arguments; i < end; i++) {
        if (!sql_token_is(&tokens.items[i], "DEFAULT"))
            continue;
        text_append_bytes(sql, from, (size_t)(tokens.items[i].text - from));
        text_append(sql, "DEFAULT NULL");
        i = sql_item_end(tokens.items, i + 1, end);
        from = tokens.items[i].text;
    }
    const char *body = parsed_body(&tokens, end);
    if (body != NULL) {
        text_append_bytes(sql, from, (size_t)(body - from));
        text_append(sql, "AS ''");
    } else {
        text_append(sql, from);
    }
    text_append(sql, ";\n");
}
