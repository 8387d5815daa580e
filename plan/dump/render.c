/* Turns lists of `NAME = value` into the live reader's spelling. */
#include "plan/dump/render.h"

#include "common/memory.h"
#include "common/text.h"

#include <ctype.h>
#include <strings.h>

static void append_item(struct dump *dump, const struct rendering *rendering, const struct pair *pair,
                        struct text *text)
{
    char *raw = pair_text(dump, pair);

    if (text->length > 0)
        text_append(text, ", ");
    text_append(text, rendering->to != NULL ? rendering->to : rendering->from);
    if (rendering->how == FLAG)
        return;
    text_append(text, " = ");
    if (rendering->how == UPPER)
        for (char *at = raw; *at != '\0'; at++)
            *at = (char)toupper((unsigned char)*at);
    text_append(text, rendering->how == LITERAL ? server_literal(dump, pair->value) : raw);
}

static bool all_known(const struct pairs *pairs, const struct rendering *renderings, size_t count)
{
    for (size_t i = 0; i < pairs->count; i++) {
        bool known = false;
        for (size_t j = 0; j < count; j++)
            known = known || strcasecmp(pairs->items[i].name, renderings[j].from) == 0;
        if (!known)
            return false;
    }
    return true;
}

bool render_list(struct dump *dump, struct cursor inside, const struct rendering *renderings, size_t count,
                 struct text *text)
{
    cleanup(pairs_free) struct pairs pairs = {0};
    cleanup(text_free) struct text list = {0};

    if (!pairs_read(dump, inside, &pairs) || !all_known(&pairs, renderings, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct pair *pair = pairs_find(&pairs, renderings[i].from);
        if (pair == NULL || renderings[i].how == OMIT)
            continue;
        if (renderings[i].how == LITERAL && pair->value == NULL)
            return false;
        append_item(dump, &renderings[i], pair, &list);
    }
    text_append(text, list.data != NULL ? list.data : "");
    return true;
}

char *as_regprocedure(struct dump *dump, struct cursor signature)
{
    cleanup(text_free) struct text text = {0};

    if (cursor_words(&signature, "pg_catalog"))
        cursor_symbol(&signature, '.');
    text_append(&text, "");
    for (const struct sql_token *at = signature.at; at < signature.end; at++) {
        bool first = at == signature.at, gap = !first && at[-1].text + at[-1].length < at->text;
        if (gap && !token_is_symbol(at - 1, ','))
            text_append_char(&text, ' ');
        text_append_bytes(&text, at->text, at->length);
    }
    return arena_string(dump->arena, text.data);
}
