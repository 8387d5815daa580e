/* What psql writes: messages of the server on standard error, results of COPY on standard output. */
#include "apply/psql.h"
#include "common/memory.h"

#include <ctype.h>
#include <string.h>

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_sqlstate(const char *text)
{
    for (int i = 0; i < 5; i++)
        if (!isdigit((unsigned char)text[i]) && !(text[i] >= 'A' && text[i] <= 'Z'))
            return false;
    return strncmp(text + 5, ": ", 2) == 0;
}

/*
 * `psql:<stdin>:12: ERROR:  42P01: relation …`: where the SQLSTATE begins, or NULL. The word for the severity may be in
 * any language, as the server's lc_messages has it.
 */
static const char *find_sqlstate(const char *line, const char *program)
{
    static const char source[] = ":<stdin>:";
    const char *name = strrchr(program, '/');
    size_t length;

    name = name != NULL ? name + 1 : program;
    length = strlen(name);
    if (strncmp(line, name, length) != 0 || !starts_with(line + length, source))
        return NULL;
    const char *at = line + length + sizeof source - 1;
    at += strspn(at, "0123456789");
    if (!starts_with(at, ": ") || (at = strstr(at + 2, ":  ")) == NULL)
        return NULL;
    return is_sqlstate(at + 3) ? at + 3 : NULL;
}

/* Successful completion, warnings and "no data" are no errors. */
static bool is_error(const char *sqlstate)
{
    return strncmp(sqlstate, "00", 2) != 0 && strncmp(sqlstate, "01", 2) != 0 && strncmp(sqlstate, "02", 2) != 0;
}

static void append_line(struct text *text, const char *line)
{
    text_appendf(text, "%s%s", text->length > 0 ? "\n" : "", line);
}

/* The parts of a message that are of no use to us, but end the one before. */
static bool is_other_part(const char *line)
{
    static const char *const parts[] = {"CONTEXT:  ",     "QUERY:  ",         "SCHEMA NAME:  ",    "TABLE NAME:  ",
                                        "COLUMN NAME:  ", "DATATYPE NAME:  ", "CONSTRAINT NAME:  "};

    for (size_t i = 0; i < array_length(parts); i++)
        if (starts_with(line, parts[i]))
            return true;
    if (!starts_with(line, "LINE "))
        return false;
    const char *at = line + 5 + strspn(line + 5, "0123456789");
    return starts_with(at, ": ");
}

static char *next_line(const struct text *text, size_t from, size_t *next)
{
    const char *start = text->data + from, *end = memchr(start, '\n', text->length - from);

    if (end == NULL)
        return NULL;
    *next = from + (size_t)(end - start) + 1;
    return copy_bytes(start, (size_t)(end - start));
}

static void drop_front(struct text *text, size_t length)
{
    memmove(text->data, text->data + length, text->length - length + 1);
    text->length -= length;
}

/* The lines of the message that begins with the header; how long they are, or 0 where its end has not come yet. */
static size_t take_message(const struct text *text, size_t at, const char *program, bool at_end,
                           struct psql_message *message)
{
    struct text *part = &message->message, ignored = {0};
    size_t next = at;

    for (;;) {
        cleanup(free_string) char *line = next_line(text, at, &next);
        if (line == NULL) {
            next = at_end ? text->length : 0;
            break;
        }
        if (find_sqlstate(line, program) != NULL) { /* one without a location: as the server's last words have it */
            next = at;
            break;
        }
        at = next;
        if (starts_with(line, "LOCATION:  "))
            break;
        if (starts_with(line, "DETAIL:  "))
            append_line(part = &message->detail, line + strlen("DETAIL:  "));
        else if (starts_with(line, "HINT:  "))
            append_line(part = &message->hint, line + strlen("HINT:  "));
        else if (is_other_part(line))
            part = &ignored;
        else
            append_line(part, line);
    }
    text_free(&ignored);
    return next;
}

bool psql_message_take(struct text *text, const char *program, bool at_end, struct psql_message *message,
                       struct text *other)
{
    *message = (struct psql_message){0};
    while (text->length > 0) {
        size_t next = 0;
        cleanup(free_string) char *line = next_line(text, 0, &next);
        if (line == NULL && at_end)
            text_append_char(text, '\n');
        if (line == NULL && !at_end)
            return false;
        if (line == NULL)
            continue;
        const char *header = find_sqlstate(line, program);
        if (header == NULL) {
            append_line(other, line);
            drop_front(text, next);
            continue;
        }
        memcpy(message->sqlstate, header, 5);
        message->is_error = is_error(message->sqlstate);
        text_append(&message->message, header + 7);
        size_t end = take_message(text, next, program, at_end, message);
        if (end > 0)
            drop_front(text, end);
        if (end == 0)
            psql_message_free(message);
        return end > 0;
    }
    return false;
}

void psql_message_free(struct psql_message *message)
{
    text_free(&message->message);
    text_free(&message->detail);
    text_free(&message->hint);
}

/* A field of CSV; *null where it is not quoted and empty. Returns what follows, NULL where the text is broken. */
static const char *take_field(const char *at, const char *end, struct text *value, bool *null)
{
    text_clear(value);
    text_append(value, "");
    *null = at >= end || *at != '"';
    if (*null) {
        while (at < end && *at != ',' && *at != '\n')
            text_append_char(value, *at++);
        *null = value->length == 0;
        return at;
    }
    for (at++; at < end; at++) {
        if (*at == '"' && at + 1 < end && at[1] == '"')
            at++;
        else if (*at == '"')
            return at + 1;
        text_append_char(value, *at);
    }
    return NULL;
}

/* Column names, copied by libpq. */
struct attributes {
    PGresAttDesc *items;
    size_t count, capacity;
};

static void attributes_free(struct attributes *attributes)
{
    for (size_t i = 0; i < attributes->count; i++)
        free(attributes->items[i].name);
    free(attributes->items);
}

static const char *take_header(const char *at, const char *end, PGresult *result)
{
    cleanup(attributes_free) struct attributes attributes = {0};
    cleanup(text_free) struct text value = {0};
    bool null;

    for (;;) {
        if ((at = take_field(at, end, &value, &null)) == NULL || at >= end)
            return NULL;
        array_reserve((void **)&attributes.items, &attributes.capacity, attributes.count + 1, sizeof *attributes.items);
        attributes.items[attributes.count++] = (PGresAttDesc){.name = copy_string(value.data), .typlen = -1};
        if (*at++ == '\n')
            break;
    }
    return PQsetResultAttrs(result, (int)attributes.count, attributes.items) ? at : NULL;
}

PGresult *psql_result(const char *csv, size_t length)
{
    cleanup(result_clear) PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    cleanup(text_free) struct text value = {0};
    const char *end = csv + length, *at = take_header(csv, end, result);

    for (int row = 0; at != NULL && at < end; row++)
        for (int column = 0; column < PQnfields(result); column++) {
            bool null;

            at = take_field(at, end, &value, &null);
            if (at == NULL || at >= end || *at++ != (column + 1 < PQnfields(result) ? ',' : '\n'))
                return NULL;
            if (!PQsetvalue(result, row, column, null ? NULL : value.data, null ? -1 : (int)value.length))
                return NULL;
        }
    return at == NULL ? NULL : take(result);
}
