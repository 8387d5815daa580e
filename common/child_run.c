/* Runs one of PostgreSQL's programs to its end, and takes what it says. */
#include "common/child_run.h"

#include "common/interrupt.h"
#include "common/log.h"
#include "common/memory.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    OUTPUT_MOST = 1 << 30, /* bytes of standard output */
    ERRORS_MOST = 1 << 16  /* bytes of standard error that are kept */
};

static bool collect(struct child *child, const char *program, struct text *output, struct text *errors,
                    struct error *err)
{
    while (child->output >= 0 || child->errors >= 0) {
        struct pollfd waits[] = {{child->output, POLLIN, 0}, {child->errors, POLLIN, 0}, {interrupt_fd(), POLLIN, 0}};
        if (poll(waits, array_length(waits), -1) < 0 && errno != EINTR)
            return error_set(err, ERROR_INTERNAL, "waiting for %s failed: %s", program, strerror(errno));
        if (!interrupt_check(err))
            return false;
        if (waits[0].revents != 0 && !child_take_bytes(&child->output, output, OUTPUT_MOST))
            return error_set(err, ERROR_ARCHIVE, "%s writes more than %d bytes", program, OUTPUT_MOST);
        /* What is too much to keep is read all the same, so that the child does not wait for a reader. */
        if (waits[1].revents != 0 && !child_take_bytes(&child->errors, errors, ERRORS_MOST))
            text_append_char(errors, '\n');
    }
    return true;
}

/* Without the line end, and short enough for a message. */
static void trim(struct text *errors)
{
    while (errors->length > 0 && isspace((unsigned char)errors->data[errors->length - 1]))
        errors->data[--errors->length] = '\0';
}

bool child_run(const struct strings *arguments, const struct strings *environment, struct text *output,
               struct error *err)
{
    cleanup(child_end) struct child child = {.input = -1, .output = -1, .errors = -1};
    cleanup(text_free) struct text errors = {0};
    const char *program = arguments->items[0];
    int status = 0;

    text_append(&errors, "");
    if (!child_start(&child, arguments, environment, false, err) || !collect(&child, program, output, &errors, err) ||
        !child_reap(&child, &status, err))
        return false;
    trim(&errors);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        if (errors.length > 0)
            log_warning("%s", errors.data);
        return true;
    }
    if (WIFSIGNALED(status))
        error_set(err, ERROR_CONNECTION, "%s was ended by signal %d", program, WTERMSIG(status));
    else
        error_set(err, ERROR_CONNECTION, "%s failed with exit status %d", program, WEXITSTATUS(status));
    return errors.length > 0 ? error_detail(err, "%s", errors.data) : false;
}

/* "pg_dump (PostgreSQL) 15.18 (Debian …)": the first word that begins with a digit. */
static long major_version(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (*at == ' ' && isdigit((unsigned char)at[1]))
            return strtol(at + 1, NULL, 10);
    return 0;
}

bool child_version(const char *program, const char *name, long *version, struct error *err)
{
    cleanup(strings_free) struct strings arguments = {0}, environment = {0};
    cleanup(text_free) struct text output = {0};

    text_append(&output, "");
    for (char **variable = environ; *variable != NULL; variable++)
        strings_add(&environment, copy_string(*variable));
    strings_add(&arguments, copy_string(program));
    strings_add(&arguments, copy_string("--version"));
    if (!child_run(&arguments, &environment, &output, err))
        return error_context(err, "asking %s for its version", program);
    *version = strncmp(output.data, name, strlen(name)) == 0 ? major_version(output.data) : 0;
    return *version > 0 || error_set(err, ERROR_USAGE, "%s does not say its version: it is no %s", program, name);
}
