/* psql-style name patterns as regular expressions. */
#include "common/pattern.h"

#include "common/memory.h"
#include "common/text.h"

/*
 * Translates one part of the pattern, up to a dot outside quotes or the end, into `regex`; *cursor is left on that dot
 * or the end. ASCII alone folds and has a meaning here, so that the bytes of a UTF-8 character pass as they are.
 */
static bool translate_part(const char **cursor, struct text *regex, const char *pattern, struct error *err)
{
    const char *start = *cursor, *at = start;
    bool quoted = false;

    text_append(regex, "^(");
    for (; *at != '\0' && (quoted || *at != '.'); at++) {
        if (*at == '"' && quoted && at[1] == '"')
            text_append_char(regex, *at++);
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && *at >= 'A' && *at <= 'Z')
            text_append_char(regex, (char)(*at - 'A' + 'a'));
        else if (!quoted && *at == '*')
            text_append(regex, ".*");
        else if (!quoted && *at == '?')
            text_append_char(regex, '.');
        else {
            /* `$` is a letter of names, and `[]` is more useful as itself than as an empty set. */
            if (*at == '$' || (quoted && strchr("|*+?()[]{}.^\\", *at) != NULL) || (*at == '[' && at[1] == ']'))
                text_append_char(regex, '\\');
            text_append_char(regex, *at);
        }
    }
    text_append(regex, ")$");
    *cursor = at;
    if (quoted)
        return error_set(err, ERROR_USAGE, "pattern \"%s\": a double quote is not closed", pattern);
    return at > start || error_set(err, ERROR_USAGE, "pattern \"%s\": a name is empty", pattern);
}

bool pattern_to_regex(const char *pattern, char **regex, struct error *err)
{
    cleanup(text_free) struct text text = {0};
    const char *cursor = pattern;

    *regex = NULL;
    if (!translate_part(&cursor, &text, pattern, err))
        return false;
    if (*cursor == '.') {
        error_set(err, ERROR_USAGE, "pattern \"%s\": one name is expected, without a dot", pattern);
        return error_hint(err, "A dot that belongs to the name goes in double quotes.");
    }
    *regex = text_take(&text);
    return true;
}

bool pattern_split(const char *pattern, char **schema_regex, char **name_regex, struct error *err)
{
    cleanup(text_free) struct text first = {0};
    cleanup(text_free) struct text second = {0};
    const char *cursor = pattern;

    *schema_regex = *name_regex = NULL;
    if (!translate_part(&cursor, &first, pattern, err))
        return false;
    if (*cursor == '\0') {
        *name_regex = text_take(&first);
        return true;
    }
    cursor++;
    if (!translate_part(&cursor, &second, pattern, err))
        return false;
    if (*cursor == '.') {
        error_set(err, ERROR_USAGE, "pattern \"%s\": too many dots", pattern);
        return error_hint(err, "Write schema.name; a dot that belongs to a name goes in double quotes.");
    }
    *schema_regex = text_take(&first);
    *name_regex = text_take(&second);
    return true;
}
