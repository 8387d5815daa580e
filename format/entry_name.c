/* The names of a plan file's entries. */
#include "format/entry_name.h"

#include "common/memory.h"
#include "common/text.h"
#include "format/limits.h"

#include <inttypes.h>

/* Appends the part as far as there is room before `end`. */
static void append_escaped(struct text *name, const char *part, size_t end)
{
    for (const char *at = part; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        bool plain =
            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
        if (name->length + (plain ? 1 : 3) > end)
            return;
        if (plain)
            text_append_char(name, *at);
        else
            text_appendf(name, "%%%02X", byte);
    }
}

char *entry_name_statement(uint64_t id)
{
    return format_string("statements/%04" PRIu64 ".sql", id);
}

static void append_table(struct text *text, size_t table, const char *schema, const char *name)
{
    text_appendf(text, "%04zu-", table);
    size_t end = text->length + LIMIT_FOLDER_NAME;
    append_escaped(text, schema, end - 1);
    text_append_char(text, '.');
    append_escaped(text, name, end);
}

char *entry_name_rows(size_t table, const char *schema, const char *name, enum rows_kind kind, unsigned part)
{
    struct text text = {0};

    text_append(&text, "rows/");
    append_table(&text, table, schema, name);
    text_appendf(&text, "/%s.%04u.copy.zst", rows_kind_name(kind), part);
    return text_take(&text);
}

char *entry_name_digest(size_t table, const char *schema, const char *name)
{
    struct text text = {0};

    text_append(&text, "digest/");
    append_table(&text, table, schema, name);
    text_append(&text, ".zst");
    return text_take(&text);
}
