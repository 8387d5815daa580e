/* A DSN before libpq sees it. */
#include "common/dsn.h"

#include "common/memory.h"

#include <libpq-fe.h>

static const char syntax_hint[] = "A value with spaces goes in single quotes; in a URI, special characters of the "
                                  "password are written as %XX (@ as %40, / as %2F).";

static void free_options(PQconninfoOption **options)
{
    PQconninfoFree(*options);
}

/* libpq's message up to what it quotes: that may be a password, or a part of one. */
static bool set_parse_error(const char *side, char *message, struct error *err)
{
    error_set(err, ERROR_USAGE, "%s: the DSN is malformed", side);
    if (message != NULL)
        error_detail(err, "libpq: %.*s%s", (int)strcspn(message, "\"\n"), message,
                     strchr(message, '"') != NULL ? "…" : "");
    PQfreemem(message);
    return error_hint(err, "%s", syntax_hint);
}

/* In a URI, is there an `@` after the one that ends the user and password? Then one of these had to be written as %40.
 */
static bool has_stray_at(const char *dsn)
{
    const char *start = strstr(dsn, "://");

    if (start == NULL || (strncmp(dsn, "postgresql://", 13) != 0 && strncmp(dsn, "postgres://", 11) != 0))
        return false;
    start += strlen("://");
    const char *rest = start + strcspn(start, "@/");
    return *rest != '\0' && rest[1 + strcspn(rest + 1, "@?")] == '@';
}

/* A port that is no number may be the rest of a password with an unescaped slash. */
static bool is_port(const char *value)
{
    return value[strspn(value, "0123456789, ")] == '\0';
}

bool dsn_check(const char *side, const char *dsn, struct error *err)
{
    cleanup(free_options) PQconninfoOption *options = NULL;
    char *message = NULL;

    if (dsn == NULL || dsn[strspn(dsn, " \t\n")] == '\0') {
        error_set(err, ERROR_USAGE, "%s: the DSN is empty", side);
        return error_hint(err, "Name the database, such as \"dbname=shop\"; libpq's environment gives the rest.");
    }
    options = PQconninfoParse(dsn, &message);
    if (options == NULL)
        return set_parse_error(side, message, err);
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
        if (strcmp(option->keyword, "port") == 0 && option->val != NULL && !is_port(option->val)) {
            error_set(err, ERROR_USAGE, "%s: the DSN's port is not a number", side);
            return error_hint(err, "%s", syntax_hint);
        }
    if (has_stray_at(dsn)) {
        error_set(err, ERROR_USAGE, "%s: the DSN has an @ too many", side);
        return error_hint(err, "%s", syntax_hint);
    }
    return true;
}
