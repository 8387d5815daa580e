/* The defaults that types have of their own: a new column, and a new domain over the type, takes them over. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"

#include "common/catalog/sql_tokens.h"
#include "common/memory.h"

const char *type_default(struct arena *arena, const struct item *type)
{
    const char *definition = item_field(type, "definition");
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    if (type->object->class == CLASS_DOMAIN)
        return item_field(type, "default");
    if (type->object->class != CLASS_BASE_TYPE || definition == NULL)
        return NULL;
    sql_tokens_read(&tokens, definition);
    for (size_t i = 0; i + 2 < tokens.count; i++)
        if (sql_token_is(&tokens.items[i], "DEFAULT") && sql_token_is(&tokens.items[i + 1], "=") &&
            tokens.items[i + 2].kind == SQL_TOKEN_STRING)
            return arena_bytes(arena, tokens.items[i + 2].text, tokens.items[i + 2].length);
    return NULL;
}

const struct item *type_of_item(const struct item *item)
{
    const char *type = item_field(item, "type");

    for (size_t i = 0; i < item->depend_count && type != NULL; i++) {
        const struct item *needed = item->depends[i];

        if ((needed->object->class == CLASS_DOMAIN || needed->object->class == CLASS_BASE_TYPE) &&
            strcmp(needed->object->identity, type) == 0)
            return needed;
    }
    return NULL;
}

/* A domain's own is an expression, and as such has a cast behind a string; a base type's is the string alone. */
bool takes_default_over(const struct item *domain)
{
    const char *value = item_field(domain, "default");
    size_t length = value != NULL ? strlen(value) : 0;

    return length > 1 && (*value == '\'' || strncmp(value, "E'", 2) == 0) && value[length - 1] == '\'';
}

bool default_settable(const struct item *new, const struct item *old)
{
    (void)old;
    return !takes_default_over(new);
}
