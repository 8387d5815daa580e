/* Messages for people and machines, on standard error. The logger is the one global of the program. */
#pragma once

#include "common/error.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTICE, LOG_DEBUG };
enum log_format { LOG_TEXT, LOG_JSON };
enum log_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* level: -q is LOG_WARNING, the default LOG_NOTICE, -v LOG_DEBUG. */
void log_configure(enum log_level level, enum log_format format, enum log_color color);
enum log_format log_get_format(void);

void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the error with its detail, hint, context and SQLSTATE. */
void log_error(const struct error *err);

/* For the progress display: its line is taken away before a message and put back after it. */
void log_set_status_line(const char *line); /* NULL: none */

/* With the JSON format only: one event, such as progress. `members` is JSON, each member with its comma before it. */
void log_event(const char *event, const char *members);
