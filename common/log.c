/* Messages for people and machines, on standard error. */
#include "common/log.h"

#include "common/escape.h"
#include "common/memory.h"

#include <inttypes.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct {
    enum log_level level;
    enum log_format format;
    bool color;
    char *status; /* the progress line that stands on the terminal; NULL: none */
} logger = {.level = LOG_NOTICE};

static const struct {
    const char *name, *color;
} levels[] = {
    [LOG_ERROR] = {"error", "\033[1;31m"},
    [LOG_WARNING] = {"warning", "\033[1;33m"},
    [LOG_NOTICE] = {"notice", NULL},
    [LOG_DEBUG] = {"debug", "\033[2m"},
};

void log_configure(enum log_level level, enum log_format format, enum log_color color)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

    logger.level = level;
    logger.format = format;
    logger.color = color == COLOR_ALWAYS ||
                   (color == COLOR_AUTO && isatty(STDERR_FILENO) && (no_color == NULL || *no_color == '\0') &&
                    terminal != NULL && strcmp(terminal, "dumb") != 0);
}

enum log_format log_get_format(void)
{
    return logger.format;
}

/* One write per message, so that lines of several processes on one standard error do not mix. */
static void put(const struct text *text)
{
    fwrite(text->data, 1, text->length, stderr);
    fflush(stderr);
}

/* The part of the status line that fits the terminal: a line that wraps cannot be taken away again. */
static void append_status(struct text *text)
{
    struct winsize size;
    size_t columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79;

    for (const char *at = logger.status; *at != '\0'; at++) {
        bool starts_character = ((unsigned char)*at & 0xc0) != 0x80;
        if (starts_character && columns-- == 0)
            break;
        text_append_char(text, *at);
    }
}

void log_set_status_line(const char *line)
{
    cleanup(text_free) struct text text = {0};
    char *before = logger.status;

    logger.status = line != NULL ? copy_string(line) : NULL;
    if (before != NULL || line != NULL) {
        text_append(&text, "\r\033[K");
        if (line != NULL)
            append_status(&text);
        put(&text);
    }
    free(before);
}

static void append_time(struct text *text)
{
    struct timespec now;
    struct tm utc;
    char buffer[32];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &utc);
    text_appendf(text, "%s.%03ldZ", buffer, now.tv_nsec / 1000000);
}

static void append_member(struct text *text, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    text_appendf(text, ",\"%s\":", name);
    escape_json(text, value);
}

/* A server's message may have several lines; each is escaped, and those after the first are indented. */
static void append_line(struct text *text, const char *label, const char *color, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    text_appendf(text, "%s%s%s", color != NULL && logger.color ? color : "", label,
                 color != NULL && logger.color ? "\033[0m" : "");
    while (value != NULL) {
        const char *end = strchr(value, '\n');
        cleanup(free_string) char *line = copy_bytes(value, end != NULL ? (size_t)(end - value) : strlen(value));
        escape_line(text, line);
        text_append_char(text, '\n');
        value = end != NULL ? end + 1 : NULL;
        if (value != NULL)
            text_append(text, "    ");
    }
}

static void write_text(enum log_level level, const char *message, const struct error *err)
{
    cleanup(text_free) struct text text = {0};
    cleanup(free_string) char *label =
        level == LOG_NOTICE ? copy_string("") : format_string("%s: ", levels[level].name);

    if (logger.status != NULL)
        text_append(&text, "\r\033[K");
    append_line(&text, label, levels[level].color, message);
    if (err != NULL) {
        append_line(&text, "detail: ", "\033[1m", err->detail);
        append_line(&text, "hint: ", "\033[1m", err->hint);
        append_line(&text, "context: ", "\033[1m", err->context);
        append_line(&text, "SQLSTATE: ", "\033[1m", err->sqlstate);
    }
    if (logger.status != NULL)
        append_status(&text);
    put(&text);
}

static void write_json(enum log_level level, const char *message, const struct error *err)
{
    cleanup(text_free) struct text text = {0};

    text_append(&text, "{\"time\":\"");
    append_time(&text);
    text_appendf(&text, "\",\"level\":\"%s\"", levels[level].name);
    append_member(&text, "message", message);
    if (err != NULL) {
        append_member(&text, "detail", err->detail);
        append_member(&text, "hint", err->hint);
        append_member(&text, "context", err->context);
        append_member(&text, "sqlstate", err->sqlstate);
        text_appendf(&text, ",\"exit_status\":%d", error_exit_status(err->code));
    }
    text_append(&text, "}\n");
    put(&text);
}

static void write_message(enum log_level level, const char *message, const struct error *err)
{
    if (level > logger.level)
        return;
    if (logger.format == LOG_JSON)
        write_json(level, message, err);
    else
        write_text(level, message, err);
}

#define LOG_FUNCTION(name, level)                                                                                      \
    void name(const char *format, ...)                                                                                 \
    {                                                                                                                  \
        cleanup(text_free) struct text text = {0};                                                                     \
        va_list arguments;                                                                                             \
                                                                                                                       \
        va_start(arguments, format);                                                                                   \
        text_appendv(&text, format, arguments);                                                                        \
        va_end(arguments);                                                                                             \
        write_message(level, text.data != NULL ? text.data : "", NULL);                                                \
    }

LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_notice, LOG_NOTICE)
LOG_FUNCTION(log_debug, LOG_DEBUG)

void log_error(const struct error *err)
{
    write_message(LOG_ERROR, err->message != NULL ? err->message : error_meaning(err->code), err);
}

void log_event(const char *event, const char *members)
{
    cleanup(text_free) struct text text = {0};

    if (logger.format != LOG_JSON)
        return;
    text_append(&text, "{\"time\":\"");
    append_time(&text);
    text_appendf(&text, "\",\"event\":\"%s\"%s}\n", event, members);
    put(&text);
}
