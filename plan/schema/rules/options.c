/* Options of tables and sequences, as CREATE and ALTER say them. */
#include "plan/schema/rules/create.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

/* `name=value` as `name='value'`, which is right for every option that PostgreSQL has. */
static void append_option(struct text *sql, const char *option, const char *prefix)
{
    const char *equals = strchr(option, '=');

    text_append(sql, prefix);
    if (equals == NULL) {
        text_append(sql, option);
        return;
    }
    text_append_bytes(sql, option, (size_t)(equals - option + 1));
    quote_literal(sql, equals + 1);
}

void append_storage_options(struct text *sql, struct arena *arena, const char *options, const char *prefix,
                            const char *before)
{
    const char **items;
    size_t count;

    if (!array_text_parse(arena, options, &items, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i == 0 ? before : ", ");
        append_option(sql, items[i], prefix);
    }
}

void append_sequence_options(struct text *sql, const struct item *item, const char *prefix)
{
    static const struct {
        const char *field, *clause;
    } options[] = {{"start", " START WITH "},
                   {"increment", " INCREMENT BY "},
                   {"minimum", " MINVALUE "},
                   {"maximum", " MAXVALUE "},
                   {"cache", " CACHE "}};

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        cleanup(text_free) struct text field = {0};
        text_appendf(&field, "%s%s", prefix, options[i].field);
        const char *value = item_field(item, field.data);
        if (value != NULL)
            text_appendf(sql, "%s%s", options[i].clause, value);
    }
    cleanup(text_free) struct text field = {0};
    text_appendf(&field, "%scycle", prefix);
    text_append(sql, field_is(item, field.data, "true") ? " CYCLE" : " NO CYCLE");
}
