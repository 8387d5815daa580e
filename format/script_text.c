/* How text of a plan is written so that psql sees none of its own syntax in it. */
#include "common/escape.h"
#include "common/memory.h"
#include "common/quote.h"
#include "format/script_parts.h"

#include <string.h>

void script_quote(struct text *sql, const char *text)
{
    cleanup(free_string) char *tag = copy_string("$pgsyncer$");

    for (unsigned number = 1; strstr(text, tag) != NULL; number++) {
        free(tag);
        tag = format_string("$pgsyncer%u$", number);
    }
    text_appendf(sql, "%s\n%s\n%s", tag, text, tag);
}

void script_block(FILE *out, const char *body)
{
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, "DO ");
    script_quote(&sql, body);
    fprintf(out, "%s;\n", sql.data);
}

void script_comment(FILE *out, const char *format, ...)
{
    cleanup(text_free) struct text text = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&text, format, arguments);
    va_end(arguments);
    fputs("\n-- ", out);
    print_escaped(out, text.data);
    fputc('\n', out);
}

void script_raise(struct text *body, const char *sqlstate, const char *message)
{
    text_appendf(body, "RAISE EXCEPTION USING ERRCODE = '%s', MESSAGE = ", sqlstate);
    quote_literal(body, message);
    text_append(body, ";");
}

void script_info(struct text *body, const char *words, const char *expression)
{
    cleanup(free_string) char *message = format_string("pgsyncer: %s", words);

    text_append(body, "RAISE INFO USING MESSAGE = ");
    quote_literal(body, message);
    if (expression != NULL)
        text_appendf(body, " || ' ' || %s", expression);
    text_append(body, ";\n");
}

void script_say(FILE *out, const char *words)
{
    cleanup(text_free) struct text body = {0};

    text_append(&body, "BEGIN ");
    script_info(&body, words, NULL);
    text_append(&body, "END");
    script_block(out, body.data);
}

bool script_copy_value(FILE *out, const char *value, struct error *err)
{
    for (const char *at = value; *at != '\0'; at++) {
        const char *escape = *at == '\\'   ? "\\\\"
                             : *at == '\n' ? "\\n"
                             : *at == '\r' ? "\\r"
                             : *at == '\t' ? "\\t"
                                           : NULL;

        if (escape != NULL)
            fputs(escape, out);
        else
            fputc(*at, out);
    }
    return !ferror(out) || error_set(err, ERROR_INTERNAL, "cannot write the output");
}
