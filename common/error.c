/* What went wrong. */
#define ERROR_C
#include "common/error.h"

#include "common/memory.h"

static const struct {
    int exit_status;
    const char *meaning;
} codes[] = {
#define X(code, exit_status, meaning) [code] = {exit_status, meaning},
    ERROR_CODES(X)
#undef X
};

__attribute__((format(printf, 2, 0))) static void replace(char **field, const char *format, va_list arguments)
{
    char *string = NULL;

    if (vasprintf(&string, format, arguments) < 0)
        string = NULL;
    free(*field);
    *field = string;
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
    va_list arguments;

    if (err->code != ERROR_NONE)
        return false;
    err->code = code;
    va_start(arguments, format);
    replace(&err->message, format, arguments);
    va_end(arguments);
    return false;
}

bool error_detail(struct error *err, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    replace(&err->detail, format, arguments);
    va_end(arguments);
    return false;
}

bool error_hint(struct error *err, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    replace(&err->hint, format, arguments);
    va_end(arguments);
    return false;
}

bool error_sqlstate(struct error *err, const char *sqlstate)
{
    snprintf(err->sqlstate, sizeof err->sqlstate, "%s", sqlstate != NULL ? sqlstate : "");
    return false;
}

bool error_context(struct error *err, const char *format, ...)
{
    va_list arguments;
    char *inner = err->context;

    err->context = NULL;
    va_start(arguments, format);
    replace(&err->context, format, arguments);
    va_end(arguments);
    if (inner != NULL) {
        char *outer = err->context;
        err->context = format_string("%s: %s", outer != NULL ? outer : "", inner);
        free(outer);
        free(inner);
    }
    return false;
}

void error_clear(struct error *err)
{
    free(err->message);
    free(err->detail);
    free(err->hint);
    free(err->context);
    *err = (struct error){0};
}

int error_exit_status(enum error_code code)
{
    return codes[code].exit_status;
}

const char *error_meaning(enum error_code code)
{
    return codes[code].meaning;
}
