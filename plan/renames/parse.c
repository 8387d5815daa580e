/* Reads `OLD=NEW`, with names as SQL writes them. */
#include "plan/renames/parts.h"

#include "common/memory.h"

/* One name, quoted or not, of which only ASCII folds. *cursor is left behind it. */
static bool read_part(const char **cursor, struct text *part)
{
    const char *at = *cursor;

    if (*at == '"') {
        for (at++; *at != '\0' && !(*at == '"' && at[1] != '"'); at++) {
            if (*at == '"')
                at++;
            text_append_char(part, *at);
        }
        if (*at != '"')
            return false;
        at++;
    } else {
        for (; *at != '\0' && strchr("\".= \t\n", *at) == NULL; at++)
            text_append_char(part, *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at);
    }
    *cursor = at;
    return part->length > 0;
}

static bool read_name(struct arena *arena, const char **cursor, struct rename_name *name)
{
    *name = (struct rename_name){0};
    do {
        cleanup(text_free) struct text part = {0};

        if (name->count == RENAME_PARTS || !read_part(cursor, &part))
            return false;
        name->parts[name->count++] = arena_string(arena, part.data);
    } while (**cursor == '.' && (*cursor)++);
    return true;
}

bool rename_parse(struct arena *arena, const char *option, struct rename_name names[2], struct error *err)
{
    const char *cursor = option;

    if (read_name(arena, &cursor, &names[OLD]) && *cursor == '=' && cursor++ &&
        read_name(arena, &cursor, &names[NEW]) && *cursor == '\0')
        return true;
    error_set(err, ERROR_USAGE, "--rename \"%s\": not OLD=NEW", option);
    return error_hint(err, "Each is [schema.]table or [schema.]table.column, quoted as in SQL: "
                           "--rename 'public.\"Old\".a=public.\"Old\".b'.");
}

bool rename_check(const char *option, struct error *err)
{
    cleanup(arena_cleanup) struct arena *arena = arena_new();
    struct rename_name names[2];

    return rename_parse(arena, option, names, err);
}
