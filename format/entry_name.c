/* The names of a plan file's entries. */
#include "format/entry_name.h"

#include "common/memory.h"
#include "common/text.h"

#include <inttypes.h>

static void append_escaped(struct text *name, const char *part)
{
    for (const char *at = part; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_')
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
    append_escaped(text, schema);
    text_append_char(text, '.');
    append_escaped(text, name);
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
